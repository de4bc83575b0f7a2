import type { EndedSpanFields } from "../model/index.ts"
import { DurationHistogram } from "./DurationHistogram.ts"
import type { OperationOverview } from "./schemas.ts"
import { isoTime } from "./time.ts"

/** Kinds of error told apart for one operation; the others are counted together. */
const maxErrorTypes = 10

const otherErrors = "_OTHER"

/** More digits than these nobody reads, and no quantile has. */
const rounded = (value: number): number => Number(value.toPrecision(4))

/** One part of the time that rates, quantiles and the slowest span are about. */
class Generation {
  readonly startedAt: number
  readonly durations = new DurationHistogram()
  count = 0
  slowest: OperationOverview["slowest"] = null

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }
}

/**
 * What is known of one operation: counts since the start, rate and durations over the last while.
 *
 * **Details**
 *
 * The last while is the current generation and the one before: with generations of five minutes, between five and ten minutes.
 */
export class OperationStatistics {
  readonly name: string
  readonly kind: EndedSpanFields["kind"] | "other"
  readonly host: string | undefined
  private readonly generationMillis: number
  private count = 0
  private errorCount = 0
  private readonly errors = new Map<string, number>()
  private lastFailed: OperationOverview["last_failed"] = null
  private current: Generation
  private previous: Generation | undefined = undefined

  constructor(
    name: string,
    kind: EndedSpanFields["kind"] | "other",
    host: string | undefined,
    generationMillis: number,
    now: number
  ) {
    this.name = name
    this.kind = kind
    this.host = host
    this.generationMillis = generationMillis
    this.current = new Generation(now)
  }

  /** A span of this operation has ended, at `now`, in milliseconds since the Unix epoch. */
  record(span: EndedSpanFields, durationMillis: number, now: number): void {
    this.turn(now)
    this.count++
    const { current } = this
    current.count++
    current.durations.add(durationMillis)
    if (current.slowest === null || durationMillis > current.slowest.duration_ms) {
      current.slowest = { trace_id: span.trace.hex, duration_ms: durationMillis, sampled: isSampled(span) }
    }
    if (span.statusCode === "error") this.recordError(span, now)
  }

  private recordError(span: EndedSpanFields, now: number): void {
    this.errorCount++
    const given = span.endedAttributes.get("error.type")
    const type = typeof given === "string" ? given : otherErrors
    const counted = this.errors.has(type) || this.errors.size < maxErrorTypes ? type : otherErrors
    this.errors.set(counted, (this.errors.get(counted) ?? 0) + 1)
    this.lastFailed = { trace_id: span.trace.hex, error_type: type, time: isoTime(now), sampled: isSampled(span) }
  }

  private turn(now: number): void {
    const age = now - this.current.startedAt
    if (age < this.generationMillis) return
    this.previous = age < 2 * this.generationMillis ? this.current : undefined
    this.current = new Generation(now)
  }

  overview(now: number): OperationOverview {
    this.turn(now)
    const generations = this.previous === undefined ? [this.current] : [this.previous, this.current]
    const windowSeconds = Math.max(0, now - (generations[0]?.startedAt ?? now)) / 1000
    const inWindow = generations.reduce((sum, generation) => sum + generation.count, 0)
    const [p50, p95, p99] = DurationHistogram.quantiles(
      generations.map(({ durations }) => durations),
      [0.5, 0.95, 0.99]
    )
    const slowest = slowestOf(generations)
    // The histogram knows a quantile to 4 %, and so it may be more than the longest.
    const millis = (quantile: number | undefined): number | null =>
      quantile === undefined ? null : rounded(Math.min(quantile, slowest?.duration_ms ?? quantile))
    return {
      name: this.name,
      kind: this.kind,
      host: this.host ?? null,
      count: this.count,
      error_count: this.errorCount,
      errors: Object.fromEntries(this.errors),
      window_seconds: windowSeconds,
      // Right after the start a fraction of a second would make any rate of a single span.
      rate_per_second: rounded(inWindow / Math.max(1, windowSeconds)),
      p50_ms: millis(p50),
      p95_ms: millis(p95),
      p99_ms: millis(p99),
      slowest: slowest && { ...slowest, duration_ms: rounded(slowest.duration_ms) },
      last_failed: this.lastFailed
    }
  }
}

const slowestOf = (generations: ReadonlyArray<Generation>): OperationOverview["slowest"] =>
  generations.reduce<OperationOverview["slowest"]>(
    (slowest, generation) =>
      slowest === null || (generation.slowest !== null && generation.slowest.duration_ms > slowest.duration_ms)
        ? generation.slowest
        : slowest,
    null
  )

const isSampled = (span: EndedSpanFields): boolean => (span.traceFlags & 1) === 1
