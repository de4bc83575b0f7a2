import { Clock, ConfigProvider, Console, Effect, Exit, Layer, Option } from "effect"
import { Trace, Tracing } from "effect-tracing"
import { CannotRun, ItemsFailed } from "./errors.ts"
import { scrape } from "./pipeline/run.ts"
import { Tally } from "./pipeline/Tally.ts"
import { places } from "./places.ts"
import { RunSpans } from "./report/RunSpans.ts"
import { report } from "./report/summary.ts"
import { Terminal } from "./report/Terminal.ts"
import { services } from "./services.ts"
import * as Database from "./storage/database.ts"

/** What the command line says. */
export interface ProgramOptions {
  readonly url: Option.Option<string>
  readonly databaseUrl: Option.Option<string>
  readonly limit: Option.Option<number>
  readonly concurrency: number
  readonly json: boolean
}

/** Unless the environment names the program otherwise. */
const named = ConfigProvider.layer(
  Effect.map(
    ConfigProvider.ConfigProvider,
    (environment) =>
      ConfigProvider.orElse(environment, ConfigProvider.fromEnv({ env: { OTEL_SERVICE_NAME: "wordpress-scraper" } }))
  )
)

/** Runs once and reports, also when it is interrupted. Fails with {@link ItemsFailed} when items failed. */
const runOnce = Effect.fnUntraced(function*(options: ProgramOptions, spans: RunSpans) {
  const terminal = yield* Terminal
  const where = yield* places(options, terminal.print)
  const tally = new Tally()
  const began = yield* Clock.currentTimeMillis

  const reportOn = (exit: Exit.Exit<unknown, CannotRun>) =>
    Effect.gen(function*() {
      if (Exit.isFailure(exit) && !Exit.hasInterrupts(exit)) return
      const durationMillis = (yield* Clock.currentTimeMillis) - began
      // The report shows spans that are exported, so they have to be.
      // A collector that does not answer must not hold up the person who pressed Ctrl-C; closing the layer flushes again.
      yield* Effect.flatMap(Tracing, (tracing) => tracing.flush).pipe(
        Effect.interruptible,
        Effect.timeoutOption("2 seconds")
      )
      yield* report({
        tally,
        spans,
        durationMillis,
        interrupted: Exit.isFailure(exit),
        stored: where.fleeting
          ? "an embedded database that ends with this process; --database-url postgres://… keeps it"
          : Database.withoutPassword(new URL(where.databaseUrl))
      })
      if (Exit.isFailure(exit) || !options.json) return
      yield* Console.log(JSON.stringify({
        discovered: tally.discovered,
        scraped: tally.scraped,
        unchanged: tally.unchanged,
        gone: tally.gone,
        failed: tally.failures,
        runTraceId: spans.runTraceId,
        durationMs: durationMillis
      }))
    })

  yield* Effect.gen(function*() {
    spans.runTraceId = (yield* Effect.orDie(Trace.current)).traceId
    yield* scrape(tally, { limit: Option.getOrUndefined(options.limit), concurrency: options.concurrency }).pipe(
      Effect.provide(services(where)),
      Effect.catchTag(
        ["SqlError", "MigrationError"],
        (error) => Effect.fail(Database.cannotUse(where.databaseUrl)(error))
      )
    )
  }).pipe(
    Effect.withSpan("scrape run", {
      root: true,
      attributes: { "scraper.site": where.url, "scraper.concurrency": options.concurrency }
    }),
    Effect.onExit(reportOn)
  )
  if (tally.failures.length > 0) return yield* new ItemsFailed({ count: tally.failures.length })
}, Effect.scoped)

/**
 * The whole program: settings, tracing, what is embedded, the run and its report.
 *
 * @category constructors
 * @since 0.1.0
 */
export const program = (options: ProgramOptions): Effect.Effect<void, CannotRun | ItemsFailed> => {
  const spans = new RunSpans()
  return runOnce(options, spans).pipe(
    // Tracing is provided outside every span, so that it is closed, and everything flushed, last.
    Effect.provide(Layer.merge(
      Terminal.layer(options.json ? process.stderr : process.stdout),
      Layer.provide(Tracing.layerWith({ exporters: [spans] }), named)
    )),
    Effect.catchTag("ConfigError", (error) => Effect.fail(new CannotRun({ message: error.message })))
  )
}
