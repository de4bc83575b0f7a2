import { Effect } from "effect"
import type { SpanExporter } from "effect-tracing/export"
import { allExported } from "effect-tracing/export"
import type { EndedSpan } from "effect-tracing/model"
import { queue } from "../queue/queue.ts"

/** Traces under way at once, and the spans kept of each: more than is ever shown. */
const openTraces = 200
const keptSpans = 1_000

/**
 * A trace worth showing.
 *
 * @category models
 * @since 0.1.0
 */
export type Story =
  | { readonly _tag: "submitted"; readonly spans: ReadonlyArray<EndedSpan> }
  | {
    readonly _tag: "attempted"
    readonly root: EndedSpan
    readonly spans: ReadonlyArray<EndedSpan>
    /** The posts and pages have a trace each, linked to the attempt's. */
    readonly items: number
    readonly slowest: ReadonlyArray<EndedSpan>
  }

interface Items {
  count: number
  slowest: { readonly durationMillis: number; readonly spans: ReadonlyArray<EndedSpan> }
}

/** A map that forgets what was put in first. */
const remember = <A>(map: Map<string, A>, key: string, value: A): void => {
  map.set(key, value)
  if (map.size <= openTraces) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

/**
 * Looks on as spans are exported and tells the story of each job: the request that submitted it, and each attempt at it, once they
 * have ended. Its memory is bounded.
 *
 * @category models
 * @since 0.1.0
 */
export class JobTraces implements SpanExporter {
  readonly name = "the console of this example"
  readonly shutdown: Effect.Effect<void> = Effect.void
  private readonly tell: (story: Story) => Effect.Effect<void>
  private readonly open = new Map<string, Array<EndedSpan>>()
  /** Of each attempt that is under way, by its trace. */
  private readonly items = new Map<string, Items>()

  constructor(tell: (story: Story) => Effect.Effect<void>) {
    this.tell = tell
  }

  readonly export: SpanExporter["export"] = (spans) =>
    Effect.suspend(() => {
      for (const span of spans) {
        const trace = this.open.get(span.traceId) ?? []
        if (trace.length < keptSpans) trace.push(span)
        remember(this.open, span.traceId, trace)
      }
      // A batch may have a root before its last children.
      const stories = spans.flatMap((span) => !span.hasParent || this.isContinued(span) ? this.close(span) : [])
      return Effect.as(Effect.forEach(stories, this.tell, { discard: true }), allExported)
    })

  /** Whether it is the request of a client that traces as well: its root is not here, and the trace is never told to be complete. */
  private isContinued(span: EndedSpan): boolean {
    return span.parentIsRemote && span.attributes.get("http.route") === "/jobs"
  }

  /** What there is to tell now that a trace has ended. */
  private close(root: EndedSpan): ReadonlyArray<Story> {
    const spans = this.open.get(root.traceId) ?? []
    this.open.delete(root.traceId)
    const run = root.attributes.get("work.run.trace_id")
    if (typeof run === "string") this.addItem(run, root, spans)
    if (spans.some((span) => span.name === `send ${queue.destination}`)) return [{ _tag: "submitted", spans }]
    if (root.name !== `process ${queue.destination}`) return []
    const items = this.items.get(root.traceId)
    this.items.delete(root.traceId)
    return [{ _tag: "attempted", root, spans, items: items?.count ?? 0, slowest: items?.slowest.spans ?? [] }]
  }

  private addItem(run: string, root: EndedSpan, spans: ReadonlyArray<EndedSpan>): void {
    const trace = { durationMillis: root.durationMillis, spans }
    const known = this.items.get(run)
    if (known === undefined) return remember(this.items, run, { count: 1, slowest: trace })
    known.count++
    if (trace.durationMillis > known.slowest.durationMillis) known.slowest = trace
  }
}
