import { SpanId } from "../model/index.ts"
import type { Carrier, Setter } from "./Carrier.ts"
import type { Extracted, PropagatedContext } from "./PropagatedContext.ts"
import { nothingExtracted, sampledFlag } from "./PropagatedContext.ts"
import type { Propagator } from "./Propagator.ts"

const singleField = "b3"
const traceIdField = "x-b3-traceid"
const spanIdField = "x-b3-spanid"
const sampledField = "x-b3-sampled"
const flagsField = "x-b3-flags"

// Trace id of 64 or 128 bits, span id, then optionally the decision and the parent's id.
const singlePattern = /^([0-9a-f]{32}|[0-9a-f]{16})-([0-9a-f]{16})(?:-([01dD])(?:-[0-9a-f]{16})?)?$/i
const traceIdPattern = /^(?:[0-9a-f]{32}|[0-9a-f]{16})$/i
const spanIdPattern = /^[0-9a-f]{16}$/i
const zeroTraceId = "0".repeat(32)
const maxLength = 128

const decisionOf = (text: string | undefined): Extracted["decision"] => {
  switch (text?.toLowerCase()) {
    case "1":
    case "true":
      return "accept"
    case "0":
    case "false":
      return "deny"
    case "d":
      return "debug"
    default:
      return undefined
  }
}

const make = (traceIdText: string, spanIdText: string, decision: Extracted["decision"]): Extracted => {
  // Spans of 64-bit systems keep their id: the missing half is zero.
  const traceId = traceIdText.toLowerCase().padStart(32, "0")
  const spanId = spanIdText.toLowerCase()
  if (traceId === zeroTraceId || !SpanId.isValid(spanId)) return nothingExtracted
  const debug = decision === "debug"
  const traceFlags = debug || decision === "accept" ? sampledFlag : 0
  const context = { traceId, spanId, traceFlags, traceState: undefined, isRemote: true, debug }
  return { context, baggage: undefined, decision: undefined }
}

/** The field's value where it came once and is not beyond measure. */
const only = (carrier: Carrier, field: string): string | undefined => {
  const values = carrier.values(field)
  return values.length === 1 && values[0]!.length <= maxLength ? values[0]!.trim() : undefined
}

const extractSingle = (carrier: Carrier): Extracted | undefined => {
  const value = only(carrier, singleField)
  if (value === undefined || value === "") return undefined
  const match = singlePattern.exec(value)
  if (match !== null) return make(match[1]!, match[2]!, decisionOf(match[3]))
  const decision = value.length === 1 ? decisionOf(value) : undefined
  return decision === undefined ? undefined : { context: undefined, baggage: undefined, decision }
}

const extractMulti = (carrier: Carrier): Extracted => {
  const decision = only(carrier, flagsField) === "1" ? "debug" : decisionOf(only(carrier, sampledField))
  const traceId = only(carrier, traceIdField)
  const spanId = only(carrier, spanIdField)
  if (traceId === undefined && spanId === undefined) {
    return decision === undefined ? nothingExtracted : { context: undefined, baggage: undefined, decision }
  }
  return traceIdPattern.test(traceId ?? "") && spanIdPattern.test(spanId ?? "")
    ? make(traceId!, spanId!, decision)
    : nothingExtracted
}

// Both forms are read whichever is written; the single header goes first.
const extract = (carrier: Carrier): Extracted => extractSingle(carrier) ?? extractMulti(carrier)

const isSampled = (context: PropagatedContext): boolean => (context.traceFlags & sampledFlag) !== 0

/**
 * Carries trace context in the one header `b3`; reads both forms of B3.
 *
 * Source: B3 propagation (OpenZipkin), and the OpenTelemetry specification, "B3 Requirements".
 *
 * **Details**
 *
 * Trace ids of 64 bits are filled up with zeros on the left. `0`, `1` and `d` may come without ids, as a decision alone. `d` is a
 * request to keep the trace whatever the rate: whether it is granted depends on who asks.
 *
 * @category propagators
 * @since 0.1.0
 */
export const single: Propagator = {
  name: "b3",
  fields: [singleField],
  extract,
  inject: (context: PropagatedContext, set: Setter): void =>
    set(singleField, `${context.traceId}-${context.spanId}-${context.debug ? "d" : isSampled(context) ? "1" : "0"}`)
}

/**
 * Carries trace context in the headers `X-B3-TraceId`, `X-B3-SpanId`, `X-B3-Sampled` and `X-B3-Flags`; reads both forms of B3.
 *
 * Source: B3 propagation (OpenZipkin), and the OpenTelemetry specification, "B3 Requirements".
 *
 * @category propagators
 * @since 0.1.0
 */
export const multi: Propagator = {
  name: "b3multi",
  fields: [traceIdField, spanIdField, sampledField, flagsField],
  extract,
  inject: (context: PropagatedContext, set: Setter): void => {
    set(traceIdField, context.traceId)
    set(spanIdField, context.spanId)
    // Debug implies sampled, and B3 asks for one of the two only.
    if (context.debug) set(flagsField, "1")
    else set(sampledField, isSampled(context) ? "1" : "0")
  }
}
