import * as Clock from "effect/Clock"
import type { Sampler } from "./Sampler.ts"
import { drop } from "./Sampler.ts"

const clock = Clock.Clock.defaultValue()

/**
 * Samples at most so many traces a second of those another sampler wants, so that a burst does not flood the collector.
 *
 * **Details**
 *
 * A token bucket that holds one second's worth: a burst of that many passes at once, then the rate. What is over the limit may
 * still be kept for errors and slowness.
 *
 * @param tracesPerSecond above 0
 * @param inner asked first: what it drops costs no token
 * @category samplers
 * @since 0.1.0
 */
export const rateLimit = (
  tracesPerSecond: number,
  inner: Sampler,
  nowNanos: () => bigint = () => clock.monotonicTimeNanosUnsafe()
): Sampler => {
  const capacity = Math.max(1, tracesPerSecond)
  let tokens = capacity
  let last = nowNanos()
  return {
    ...inner,
    description: `RateLimit{${tracesPerSecond}/s, ${inner.description}}`,
    decide: (input) => {
      const decision = inner.decide(input)
      // A trace that is already sampled elsewhere is not this service's to cut short.
      if (decision.decision !== "sample" || input.parent !== undefined) return decision
      const now = nowNanos()
      tokens = Math.min(capacity, tokens + Number(now - last) * tracesPerSecond / 1e9)
      last = now
      if (tokens < 1) return drop
      tokens--
      return decision
    }
  }
}
