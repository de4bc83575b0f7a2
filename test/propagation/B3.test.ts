import { assert, describe, it } from "@effect/vitest"
import { B3, Carrier } from "effect-tracing/propagation"

const traceId = "80f198ee56343ba864fe8b2a57d3eff7"
const short = "a3ce929d0e0e4736"
const spanId = "e457b5a2e4d86bd1"
const parentId = "05e3ac9a4f6e3b90"

const extract = (headers: Readonly<Record<string, string | ReadonlyArray<string>>>) =>
  B3.single.extract(Carrier.fromRecord(headers))

const inject = (propagator: typeof B3.single, traceFlags: number, debug = false) => {
  const headers: Record<string, string> = {}
  propagator.inject(
    { traceId, spanId, traceFlags, traceState: "a=1", isRemote: false, debug },
    Carrier.toRecord(headers)
  )
  return headers
}

describe("B3 single header", () => {
  it.each([
    [`${traceId}-${spanId}-1-${parentId}`, 1, false],
    [`${traceId}-${spanId}-1`, 1, false],
    [`${traceId}-${spanId}-0`, 0, false],
    [`${traceId}-${spanId}-d`, 1, true],
    [`${traceId}-${spanId}`, 0, false],
    [`${traceId.toUpperCase()}-${spanId.toUpperCase()}-1`, 1, false]
  ])("reads %s", (b3, traceFlags, debug) => {
    assert.deepStrictEqual(extract({ b3 }).context, {
      traceId,
      spanId,
      traceFlags,
      traceState: undefined,
      isRemote: true,
      debug
    })
  })

  it("fills up a trace id of 64 bits with zeros", () => {
    assert.strictEqual(extract({ b3: `${short}-${spanId}-1` }).context?.traceId, short.padStart(32, "0"))
  })

  it.each([["0", "deny"], ["1", "accept"], ["d", "debug"]] as const)(
    "reads the decision %s without a span",
    (b3, decision) => {
      assert.deepStrictEqual(extract({ b3 }), { context: undefined, baggage: undefined, decision })
    }
  )

  it.each([
    "",
    "2",
    "x",
    traceId,
    `${traceId}-`,
    `${traceId}-${spanId}-`,
    `${traceId}-${spanId}-2`,
    `${traceId}-${spanId}-1-`,
    `${traceId}-${spanId}-1-${parentId}-`,
    `${traceId.slice(1)}-${spanId}-1`,
    `${traceId}-${spanId.slice(1)}-1`,
    `${"0".repeat(32)}-${spanId}-1`,
    `${"0".repeat(16)}-${spanId}-1`,
    `${traceId}-${"0".repeat(16)}-1`
  ])("refuses %j", (b3) => {
    assert.isUndefined(extract({ b3 }).context)
    assert.isUndefined(extract({ b3 }).decision)
  })

  it("refuses two headers", () => {
    assert.isUndefined(extract({ b3: [`${traceId}-${spanId}-1`, `${traceId}-${spanId}-1`] }).context)
  })

  it("writes ids and decision", () => {
    assert.deepStrictEqual(inject(B3.single, 3), { b3: `${traceId}-${spanId}-1` })
    assert.deepStrictEqual(inject(B3.single, 0), { b3: `${traceId}-${spanId}-0` })
    assert.deepStrictEqual(inject(B3.single, 1, true), { b3: `${traceId}-${spanId}-d` })
  })
})

describe("B3 multiple headers", () => {
  const ids = { "X-B3-TraceId": traceId, "X-B3-SpanId": spanId, "X-B3-ParentSpanId": parentId }

  it.each([["1", 1], ["0", 0], ["true", 1], ["false", 0], ["True", 1], ["x", 0]])(
    "reads X-B3-Sampled: %s",
    (sampled, traceFlags) => {
      const { context } = extract({ ...ids, "X-B3-Sampled": sampled })
      assert.deepInclude(context, { traceId, spanId, traceFlags, debug: false })
    }
  )

  it("reads debug, which is more than sampled", () => {
    const { context } = extract({ ...ids, "X-B3-Flags": "1", "X-B3-Sampled": "0" })
    assert.deepInclude(context, { traceFlags: 1, debug: true })
  })

  it("fills up a trace id of 64 bits with zeros", () => {
    assert.strictEqual(extract({ ...ids, "X-B3-TraceId": short }).context?.traceId, short.padStart(32, "0"))
  })

  it("reads a decision without a span", () => {
    assert.strictEqual(extract({ "X-B3-Sampled": "0" }).decision, "deny")
    assert.strictEqual(extract({ "X-B3-Flags": "1" }).decision, "debug")
  })

  it("refuses a trace id without a span id, and ids that are none", () => {
    assert.isUndefined(extract({ "X-B3-TraceId": traceId }).context)
    assert.isUndefined(extract({ "X-B3-SpanId": spanId }).context)
    assert.isUndefined(extract({ ...ids, "X-B3-TraceId": "x".repeat(32) }).context)
    assert.isUndefined(extract({ ...ids, "X-B3-SpanId": "0".repeat(16) }).context)
  })

  it("goes behind the single header", () => {
    const b3 = `${short}-${spanId}-1`
    assert.strictEqual(extract({ ...ids, b3 }).context?.traceId, short.padStart(32, "0"))
    assert.strictEqual(extract({ ...ids, b3: "broken" }).context?.traceId, traceId)
  })

  it("writes ids and decision, and debug instead of sampled", () => {
    const ids = { "x-b3-traceid": traceId, "x-b3-spanid": spanId }
    assert.deepStrictEqual(inject(B3.multi, 1), { ...ids, "x-b3-sampled": "1" })
    assert.deepStrictEqual(inject(B3.multi, 2), { ...ids, "x-b3-sampled": "0" })
    assert.deepStrictEqual(inject(B3.multi, 1, true), { ...ids, "x-b3-flags": "1" })
  })
})
