import type { LiveSpan } from "./LiveSpan.ts"

/** Slowest spans beyond the budget that are exported all the same. */
const maxSlowest = 100

const durationOf = (span: LiveSpan): bigint => span.endTime - span.startTime

/**
 * Says which spans of a very large trace are exported, so that it stays one a backend can take and a person can read.
 *
 * **Details**
 *
 * Up to the budget all are. Beyond it those with an error are, those with children (the structure; up to as many again), and the
 * hundred slowest. The others are counted on their parents: `span.budget.dropped_children` (int) and
 * `span.budget.dropped_duration_ms` (double, milliseconds, their sum).
 *
 * @category models
 * @since 0.1.0
 */
export class SpanBudget {
  private readonly budget: number
  private count = 0
  private structure = 0
  // The slowest so far, in no order; the fastest of them is the next to go.
  private slowest: Array<LiveSpan> = []

  constructor(budget: number) {
    this.budget = budget
  }

  /** Whether the span is within the budget, or worth exporting beyond it. */
  admits(span: LiveSpan): boolean {
    if (this.count < this.budget) {
      this.count++
      return true
    }
    if (span.statusCode === "error") return true
    if (!span.hasChildren || this.structure >= this.budget) return false
    this.structure++
    return true
  }

  /** Keeps a span that was not admitted as one of the slowest; gives back the span that has to go for it, often itself. */
  keepIfSlow(span: LiveSpan): LiveSpan | undefined {
    if (this.slowest.length < maxSlowest) {
      this.slowest.push(span)
      return undefined
    }
    let fastest = 0
    for (let i = 1; i < this.slowest.length; i++) {
      if (durationOf(this.slowest[i]!) < durationOf(this.slowest[fastest]!)) fastest = i
    }
    const gone = this.slowest[fastest]!
    if (durationOf(gone) >= durationOf(span)) return span
    this.slowest[fastest] = span
    return gone
  }

  /** Hands over the slowest: the trace is complete. */
  takeSlowest(): ReadonlyArray<LiveSpan> {
    const taken = this.slowest
    this.slowest = []
    return taken
  }
}

/** Counts a span that is not exported on the span above it, as far as that still runs. */
export const countOnParent = (span: LiveSpan): void => {
  const parent = span.parentSpan
  if (parent === undefined || parent.ended) return
  const children = parent.attributes.get("span.budget.dropped_children")
  const duration = parent.attributes.get("span.budget.dropped_duration_ms")
  parent.attribute("span.budget.dropped_children", (typeof children === "number" ? children : 0) + 1)
  parent.attribute(
    "span.budget.dropped_duration_ms",
    (typeof duration === "number" ? duration : 0) + Number(durationOf(span)) / 1e6
  )
}
