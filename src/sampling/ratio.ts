import type { TraceId } from "../model/index.ts"
import type { Sampler, SamplingDecision } from "./Sampler.ts"
import { drop, sample } from "./Sampler.ts"

const thresholdSpace = 2 ** 56
const lowSpace = 2 ** 32

/**
 * The rejection threshold of a rate: a 56-bit number, of which a trace is sampled if its randomness is not below.
 *
 * Source: OpenTelemetry specification, "TraceState: Probability Sampling", rejection threshold (`th`).
 *
 * @category models
 * @since 0.1.0
 */
export interface Threshold {
  /** Upper 24 bits. */
  readonly high: number
  /** Lower 32 bits. */
  readonly low: number
  /** `th` as it stands in the tracestate: up to 14 hexadecimal digits without trailing zeros; `0` for rate 1. */
  readonly text: string
}

/**
 * Computes the threshold of a rate from 0 (exclusive) to 1.
 *
 * @category constructors
 * @since 0.1.0
 */
export const thresholdOf = (rate: number): Threshold => {
  // A rate is a double with 53 significant bits: its 56-bit threshold is exact in a double as well, unless the rate is
  // smaller than 2^-3 of its precision, where rounding moves it by less than one part in 2^52.
  const threshold = Math.min(Math.round((1 - rate) * thresholdSpace), thresholdSpace - 1)
  const high = Math.floor(threshold / lowSpace)
  const low = threshold - high * lowSpace
  const digits = high.toString(16).padStart(6, "0") + low.toString(16).padStart(8, "0")
  return { high, low, text: digits.replace(/0+$/, "") || "0" }
}

/** The randomness of a trace: the least significant 56 bits of its id (W3C Trace Context level 2). */
const isAtLeast = (trace: TraceId, threshold: Threshold): boolean => {
  const high = trace.c & 0xffffff
  return high > threshold.high || (high === threshold.high && (trace.d >>> 0) >= threshold.low)
}

/**
 * Samples the given part of all traces, by their ids: services with different rates keep nested subsets.
 *
 * **Details**
 *
 * A rate below 1 goes on in the tracestate as `ot=th:…`, so that a backend can count what the kept traces stand for.
 *
 * @param rate from 0 to 1; 0 samples nothing, 1 everything
 * @category samplers
 * @since 0.1.0
 */
export const ratio = (rate: number): Sampler => {
  const threshold = thresholdOf(rate)
  const sampled: SamplingDecision = { decision: "sample", traceState: `ot=th:${threshold.text}` }
  return {
    description: `TraceIdRatio{${rate}}`,
    scope: "trace",
    readsAttributes: false,
    decide: rate <= 0
      ? () => drop
      : rate >= 1
      ? () => sample
      : (input) => isAtLeast(input.trace, threshold) ? sampled : drop
  }
}
