import type { TracingSettings } from "../config/index.ts"
import type { Ledger, Warnings } from "../ledger/index.ts"
import { estimateBytes } from "../model/index.ts"
import type { LateKeep } from "../sampling/index.ts"
import type { LiveSpan } from "./LiveSpan.ts"
import type { LocalTrace } from "./LocalTrace.ts"
import { SizeClasses } from "./SizeClasses.ts"

/**
 * What a trace that is not decided holds: its ended spans, and the policy that may keep it.
 *
 * @category models
 * @since 0.1.0
 */
export class HeldTrace {
  readonly trace: LocalTrace
  /** The one of when it began: changing what is kept late changes nothing for a trace that waits already. */
  readonly lateKeep: LateKeep
  /** Milliseconds of the store's clock. */
  readonly since: number
  spans: Array<LiveSpan> = []
  /** What the spans take, as estimated. */
  bytes = 0
  /** Whether spans of other traces link to it. */
  isLinkedTo: boolean
  /** Neighbours by age, which the store alone writes. */
  older: HeldTrace | undefined = undefined
  newer: HeldTrace | undefined = undefined

  constructor(trace: LocalTrace, lateKeep: LateKeep, since: number, isLinkedTo: boolean) {
    this.trace = trace
    this.lateKeep = lateKeep
    this.since = since
    this.isLinkedTo = isLinkedTo
  }
}

/**
 * The traces that record although the sampler said no, until it is known whether they are kept after all.
 *
 * **Details**
 *
 * Bounded four ways. Beyond the spans or bytes, the largest trace is let go (to within a factor of two), since that makes room at
 * the price of one trace; those that other traces link to, such as the run of many work items, only when nothing else is left.
 * Beyond the number of traces, a new one is not held: if older ones made room for it, a steady overload would let every trace go
 * before it ends. Beyond the age, the oldest are let go. The ledger counts what is let go as sampled out, which is what
 * the sampler had decided in the first place, and among those as evicted.
 *
 * @category models
 * @since 0.1.0
 */
export class HeldTraces {
  readonly bounds: TracingSettings["held"]
  private readonly ledger: Ledger
  private readonly warnings: Warnings
  private readonly nowMillis: () => number
  private oldest: HeldTrace | undefined = undefined
  private newest: HeldTrace | undefined = undefined
  private traceCount = 0
  private spanCount = 0
  private byteCount = 0
  private readonly others = new SizeClasses()
  private readonly linkedTo = new SizeClasses()

  /**
   * @param nowMillis milliseconds on a clock that only goes forward
   */
  constructor(
    bounds: TracingSettings["held"],
    ledger: Ledger,
    warnings: Warnings,
    nowMillis: () => number = () => performance.now()
  ) {
    this.bounds = bounds
    this.ledger = ledger
    this.warnings = warnings
    this.nowMillis = nowMillis
  }

  /** Traces held now. */
  get size(): number {
    return this.traceCount
  }

  /** Ended spans held now. */
  get spans(): number {
    return this.spanCount
  }

  /** What these spans take, as estimated. */
  get bytes(): number {
    return this.byteCount
  }

  /** Milliseconds for which the oldest has been held; 0 where there is none. */
  get ageMillis(): number {
    return this.oldest === undefined ? 0 : this.nowMillis() - this.oldest.since
  }

  /** Holds a trace; `undefined` where there is no room for one more. */
  add(trace: LocalTrace, lateKeep: LateKeep): HeldTrace | undefined {
    const now = this.letGoOld()
    if (this.traceCount >= this.bounds.maxTraces) {
      this.ledger.evict(0)
      this.tell()
      return undefined
    }
    const held = new HeldTrace(trace, lateKeep, now, trace.isLinkedTo)
    this.traceCount++
    held.older = this.newest
    if (this.newest === undefined) this.oldest = held
    else this.newest.newer = held
    this.newest = held
    return held
  }

  /** Takes one more ended span of a held trace. May go beyond the bounds until {@link HeldTraces.makeRoom}. */
  push(held: HeldTrace, span: LiveSpan): void {
    const bytes = estimateBytes(
      span.name,
      span.endedAttributes,
      span.events,
      span.endedLinks,
      span.statusMessage
    )
    this.classesOf(held).move(held, held.bytes, held.bytes + bytes)
    held.spans.push(span)
    held.bytes += bytes
    this.spanCount++
    this.byteCount += bytes
  }

  /** Lets traces go until what is held is within the bounds. */
  makeRoom(): void {
    while (this.spanCount > this.bounds.maxSpans || this.byteCount > this.bounds.maxBytes) {
      const largest = this.others.largest ?? this.linkedTo.largest
      if (largest === undefined) return
      this.evict(largest)
    }
  }

  /** Lets go what has been held for too long; gives the time it is. */
  letGoOld(): number {
    const now = this.nowMillis()
    while (this.oldest !== undefined && now - this.oldest.since > this.bounds.maxAgeMillis) this.evict(this.oldest)
    return now
  }

  /** A span of another trace links to a held one. */
  protect(held: HeldTrace): void {
    if (held.isLinkedTo) return
    this.others.move(held, held.bytes, 0)
    held.isLinkedTo = true
    this.linkedTo.move(held, 0, held.bytes)
  }

  /** A held trace was decided, one way or the other. */
  remove(held: HeldTrace): void {
    this.classesOf(held).move(held, held.bytes, 0)
    this.traceCount--
    this.spanCount -= held.spans.length
    this.byteCount -= held.bytes
    const { newer, older } = held
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.newest = older
    else newer.older = older
  }

  private classesOf(held: HeldTrace): SizeClasses {
    return held.isLinkedTo ? this.linkedTo : this.others
  }

  private evict(held: HeldTrace): void {
    this.ledger.evict(held.spans.length)
    held.trace.forget()
    this.tell()
  }

  private tell(): void {
    this.warnings.warnAgain(
      "late keep: no room",
      "There is no room to hold all traces that may yet be kept for what happens in them: some are let go although an error " +
        "might have kept them. TRACING_HELD_TRACES, _SPANS, _BYTES and _AGE_MS make more room; so do a higher " +
        "TRACING_SAMPLING_RATE and shorter traces."
    )
  }
}
