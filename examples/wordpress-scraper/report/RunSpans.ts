import { Effect } from "effect"
import type { SpanExporter } from "effect-tracing/export"
import { allExported } from "effect-tracing/export"
import type { EndedSpan } from "effect-tracing/model"
import { ATTR_SCRAPER_RETRY_REASON, EVENT_SCRAPER_RETRY } from "effect-tracing/scraper"
import { Quantiles } from "./Quantiles.ts"

/** So many item traces are kept to be shown, the slowest; and as many that failed. */
const keptTraces = 3

/** Of the run's own trace, so many spans are kept to be shown. */
const keptRunSpans = 5_000

/** Items that are under way, and stragglers of those that are done: more than any concurrency needs. */
const openTraces = 1_000

/** Names told apart; a program that puts ids into names has endlessly many. */
const keptOperations = 200

/**
 * What is known of all spans of one name.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operation {
  readonly name: string
  readonly durations: Quantiles
  errors: number
}

interface KeptTrace {
  readonly durationMillis: number
  readonly spans: Array<EndedSpan>
}

/**
 * Looks on as spans are exported and keeps of them what the report shows. Its memory does not grow with the run: all it
 * keeps whole is the run's own trace and a few item traces.
 *
 * @category models
 * @since 0.1.0
 */
export class RunSpans implements SpanExporter {
  readonly name = "the report of this run"
  /** The run's trace, known once the run has begun. */
  runTraceId = ""
  count = 0
  /** Why requests were made again, and how often. */
  readonly retries = new Map<string, number>()
  readonly runSpans: Array<EndedSpan> = []
  slowest: ReadonlyArray<KeptTrace> = []
  readonly failed: Array<KeptTrace> = []
  private readonly operations = new Map<string, Operation>()
  private readonly open = new Map<string, Array<EndedSpan>>()

  readonly shutdown: Effect.Effect<void> = Effect.void

  readonly export: SpanExporter["export"] = (spans) =>
    Effect.sync(() => {
      for (const span of spans) this.add(span)
      return allExported
    })

  private add(span: EndedSpan): void {
    this.count++
    this.measure(span)
    for (const event of span.events) {
      if (event.name !== EVENT_SCRAPER_RETRY) continue
      const reason = String(event.attributes?.get(ATTR_SCRAPER_RETRY_REASON))
      if (this.retries.has(reason) || this.retries.size < keptOperations) {
        this.retries.set(reason, (this.retries.get(reason) ?? 0) + 1)
      }
    }
    if (span.traceId === this.runTraceId) {
      if (this.runSpans.length < keptRunSpans || !span.hasParent) this.runSpans.push(span)
      return
    }
    const kept = [...this.slowest, ...this.failed].find((trace) => trace.spans[0]?.traceId === span.traceId)
    if (kept !== undefined) {
      kept.spans.push(span)
      return
    }
    const trace = this.open.get(span.traceId) ?? []
    trace.push(span)
    if (span.hasParent) this.keepOpen(span.traceId, trace)
    else this.close(span, trace)
  }

  private keepOpen(traceId: string, trace: Array<EndedSpan>): void {
    this.open.set(traceId, trace)
    if (this.open.size <= openTraces) return
    const oldest = this.open.keys().next().value
    if (oldest !== undefined) this.open.delete(oldest)
  }

  private close(root: EndedSpan, spans: Array<EndedSpan>): void {
    this.open.delete(root.traceId)
    if (!root.name.startsWith("scrape_")) return
    const trace: KeptTrace = { durationMillis: root.durationMillis, spans }
    if (root.statusCode === "error") {
      if (this.failed.length < keptTraces) this.failed.push(trace)
      return
    }
    this.slowest = [...this.slowest, trace].sort((a, b) => b.durationMillis - a.durationMillis).slice(0, keptTraces)
  }

  private measure(span: EndedSpan): void {
    // What the embedded site does is another program's work, done in this process for the sake of the demo.
    if (span.kind === "server") return
    const known = this.operations.get(span.name)
    if (known === undefined && this.operations.size >= keptOperations) return
    const operation = known ?? { name: span.name, durations: new Quantiles(), errors: 0 }
    this.operations.set(span.name, operation)
    operation.durations.add(span.durationMillis)
    if (span.statusCode === "error") operation.errors++
  }

  /** Every operation of the run, the most frequent first. */
  get measured(): ReadonlyArray<Operation> {
    return [...this.operations.values()].sort((a, b) => b.durations.count - a.durations.count)
  }
}
