import type { Carrier, Setter } from "./Carrier.ts"
import type { Extracted, PropagatedContext } from "./PropagatedContext.ts"
import { nothingExtracted, randomFlag, sampledFlag } from "./PropagatedContext.ts"
import type { Propagator } from "./Propagator.ts"
import * as TraceState from "./TraceState.ts"

const knownFlags = sampledFlag | randomFlag

// Version, trace id, parent id, flags: 55 characters. What may follow is the business of versions to come.
const traceparentPattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/
const traceparentLength = 55
const noTraceId = "0".repeat(32)
const noSpanId = "0".repeat(16)

// Far above what any version could need: nothing longer is looked at.
const maxTraceparentLength = 1024

// Optional white space of RFC 9110 is space and tab; `trim` would also take off line breaks and Unicode spaces.
const trimOws = (text: string): string => {
  let start = 0
  let end = text.length
  const isOws = (code: number): boolean => code === 0x20 || code === 0x09
  while (start < end && isOws(text.charCodeAt(start))) start++
  while (end > start && isOws(text.charCodeAt(end - 1))) end--
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

/**
 * Reads the value of one `traceparent` header; `undefined` where W3C Trace Context level 2 asks for a new trace.
 *
 * **Details**
 *
 * Version 00 is exactly 55 characters. Versions 01 to fe are read by the fields they share with 00, and may go on after
 * one more dash; ff is refused. Flags other than sampled and random are cleared, as the specification asks. Hexadecimal
 * digits are lower-case, ids are not all zero. White space around the value is no part of it.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parseTraceparent = (
  value: string
): Pick<PropagatedContext, "traceId" | "spanId" | "traceFlags"> | undefined => {
  if (value.length > maxTraceparentLength) return undefined
  const text = trimOws(value)
  if (!traceparentPattern.test(text) || text.startsWith("ff")) return undefined
  if (text.startsWith("00") && text.length !== traceparentLength) return undefined
  const traceId = text.slice(3, 35)
  const spanId = text.slice(36, 52)
  if (traceId === noTraceId || spanId === noSpanId) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(text.slice(53, 55), 16) & knownFlags }
}

/**
 * Writes a `traceparent` of version 00: ids as they are, flags sampled and random.
 *
 * @category encoding
 * @since 0.1.0
 */
export const formatTraceparent = (
  context: Pick<PropagatedContext, "traceId" | "spanId" | "traceFlags">
): string => `00-${context.traceId}-${context.spanId}-0${context.traceFlags & knownFlags}`

const extract = (carrier: Carrier): Extracted => {
  const parents = carrier.values("traceparent")
  // Which of two is right nobody can know.
  if (parents.length !== 1) return nothingExtracted
  const parent = parseTraceparent(parents[0]!)
  if (parent === undefined) return nothingExtracted
  const traceState = TraceState.parse(carrier.values("tracestate"))
  return { context: { ...parent, traceState, isRemote: true }, baggage: undefined, decision: undefined }
}

const inject = (context: PropagatedContext, set: Setter): void => {
  set("traceparent", formatTraceparent(context))
  if (context.traceState !== undefined && context.traceState !== "") set("tracestate", context.traceState)
}

/**
 * Carries trace context in `traceparent` and `tracestate`.
 *
 * Source: W3C Trace Context level 2.
 *
 * **Details**
 *
 * A request with more than one `traceparent` starts a new trace. `tracestate` is read only beside a valid `traceparent`, and
 * a broken `tracestate` is dropped alone.
 *
 * @category propagators
 * @since 0.1.0
 */
export const propagator: Propagator = {
  name: "tracecontext",
  fields: ["traceparent", "tracestate"],
  extract,
  inject
}
