import { Effect } from "effect"
import { Tracing, TracingConfig } from "effect-tracing"
import { Waterfall } from "effect-tracing/export"
import type { EndedSpan } from "effect-tracing/model"
import type { Tally } from "../pipeline/Tally.ts"
import { duration, table } from "./format.ts"
import type { RunSpans } from "./RunSpans.ts"
import { Terminal } from "./Terminal.ts"

/** Operations in the table; a run has few more. */
const shownOperations = 10

/** Failed items that are named; the rest are in the database. */
const shownFailures = 20

/** Reasons for asking again that are named. */
const shownRetries = 5

/** What a report tells of. */
export interface ReportOptions {
  readonly tally: Tally
  readonly spans: RunSpans
  readonly durationMillis: number
  readonly interrupted: boolean
  /** Where the items were stored. */
  readonly stored: string
}

const waterfall = (spans: ReadonlyArray<EndedSpan>, maxRows: number) =>
  Effect.map(
    Terminal,
    (terminal) => Waterfall.render(spans, { width: terminal.columns, color: terminal.color, maxRows }).trimEnd()
  )

/** Draws the run's trace, and those of the items that tell most. */
const waterfalls = Effect.fnUntraced(function*(spans: RunSpans) {
  const { colors, print } = yield* Terminal
  if (spans.runSpans.length > 0) {
    yield* print(`\n${colors.bold("The run")}`)
    yield* print(yield* waterfall(spans.runSpans, 24))
  }
  for (const [index, trace] of spans.slowest.entries()) {
    if (index === 0) yield* print(`\n${colors.bold("The slowest items")}`)
    else yield* print("")
    yield* print(yield* waterfall(trace.spans, 16))
  }
  for (const [index, trace] of spans.failed.entries()) {
    if (index === 0) yield* print(`\n${colors.bold("Failed items")}`)
    else yield* print("")
    yield* print(yield* waterfall(trace.spans, 16))
  }
})

/** Says what the run's operations took. */
const operations = Effect.fnUntraced(function*(spans: RunSpans) {
  const { colors, print } = yield* Terminal
  const measured = spans.measured
  if (measured.length === 0) return
  const rows = measured.slice(0, shownOperations).map(({ durations, errors, name }) => [
    name,
    String(durations.count),
    duration(durations.at(0.5)),
    duration(durations.at(0.95)),
    errors === 0 ? "" : String(errors)
  ])
  const [head, ...lines] = table([["operation", "count", "p50", "p95", "errors"], ...rows])
  yield* print(`\n${colors.dim(head ?? "")}`)
  for (const line of lines) yield* print(line)
  if (measured.length > shownOperations) yield* print(colors.dim(`… ${measured.length - shownOperations} more`))
})

/** Says where the spans went. */
const destination = Effect.gen(function*() {
  const { settings } = yield* TracingConfig
  const tracing = yield* Tracing
  if (!tracing.enabled) return "tracing is off"
  const places = settings.exporters.map((exporter) =>
    exporter === "otlp" ? settings.otlp.tracesEndpoint : "the console"
  )
  return places.length > 0
    ? `exported to ${places.join(" and to ")}`
    : "no exporter configured: set TRACING_EXPORT_TO_CONSOLE=true or TRACING_OTLP_ENDPOINT=http://localhost:4318"
})

/**
 * Tells the person who watches what the run came to.
 *
 * @category constructors
 * @since 0.1.0
 */
export const report = Effect.fnUntraced(function*(options: ReportOptions) {
  const { colors, print } = yield* Terminal
  const { spans, tally } = options
  yield* waterfalls(spans)
  yield* operations(spans)

  const counted = (count: number, what: string, color: (text: string) => string) =>
    count === 0 ? [] : [color(`${count} ${what}`)]
  const outcomes = [
    ...counted(tally.scraped, "scraped", colors.green),
    ...counted(tally.unchanged, "unchanged", colors.cyan),
    ...counted(tally.gone, "gone", colors.yellow),
    ...counted(tally.failures.length, "failed", colors.red)
  ].join(", ")
  yield* print(
    `\n${colors.bold(options.interrupted ? "Interrupted" : "Done")}: ${tally.discovered} discovered` +
      `${outcomes === "" ? "" : ` = ${outcomes}`}, in ${duration(options.durationMillis)}`
  )
  if (options.interrupted && tally.discovered > tally.done) {
    yield* print(`  ${tally.discovered - tally.done} left; the next run on the same database goes on with them`)
  }
  const retries = [...spans.retries].sort(([, a], [, b]) => b - a).slice(0, shownRetries)
  if (retries.length > 0) {
    yield* print(
      `  asked again after: ${
        retries.map(([reason, times]) => `${reason}${times > 1 ? ` (${times} times)` : ""}`).join("; ")
      }`
    )
  }
  if (tally.alreadyDone > 0) yield* print(`  ${tally.alreadyDone} of the unchanged were stored before the interruption`)
  if (!options.interrupted && tally.discovered > 0 && tally.unchanged + tally.gone === tally.discovered) {
    yield* print("  nothing new: everything is stored already")
  }
  for (const gone of tally.goneExamples) yield* print(`  ${colors.yellow("gone")}   ${gone.url}  ${gone.reason}`)
  if (tally.deleted > 0) yield* print(`  ${tally.deleted} stored before and deleted on the site since: marked`)
  for (const failure of tally.failures.slice(0, shownFailures)) {
    yield* print(`  ${colors.red("failed")} ${failure.url}  ${failure.reason}`)
  }
  if (tally.failures.length > shownFailures) {
    yield* print(`  … and ${tally.failures.length - shownFailures} more, see scrape_items in the database`)
  }
  yield* print(`\nStored in    ${options.stored}`)
  yield* print(`Spans        ${spans.count}, ${yield* destination}`)
  yield* print(`Run trace    ${spans.runTraceId}`)
})
