import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import process from "node:process"
import { readVariable } from "../../config/index.ts"
import type { Resource } from "../../model/index.ts"
import { clockFor } from "../backgroundClock.ts"
import type { ExportOutcome, SpanExporter } from "../SpanExporter.ts"
import { allExported, ExportError } from "../SpanExporter.ts"
import { untraced } from "../untraced.ts"
import type { ConsoleStream } from "./ConsoleStream.ts"
import { safeWriter } from "./ConsoleStream.ts"
import { drawTrace } from "./drawTrace.ts"
import type { ReleasedTrace } from "./HeldTraces.ts"
import { HeldTraces } from "./HeldTraces.ts"
import { jsonLine } from "./jsonLine.ts"

/**
 * What a console exporter is made from.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConsoleExporterOptions {
  /**
   * `waterfall`: each trace as a tree on a time axis, once it is done. `json`: each span as a line of JSON, at once
   * (`TRACING_CONSOLE_FORMAT`).
   */
  readonly format: "waterfall" | "json"
  readonly resource: Resource
  /**
   * Whether waterfalls are coloured. By default: not if `NO_COLOR` is set; else if `FORCE_COLOR` is set, unless to `0`
   * or `false`; else if the stream is a terminal that is not `TERM=dumb`.
   */
  readonly color?: boolean | undefined
  /** Columns of a waterfall; by default those of the terminal, at most 160, and 100 where there is none. */
  readonly width?: number | undefined
  /** Lines of each waterfall, those of errors not counted; default 40. */
  readonly maxRows?: number | undefined
  /** Default `process.stderr`, so that what the program prints can be piped on. */
  readonly stream?: ConsoleStream | undefined
  /** Traces held until they are done; default 1,000. Beyond, the oldest is printed as it is. */
  readonly maxTraces?: number | undefined
  /** Spans held, of all traces together; default 20,000. Beyond, the oldest trace is printed as it is. */
  readonly maxSpans?: number | undefined
}

const defaultWidth = 100
const widestTerminal = 160
const defaultMaxRows = 40
/** Well above what a waterfall shows of a trace, and few enough to condense in a few milliseconds. */
const condenseFrom = 2000
const patienceMillis = 1000

const wantsColor = Effect.fnUntraced(function*(stream: ConsoleStream): Effect.fn.Return<boolean> {
  if ((yield* readVariable("NO_COLOR")) !== undefined) return false
  const forced = yield* readVariable("FORCE_COLOR")
  if (forced !== undefined) return forced !== "0" && forced !== "false"
  return stream.isTTY === true && (yield* readVariable("TERM")) !== "dumb"
})

const closed = (cause: unknown): ExportError =>
  new ExportError({
    reason: "closed",
    message: `The console exporter could not write: ${
      cause instanceof Error ? cause.message : String(cause)
    }. Is the reader of the output gone?`,
    retryable: false,
    retryAfterMillis: undefined,
    cause
  })

/** One write for all there is to print; fails where it could not be written. */
const print = (write: (text: string) => unknown, text: () => string): Effect.Effect<ExportOutcome, ExportError> =>
  Effect.suspend(() => {
    const whole = text()
    const error = whole === "" ? undefined : write(whole)
    return error === undefined ? Effect.succeed(allExported) : Effect.fail(closed(error))
  })

const makeJson = (
  write: (text: string) => unknown,
  serviceName: string | undefined
): SpanExporter => ({
  name: "console json",
  export: (spans) => print(write, () => spans.map((span) => `${jsonLine(span, serviceName)}\n`).join("")),
  shutdown: Effect.void
})

const makeWaterfall = Effect.fnUntraced(function*(
  options: ConsoleExporterOptions,
  stream: ConsoleStream,
  write: (text: string) => unknown,
  service: string | undefined
): Effect.fn.Return<SpanExporter, never, Scope.Scope> {
  const color = options.color ?? (yield* wantsColor(stream))
  const clock = clockFor(yield* Clock.Clock)
  const held = new HeldTraces({
    maxTraces: options.maxTraces ?? 1000,
    maxSpans: options.maxSpans ?? 20_000,
    condenseFrom,
    patienceMillis
  })

  const widthNow = (): number => {
    if (options.width !== undefined) return options.width
    const { columns } = stream
    return columns === undefined || !(columns > 0) ? defaultWidth : Math.min(columns, widestTerminal)
  }

  const draw = (traces: ReadonlyArray<ReleasedTrace>): string =>
    traces.map((trace) =>
      drawTrace(trace, {
        width: widthNow(),
        color,
        maxRows: options.maxRows ?? defaultMaxRows,
        service,
        note: trace.note
      }) + "\n\n"
    ).join("")

  const printRipe = Effect.ignore(print(write, () => draw(held.ripe(clock.currentTimeMillisUnsafe()))))
  const printAll = Effect.ignore(print(write, () => draw(held.drain())))

  yield* Effect.addFinalizer(() => printAll)
  yield* Effect.sleep(patienceMillis).pipe(
    Effect.andThen(printRipe),
    Effect.forever,
    Effect.provideService(Clock.Clock, clock),
    untraced,
    Effect.forkScoped
  )

  return {
    name: "console waterfall",
    export: (spans) => print(write, () => draw(held.add(spans, clock.currentTimeMillisUnsafe()))),
    shutdown: printAll
  }
})

/**
 * Makes an exporter that prints traces for people (`waterfall`) or for programs (`json`).
 *
 * **Details**
 *
 * A waterfall is printed when its trace's root has ended; spans that come later are printed as `continued`, what is left at
 * shutdown as `incomplete`, each span once. A trace whose root has a parent in another process is printed when it was
 * quiet for a second. Memory is bounded: of a large trace only its structure, its errors and its slowest spans are held
 * one by one, the others as counts.
 *
 * The exporter fails with `ExportError` (`closed`) where the stream does not take the text. A stream that throws or is
 * closed does not break the program.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function*(
  options: ConsoleExporterOptions
): Effect.fn.Return<SpanExporter, never, Scope.Scope> {
  const stream = options.stream ?? process.stderr
  const write = safeWriter(stream)
  const name = options.resource.attributes.get("service.name")
  const service = typeof name === "string" ? name : undefined
  return options.format === "json" ? makeJson(write, service) : yield* makeWaterfall(options, stream, write, service)
})
