import { Effect, Layer, Logger, Option } from "effect"
import { HttpServer } from "effect/http"
import { NetAddress } from "effect/net"
import { embeddedPostgres } from "../wordpress-scraper/embedded/postgres.ts"
import { CannotRun } from "../wordpress-scraper/errors.ts"
import { Fetcher } from "../wordpress-scraper/network/Fetcher.ts"
import { Politeness } from "../wordpress-scraper/network/Politeness.ts"
import { Terminal } from "../wordpress-scraper/report/Terminal.ts"
import { serve } from "../wordpress-scraper/site/index.ts"
import * as Database from "../wordpress-scraper/storage/database.ts"
import { server } from "./api/server.ts"
import { bannerText } from "./report/banner.ts"
import { JobTraces } from "./report/JobTraces.ts"
import { storyText } from "./report/story.ts"
import { storage } from "./storage.ts"
import { destination, tracing } from "./tracing.ts"
import { workers } from "./worker/workers.ts"
import type { WorkersOptions } from "./worker/workers.ts"

/** What the command line says. */
export interface ServiceOptions extends WorkersOptions {
  readonly port: number
  readonly databaseUrl: Option.Option<string>
}

/** The same for a process that only works. */
export interface WorkerOptions extends WorkersOptions {
  readonly databaseUrl: string
}

/** Shared by all jobs of the process: two jobs of one host must not ask it twice as often. */
const network = Layer.provideMerge(Fetcher.layer, Politeness.layer)

/** Log lines go to stderr, one line each, with trace, span and correlation ids. */
const logging = Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])

const embeddedFailed = (what: string) => (error: { readonly message: string }): CannotRun =>
  new CannotRun({ message: `The embedded ${what} did not start: ${error.message}` })

const isInUse = (cause: unknown): boolean => cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE"

/** Provides what both kinds of process have: tracing, outside of everything else, and a place to write. */
const withTracing = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const terminal = yield* Terminal
    const traces = new JobTraces((story) => terminal.print(storyText(story, terminal)))
    return yield* Effect.provide(self, Layer.provide(tracing(traces), logging))
  }).pipe(
    Effect.provide(Layer.merge(Terminal.layer(process.stdout), logging))
  )

/**
 * Runs the service: API and workers, with what is embedded, until it is interrupted.
 *
 * @category constructors
 * @since 0.1.0
 */
export const service = (options: ServiceOptions) =>
  Effect.gen(function*() {
    const terminal = yield* Terminal
    yield* terminal.print("Starting …")
    const site = yield* Effect.mapError(serve(), embeddedFailed("site"))
    const databaseUrl = Option.isSome(options.databaseUrl)
      ? options.databaseUrl.value
      : (yield* Effect.mapError(embeddedPostgres, embeddedFailed("database"))).url
    yield* Effect.gen(function*() {
      const { address } = yield* HttpServer.HttpServer
      yield* terminal.print(bannerText({
        url: NetAddress.formatUrlUnsafe(address),
        siteUrl: site.url,
        databaseUrl: Database.withoutPassword(new URL(databaseUrl)),
        fleeting: Option.isNone(options.databaseUrl),
        workers: options.workers,
        spans: yield* destination
      }, terminal))
      yield* options.workers === 0 ? Effect.never : workers(options)
    }).pipe(
      Effect.provide(Layer.mergeAll(server(options.port), network).pipe(Layer.provideMerge(storage(databaseUrl)))),
      Effect.catchTag("ServeError", (error) =>
        Effect.fail(
          new CannotRun({
            message: isInUse(error.cause)
              ? `Port ${options.port} is taken by another program. Choose one with --port, 0 for any that is free.`
              : `Cannot listen on port ${options.port}: ${String(error.cause)}.`
          })
        )),
      Effect.catchTag(
        ["SqlError", "MigrationError"],
        (error) => Effect.fail(Database.cannotUse(databaseUrl)(error))
      )
    )
  }).pipe(Effect.scoped, withTracing)

/**
 * Runs workers alone, on the queue of a service elsewhere, until they are interrupted.
 *
 * @category constructors
 * @since 0.1.0
 */
export const worker = (options: WorkerOptions) =>
  Effect.gen(function*() {
    const { print } = yield* Terminal
    const who = options.workers === 1 ? "One worker" : `${options.workers} workers`
    const database = Database.withoutPassword(new URL(options.databaseUrl))
    yield* print(`${who} on ${database}; spans are ${yield* destination}`)
    yield* workers(options)
  }).pipe(
    // The layer refuses what is no URL of a database.
    Effect.provide(Layer.merge(network, storage(options.databaseUrl))),
    Effect.catchTag(
      ["SqlError", "MigrationError"],
      (error) => Effect.fail(Database.cannotUse(options.databaseUrl)(error))
    ),
    withTracing
  )
