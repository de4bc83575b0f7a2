/** Each class is this much wider than the one below: a quantile is right to 5 %. */
const growth = Math.log(1.1)

/**
 * Estimates quantiles of durations in constant memory.
 *
 * @category models
 * @since 0.1.0
 */
export class Quantiles {
  count = 0
  private readonly classes = new Map<number, number>()
  private largest = 0

  /** @param millis at least a microsecond is assumed */
  add(millis: number): void {
    const index = Math.round(Math.log(Math.max(millis, 0.001)) / growth)
    this.classes.set(index, (this.classes.get(index) ?? 0) + 1)
    this.largest = Math.max(this.largest, millis)
    this.count++
  }

  /** The duration in milliseconds below which a `share` (0 to 1) of all durations lies; 0 if there are none. */
  at(share: number): number {
    let left = Math.ceil(share * this.count)
    for (const [index, count] of [...this.classes].sort(([a], [b]) => a - b)) {
      left -= count
      if (left <= 0) return Math.min(Math.exp(index * growth), this.largest)
    }
    return this.largest
  }
}
