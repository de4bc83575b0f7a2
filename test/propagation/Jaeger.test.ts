import { assert, describe, it } from "@effect/vitest"
import { Carrier, Jaeger, Propagator } from "effect-tracing/propagation"

const traceId = "80f198ee56343ba864fe8b2a57d3eff7"
const spanId = "e457b5a2e4d86bd1"

const extract = (headers: Readonly<Record<string, string | ReadonlyArray<string>>>) =>
  Jaeger.propagator.extract(Carrier.fromRecord(headers))

describe("Jaeger.propagator", () => {
  it.each([
    [`${traceId}:${spanId}:0:1`, 1, false],
    [`${traceId}:${spanId}:0:0`, 0, false],
    [`${traceId}:${spanId}:0:01`, 1, false],
    [`${traceId}:${spanId}::1`, 1, false],
    [`${traceId}:${spanId}:05e3ac9a4f6e3b90:3`, 1, true],
    [`${traceId}:${spanId}:0:ff`, 1, true],
    [`${traceId.toUpperCase()}:${spanId}:0:1`, 1, false],
    [`${traceId}%3A${spanId}%3a0%3A1`, 1, false]
  ])("reads %s", (value, traceFlags, debug) => {
    assert.deepStrictEqual(extract({ "Uber-Trace-Id": value }).context, {
      traceId,
      spanId,
      traceFlags,
      traceState: undefined,
      isRemote: true,
      debug
    })
  })

  it("gives ids their leading zeros back", () => {
    const { context } = extract({ "uber-trace-id": "abc:def:0:1" })
    assert.strictEqual(context?.traceId, "abc".padStart(32, "0"))
    assert.strictEqual(context?.spanId, "def".padStart(16, "0"))
  })

  it.each([
    "",
    `${traceId}:${spanId}:0`,
    `${traceId}:${spanId}:0:1:2`,
    `${traceId}:${spanId}:0:`,
    `${traceId}:${spanId}:0:111`,
    `${traceId}1:${spanId}:0:1`,
    `${traceId}:${spanId}1:0:1`,
    `0:${spanId}:0:1`,
    `${traceId}:0:0:1`,
    `${traceId}:xyz:0:1`
  ])("refuses %j", (value) => {
    assert.isUndefined(extract({ "uber-trace-id": value }).context)
  })

  it("refuses two headers", () => {
    assert.isUndefined(extract({ "uber-trace-id": [`${traceId}:${spanId}:0:1`, `${traceId}:${spanId}:0:1`] }).context)
  })

  it("reads baggage, one header a key", () => {
    const { baggage } = extract({ "uberctx-user": "Zo%C3%AB", "UberCtx-Tenant": "7", "uberctx-": "nobody" })
    assert.deepStrictEqual([...baggage!].map(([key, { value }]) => [key, value]), [["user", "Zoë"], ["tenant", "7"]])
  })

  it("reads no baggage beyond 180 headers and 8,192 characters", () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`uberctx-k${i}`, "v"]))
    assert.strictEqual(extract(many).baggage?.size, 180)
    const long = { "uberctx-a": "1", "uberctx-b": "x".repeat(8192), "uberctx-c": "1" }
    assert.deepStrictEqual([...extract(long).baggage!.keys()], ["a"])
    assert.isUndefined(extract({ "uberctx-b": "x".repeat(8192) }).baggage)
  })

  it("joins with the baggage of W3C's header", () => {
    const headers = { baggage: "a=1,b=2", "uberctx-b": "%33", "UberCtx-C": "4" }
    const { baggage } = Propagator.fromNames(["baggage", "jaeger"]).extract(Carrier.fromRecord(headers))
    assert.deepStrictEqual([...baggage!].map(([key, { value }]) => [key, value]), [["a", "1"], ["b", "3"], ["c", "4"]])
  })

  it("writes ids, decision and baggage", () => {
    const headers: Record<string, string> = {}
    const baggage = new Map([
      ["user", { value: "Zoë", properties: undefined }],
      ["a b", { value: "no header name", properties: undefined }]
    ])
    const context = { traceId, spanId, traceFlags: 3, traceState: "a=1", isRemote: false, baggage }
    Jaeger.propagator.inject(context, Carrier.toRecord(headers))
    assert.deepStrictEqual(headers, { "uber-trace-id": `${traceId}:${spanId}:0:01`, "uberctx-user": "Zo%C3%AB" })
    Jaeger.propagator.inject({ ...context, debug: true }, Carrier.toRecord(headers))
    assert.strictEqual(headers["uber-trace-id"], `${traceId}:${spanId}:0:03`)
  })
})
