import type { LocalTrace } from "./LocalTrace.ts"

/**
 * The traces that record although the sampler said no, until it is known whether they are kept after all.
 *
 * **Details**
 *
 * Bounded in traces and in ended spans: beyond a bound the oldest trace is let go. What it held is then counted as
 * sampled out, which is what the sampler had decided in the first place.
 *
 * @category models
 * @since 0.1.0
 */
export class HeldTraces {
  readonly maxTraces: number
  readonly maxSpans: number
  private readonly traces = new Set<LocalTrace>()
  private spanCount = 0
  private evictedCount = 0

  constructor(maxTraces: number, maxSpans: number) {
    this.maxTraces = maxTraces
    this.maxSpans = maxSpans
  }

  /** Ended spans held now. */
  get spans(): number {
    return this.spanCount
  }

  /** Traces held now. */
  get size(): number {
    return this.traces.size
  }

  /** Traces let go because a bound was reached. */
  get evicted(): number {
    return this.evictedCount
  }

  add(trace: LocalTrace): void {
    this.traces.add(trace)
    if (this.traces.size > this.maxTraces) this.evictOldest()
  }

  /** One more ended span of a held trace. */
  spanAdded(): void {
    this.spanCount++
  }

  /** Lets the oldest traces go until the spans held are within their bound. */
  makeRoom(): void {
    while (this.spanCount > this.maxSpans) this.evictOldest()
  }

  /** A held trace was decided; its `spans` are no longer held. */
  remove(trace: LocalTrace, spans: number): void {
    this.traces.delete(trace)
    this.spanCount -= spans
  }

  private evictOldest(): void {
    const oldest = this.traces.values().next()
    if (oldest.done === true) return
    this.evictedCount++
    oldest.value.forget()
  }
}
