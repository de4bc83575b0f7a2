import type { LateKeep } from "./LateKeep.ts"

/** Durations remembered per operation; the threshold follows them as they are replaced. */
const windowSize = 512
/** Durations after which the threshold is computed again, and before which there is none. */
const stride = 128
/** Operations that have a threshold of their own. */
const maxOperations = 500

class Window {
  private readonly durations = new Float64Array(windowSize)
  private count = 0
  private threshold = Infinity
  private readonly quantile: number

  constructor(quantile: number) {
    this.quantile = quantile
  }

  /** Whether a duration is beyond the quantile of those before it; remembers it. */
  isSlow(millis: number): boolean {
    const slow = millis > this.threshold
    this.durations[this.count % windowSize] = millis
    this.count++
    if (this.count % stride === 0) {
      const seen = this.durations.slice(0, Math.min(this.count, windowSize)).sort()
      this.threshold = seen[Math.min(seen.length - 1, Math.floor(seen.length * this.quantile))]!
    }
    return slow
  }
}

/**
 * Keeps traces that are slow for what they are: beyond a quantile of the durations of the same operation (the name of the first
 * span) so far.
 *
 * **Details**
 *
 * Looks at the last 512 durations of each of at most 500 operations; an operation is learned from its first 128 traces and
 * none of them is kept. Only what the sampler said no to is looked at, which is a fair sample of all.
 *
 * @param quantile between 0 and 1; default 0.99
 * @category policies
 * @since 0.1.0
 */
export const keepSlowest = (quantile: number = 0.99): LateKeep => {
  const windows = new Map<string, Window>()
  return {
    description: `slower than p${quantile * 100} of the operation`,
    reasonOf: (span, isLocalRoot) => {
      if (!isLocalRoot) return undefined
      let window = windows.get(span.name)
      if (window === undefined) {
        if (windows.size >= maxOperations) return undefined
        window = new Window(quantile)
        windows.set(span.name, window)
      }
      return window.isSlow(Number(span.endTime - span.startTime) / 1e6) ? "slow" : undefined
    }
  }
}
