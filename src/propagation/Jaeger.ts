import { SpanId } from "../model/index.ts"
import type { Baggage } from "./Baggage.ts"
import type { Carrier, Setter } from "./Carrier.ts"
import { LateBaggage } from "./LateBaggage.ts"
import { percentDecode, percentEncode } from "./percent.ts"
import type { Extracted, PropagatedContext } from "./PropagatedContext.ts"
import { sampledFlag } from "./PropagatedContext.ts"
import type { Propagator } from "./Propagator.ts"

const field = "uber-trace-id"
const baggagePrefix = "uberctx-"
const debugBit = 0x02

// Trace id, span id, parent id (deprecated), flags; ids may lack leading zeros.
const pattern = /^([0-9a-f]{1,32}):([0-9a-f]{1,16}):[0-9a-f]{0,16}:([0-9a-f]{1,2})$/i
const zeroTraceId = "0".repeat(32)
const maxLength = 256
const maxBaggageEntries = 180
const maxBaggageLength = 8192
// Servers take some 16 KiB of headers in all, and W3C baggage of 8 KiB may be among them.
const maxWrittenLength = 4096

const keyPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const isKept = (code: number): boolean => code > 0x20 && code < 0x7f && code !== 0x22 && code !== 0x2c && code !== 0x3b

const extractContext = (carrier: Carrier): PropagatedContext | undefined => {
  const values = carrier.values(field)
  if (values.length !== 1 || values[0]!.length > maxLength) return undefined
  // Some clients percent-encode the colons.
  const match = pattern.exec(percentDecode(values[0]!.trim()))
  if (match === null) return undefined
  const traceId = match[1]!.toLowerCase().padStart(32, "0")
  const spanId = match[2]!.toLowerCase().padStart(16, "0")
  if (traceId === zeroTraceId || !SpanId.isValid(spanId)) return undefined
  const flags = Number.parseInt(match[3]!, 16)
  const debug = (flags & debugBit) !== 0
  return {
    traceId,
    spanId,
    traceFlags: debug || (flags & sampledFlag) !== 0 ? sampledFlag : 0,
    traceState: undefined,
    isRemote: true,
    debug
  }
}

const extractBaggage = (carrier: Carrier): Baggage | undefined => {
  let found: Array<readonly [key: string, value: string]> | undefined
  let length = 0
  for (const name of carrier.names()) {
    if (!name.startsWith(baggagePrefix) || name.length === baggagePrefix.length) continue
    const value = carrier.values(name)[0]
    if (value === undefined) continue
    found ??= []
    length += name.length + value.length
    if (found.length === maxBaggageEntries || length > maxBaggageLength) break
    found.push([name.slice(baggagePrefix.length), value])
  }
  return found === undefined || found.length === 0 ?
    undefined :
    new LateBaggage(() =>
      new Map(found.map(([key, value]) => [key, { value: percentDecode(value), properties: undefined }]))
    )
}

const extract = (carrier: Carrier): Extracted => ({
  context: extractContext(carrier),
  baggage: extractBaggage(carrier),
  decision: undefined
})

const inject = (context: PropagatedContext, set: Setter): void => {
  const flags = context.debug ? sampledFlag | debugBit : context.traceFlags & sampledFlag
  set(field, `${context.traceId}:${context.spanId}:0:0${flags}`)
  let entries = 0
  let length = 0
  for (const [key, { value }] of context.baggage ?? []) {
    if (!keyPattern.test(key)) continue
    const encoded = percentEncode(value, isKept)
    length += baggagePrefix.length + key.length + encoded.length
    if (entries++ === maxBaggageEntries || length > maxWrittenLength) break
    set(baggagePrefix + key.toLowerCase(), encoded)
  }
}

/**
 * Carries trace context in `uber-trace-id`, and baggage in one `uberctx-` header per key.
 *
 * Source: Jaeger's client libraries, "Propagation Format", and the OpenTelemetry specification, "Propagators Distribution".
 *
 * **Details**
 *
 * Ids may lack leading zeros and the whole may be percent-encoded. Bit 1 of the flags is a request to keep the trace whatever the
 * rate: whether it is granted depends on who asks. Baggage keys are header names, so they arrive in lower case; what is
 * written of it stops at 4,096 characters.
 *
 * @category propagators
 * @since 0.1.0
 */
export const propagator: Propagator = { name: "jaeger", fields: [field], extract, inject }
