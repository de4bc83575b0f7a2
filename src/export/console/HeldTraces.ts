import type { EndedSpan } from "../../model/index.ts"
import { condense } from "./condense.ts"
import type { TraceSpans } from "./SpanTree.ts"

/**
 * How much is held, and how long.
 *
 * @category models
 * @since 0.1.0
 */
export interface HeldTracesLimits {
  /** Traces held at once. */
  readonly maxTraces: number
  /** Spans held at once, of all traces together. */
  readonly maxSpans: number
  /** From this many spans on, a trace is condensed. */
  readonly condenseFrom: number
  /** How long a trace without its very root is to be quiet until it counts as done, in milliseconds. */
  readonly patienceMillis: number
}

/**
 * A trace, or a part of one, that is to be shown now.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReleasedTrace extends TraceSpans {
  /** Why it is not the whole trace, if it is not. */
  readonly note: "incomplete" | "continued" | undefined
}

interface Held {
  trace: TraceSpans
  /** Spans that arrived since `trace` was condensed, or all of them. */
  arrived: Array<EndedSpan>
  condenseAt: number
  hasRoot: boolean
  /** Spans whose parent is in another process, or looks as if it were. */
  readonly remoteChildren: Array<EndedSpan>
  lastArrival: number
}

const nothing: TraceSpans = { spans: [], folds: new Map() }

/**
 * Gathers spans until their trace is done.
 *
 * **Details**
 *
 * A trace is done when its root has ended. A span with a remote parent ends the part of a trace that is in this process;
 * but that parent may be in this process after all (a program that calls its own server), and then ends soon after. So
 * such a trace is done when nothing of it arrived for a while and the parent did not. What arrives after that is
 * shown when it is quiet again. Beyond the limits the oldest trace is released as it is.
 *
 * @category models
 * @since 0.1.0
 */
export class HeldTraces {
  private readonly limits: HeldTracesLimits
  /** The oldest first. */
  private readonly held = new Map<string, Held>()
  /** Traces of which something was released; the oldest first, bounded. */
  private readonly released = new Set<string>()
  private spanCount = 0

  constructor(limits: HeldTracesLimits) {
    this.limits = limits
  }

  /** How many spans are held one by one. */
  get size(): number {
    return this.spanCount
  }

  /** Takes spans that have ended, and gives the traces to be shown now. */
  add(spans: ReadonlyArray<EndedSpan>, now: number): Array<ReleasedTrace> {
    const done = new Set<string>()
    const out: Array<ReleasedTrace> = []
    for (const span of spans) {
      const held = this.take(span, now)
      if (held.hasRoot) done.add(span.traceId)
      if (this.held.size > this.limits.maxTraces || this.spanCount > this.limits.maxSpans) {
        const [oldest] = this.held.keys()
        if (oldest !== undefined) this.release(oldest, out)
      }
    }
    for (const traceId of done) this.release(traceId, out)
    return out
  }

  /** Gives the traces that nothing more is to be expected of. */
  ripe(now: number): Array<ReleasedTrace> {
    const out: Array<ReleasedTrace> = []
    for (const [traceId, held] of this.held) {
      if (now - held.lastArrival < this.limits.patienceMillis) continue
      if (this.released.has(traceId) || isDone(held)) this.release(traceId, out)
    }
    return out
  }

  /** Gives all that is held. */
  drain(): Array<ReleasedTrace> {
    const out: Array<ReleasedTrace> = []
    for (const traceId of this.held.keys()) this.release(traceId, out)
    return out
  }

  private take(span: EndedSpan, now: number): Held {
    let held = this.held.get(span.traceId)
    if (held === undefined) {
      held = {
        trace: nothing,
        arrived: [],
        condenseAt: this.limits.condenseFrom,
        hasRoot: false,
        remoteChildren: [],
        lastArrival: now
      }
      this.held.set(span.traceId, held)
    }
    held.arrived.push(span)
    held.lastArrival = now
    held.hasRoot ||= !span.hasParent
    if (span.hasParent && span.parentIsRemote) held.remoteChildren.push(span)
    this.spanCount++
    if (held.trace.spans.length + held.arrived.length >= held.condenseAt) this.condense(held)
    return held
  }

  private condense(held: Held): void {
    const before = held.trace.spans.length + held.arrived.length
    held.trace = condense(joined(held))
    held.arrived = []
    const after = held.trace.spans.length
    // Not again before it has doubled: the work stays in proportion to the spans.
    held.condenseAt = Math.max(this.limits.condenseFrom, after * 2)
    this.spanCount -= before - after
  }

  private release(traceId: string, out: Array<ReleasedTrace>): void {
    const held = this.held.get(traceId)
    if (held === undefined) return
    this.held.delete(traceId)
    const trace = joined(held)
    this.spanCount -= trace.spans.length
    out.push({
      ...trace,
      note: this.released.has(traceId)
        ? "continued"
        : held.hasRoot || held.remoteChildren.length > 0
        ? undefined
        : "incomplete"
    })
    this.released.add(traceId)
    if (this.released.size <= this.limits.maxTraces) return
    for (const oldest of this.released) {
      this.released.delete(oldest)
      break
    }
  }
}

const joined = (held: Held): TraceSpans =>
  held.trace.spans.length === 0
    ? { spans: held.arrived, folds: held.trace.folds }
    : { spans: held.trace.spans.concat(held.arrived), folds: held.trace.folds }

const isDone = (held: Held): boolean => {
  if (held.remoteChildren.length === 0) return false
  const here = new Set(joined(held).spans.map((span) => span.spanId))
  return held.remoteChildren.some((span) => span.parentSpanId !== undefined && !here.has(span.parentSpanId))
}
