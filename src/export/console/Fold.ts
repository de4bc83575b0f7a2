/** Up to this many durations are kept as they are, and their percentiles are exact. */
const maxExact = 4096
/** Beyond, durations are counted in buckets 1 % wide. */
const bucketBase = Math.log(1.01)
/** How finely the time axis is told apart, at most. */
const maxBins = 512

/** Durations of any number of spans in bounded memory, for their percentiles. */
class Durations {
  private exact: Array<number> | undefined = []
  private readonly buckets = new Map<number, number>()
  private count = 0

  add(millis: number): void {
    this.count++
    if (this.exact !== undefined) {
      this.exact.push(millis)
      if (this.exact.length > maxExact) this.spill()
    } else {
      this.addToBucket(Math.ceil(Math.log(Math.max(millis, 1e-6)) / bucketBase), 1)
    }
  }

  addAll(other: Durations): void {
    if (other.exact !== undefined) {
      for (const millis of other.exact) this.add(millis)
      return
    }
    this.spill()
    this.count += other.count
    for (const [bucket, count] of other.buckets) this.addToBucket(bucket, count)
  }

  /** The nearest-rank percentile: the smallest duration that `fraction` of all do not exceed. */
  percentile(fraction: number): number {
    const rank = Math.max(1, Math.ceil(fraction * this.count))
    if (this.exact !== undefined) return this.exact.toSorted((a, b) => a - b)[rank - 1] ?? 0
    let seen = 0
    for (const [bucket, count] of [...this.buckets].sort(([a], [b]) => a - b)) {
      seen += count
      if (seen >= rank) return Math.exp((bucket - 0.5) * bucketBase)
    }
    return 0
  }

  private spill(): void {
    const exact = this.exact ?? []
    this.exact = undefined
    this.count -= exact.length
    for (const millis of exact) this.add(millis)
  }

  private addToBucket(bucket: number, count: number): void {
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + count)
  }
}

/** When any number of spans were running, in bounded memory: starts and ends counted in bins of time that widen. */
class Activity {
  private binMillis = 1 / 64
  private starts = new Map<number, number>()
  private ends = new Map<number, number>()

  add(startMillis: number, endMillis: number): void {
    this.count(this.starts, startMillis / this.binMillis, 1)
    this.count(this.ends, endMillis / this.binMillis, 1)
    while (this.starts.size > maxBins || this.ends.size > maxBins) this.widen()
  }

  addAll(other: Activity): void {
    while (this.binMillis < other.binMillis) this.widen()
    const scale = other.binMillis / this.binMillis
    for (const [bin, count] of other.starts) this.count(this.starts, bin * scale, count)
    for (const [bin, count] of other.ends) this.count(this.ends, bin * scale, count)
    while (this.starts.size > maxBins || this.ends.size > maxBins) this.widen()
  }

  /** How many spans ran in each of `cells` equal parts of the time from `from` to `to`. */
  runningIn(from: number, to: number, cells: number): Array<number> {
    const change = Array.from({ length: cells + 1 }, () => 0)
    const cellOf = (bin: number): number =>
      Math.min(cells - 1, Math.max(0, Math.floor((bin * this.binMillis - from) / (to - from) * cells)))
    for (const [bin, count] of this.starts) change[cellOf(bin)]! += count
    for (const [bin, count] of this.ends) change[cellOf(bin) + 1]! -= count
    let running = 0
    return change.slice(0, cells).map((difference) => running += difference)
  }

  private count(bins: Map<number, number>, bin: number, count: number): void {
    const whole = Math.floor(bin)
    bins.set(whole, (bins.get(whole) ?? 0) + count)
  }

  private widen(): void {
    const { starts, ends } = this
    this.binMillis *= 2
    this.starts = new Map()
    this.ends = new Map()
    for (const [bin, count] of starts) this.count(this.starts, bin / 2, count)
    for (const [bin, count] of ends) this.count(this.ends, bin / 2, count)
  }
}

/**
 * Spans with the same parent that are not shown one by one: how many, how long they took and when they ran. Takes the
 * same memory however many they are.
 *
 * @category models
 * @since 0.1.0
 */
export class Fold {
  /** The name all of them have; `undefined` where they are of several names. */
  readonly name: string | undefined
  /** How many spans are folded. */
  count = 0
  /** How many spans were below those. */
  inside = 0
  /** When the first of them started, in milliseconds since the Unix epoch. */
  startMillis = Infinity
  private readonly durations = new Durations()
  private readonly activity = new Activity()

  constructor(name: string | undefined) {
    this.name = name
  }

  /** All spans folded here, those below included. */
  get size(): number {
    return this.count + this.inside
  }

  /** Folds one span and the `inside` spans below it. */
  add(startMillis: number, durationMillis: number, inside: number): void {
    this.count++
    this.inside += inside
    this.startMillis = Math.min(this.startMillis, startMillis)
    this.durations.add(durationMillis)
    this.activity.add(startMillis, startMillis + durationMillis)
  }

  /** Folds what another fold holds. */
  addAll(other: Fold): void {
    this.count += other.count
    this.inside += other.inside
    this.startMillis = Math.min(this.startMillis, other.startMillis)
    this.durations.addAll(other.durations)
    this.activity.addAll(other.activity)
  }

  /** The nearest-rank percentile of the durations in milliseconds; exact up to 4,096 spans, within 1 % beyond. */
  percentile(fraction: number): number {
    return this.durations.percentile(fraction)
  }

  /** How many of the spans ran in each of `cells` equal parts of the time from `fromMillis` to `toMillis`. */
  runningIn(fromMillis: number, toMillis: number, cells: number): Array<number> {
    return this.activity.runningIn(fromMillis, toMillis, cells)
  }
}
