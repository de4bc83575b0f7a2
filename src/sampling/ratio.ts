import { TraceState } from "../propagation/index.ts"
import type { ParentContext, Sampler, SamplingDecision, SamplingInput } from "./Sampler.ts"
import { drop, noKinds, sample } from "./Sampler.ts"

const thresholdSpace = 2 ** 56
const lowSpace = 2 ** 32
// The largest double below 2^56: 2^56 - 1 itself would be rounded up to it.
const maxThreshold = thresholdSpace - 8

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
  const threshold = Math.min(Math.round((1 - rate) * thresholdSpace), maxThreshold)
  const high = Math.floor(threshold / lowSpace)
  const low = threshold - high * lowSpace
  const digits = high.toString(16).padStart(6, "0") + low.toString(16).padStart(8, "0")
  return { high, low, text: digits.replace(/0+$/, "") || "0" }
}

const isAtLeast = (high: number, low: number, threshold: Threshold): boolean =>
  high > threshold.high || (high === threshold.high && low >= threshold.low)

/** Reads up to 14 hexadecimal digits, which the tracestate's reader has checked. */
const parse = (digits: string): Threshold => {
  const padded = digits.padEnd(14, "0")
  return {
    high: Number.parseInt(padded.slice(0, 6), 16),
    low: Number.parseInt(padded.slice(6), 16),
    text: digits
  }
}

/** The randomness of a trace: the `rv` its first service gave it, else the least significant 56 bits of its id. */
const isSampledAt = (input: SamplingInput, threshold: Threshold): boolean => {
  const explicit = TraceState.randomness(input.parent?.traceState)
  if (explicit === undefined) return isAtLeast(input.trace.c & 0xffffff, input.trace.d >>> 0, threshold)
  const { high, low } = parse(explicit)
  return isAtLeast(high, low, threshold)
}

/** What is sampled here and was sampled before is what the stricter of both thresholds lets through. */
const stricter = (threshold: Threshold, parent: ParentContext): Threshold => {
  const text = TraceState.threshold(parent.traceState)
  const earlier = text === undefined ? undefined : parse(text)
  return earlier !== undefined && isAtLeast(earlier.high, earlier.low, threshold) ? earlier : threshold
}

/**
 * Samples the given part of all traces, by their ids: services with different rates keep nested subsets.
 *
 * **Details**
 *
 * A rate below 1 goes on in the tracestate as `ot=th:…`, so that a backend can count what the kept traces stand for.
 *
 * Source: OpenTelemetry specification, "TraceState: Probability Sampling"; W3C Trace Context level 2, "Randomness of
 * trace-id".
 *
 * @param rate from 0 to 1; 0 samples nothing, 1 everything
 * @category samplers
 * @since 0.1.0
 */
export const ratio = (rate: number): Sampler => {
  const threshold = thresholdOf(rate)
  const sampledRoot: SamplingDecision = { decision: "sample", traceState: `ot=th:${threshold.text}` }
  const decide = (input: SamplingInput): SamplingDecision => {
    if (!isSampledAt(input, threshold)) return drop
    if (input.parent === undefined) return sampledRoot
    const th = stricter(threshold, input.parent).text
    return { decision: "sample", traceState: TraceState.setThreshold(input.parent.traceState, th) }
  }
  return {
    description: `TraceIdRatio{${rate}}`,
    scope: "trace",
    readsAttributesOf: noKinds,
    decide: rate <= 0 ? () => drop : rate >= 1 ? () => sample : decide
  }
}
