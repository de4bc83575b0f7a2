import { assert, describe, it } from "@effect/vitest"
import type { Carrier } from "effect-tracing/propagation"
import { Baggage, Carrier as Carriers, Propagator, TraceContext, TraceState } from "effect-tracing/propagation"

const all = Propagator.fromNames(Propagator.names)

/** A carrier of that many fields that counts what it is asked for. */
const counting = (fields: number) => {
  const record: Record<string, string> = {}
  for (let i = 0; i < fields; i++) record[`uberctx-k${i}`] = String(i)
  const carrier = Carriers.fromRecord(record)
  const counted = { values: 0, names: 0 }
  const counter: Carrier.Carrier = {
    values: (name) => {
      counted.values++
      return carrier.values(name)
    },
    names: function*() {
      for (const name of carrier.names()) {
        counted.names++
        yield name
      }
    }
  }
  return { counted, counter }
}

describe("Propagator.extract, in work done", () => {
  it("asks for a bounded number of fields, however many a carrier has", () => {
    const asked = [100, 1000, 10_000].map((fields) => {
      const { counted, counter } = counting(fields)
      all.extract(counter)
      return counted
    })
    assert.deepStrictEqual(asked[1], asked[2])
    assert.isAtMost(asked[2]!.values, 200)
    assert.isAtMost(asked[2]!.names, 200)
  })

  it("reads no traceparent beyond 1,024 characters", () => {
    const traceparent = `cc-${"a".repeat(32)}-${"b".repeat(16)}-01-`
    assert.isDefined(TraceContext.parseTraceparent(traceparent.padEnd(1024, "x")))
    assert.isUndefined(TraceContext.parseTraceparent(traceparent.padEnd(1025, "x")))
  })

  it("stops after 180 members of baggage, and after 8,192 bytes", () => {
    const short = Array.from({ length: 16_000 }, (_, i) => `k${i}=1`)
    assert.strictEqual(Baggage.parse([short.join(",")])?.size, 180)
    const long = Array.from({ length: 100 }, (_, i) => `k${i}=${"v".repeat(1000)}`)
    assert.strictEqual(Baggage.parse([long.join(",")])?.size, 8)
    // Empty members are not members, but bytes all the same.
    assert.isUndefined(Baggage.parse([`${",".repeat(64 * 1024)}key=value`]))
  })

  it("stops at the 33rd member of a tracestate, and at a list beyond measure before its first", () => {
    const list = (members: number) => Array.from({ length: members }, (_, i) => `k${i}=1`).join(",")
    assert.isDefined(TraceState.parse([list(32)]))
    assert.isUndefined(TraceState.parse([list(33)]))
    assert.isUndefined(TraceState.parse([`${" ,".repeat(32 * 1024)}foo=1`]))
  })

  it("does not look into ids that are too long", () => {
    const id = "0123456789abcdef"
    const long = "0".repeat(64 * 1024)
    const extracted = [
      { b3: `${long}${id}-${id}-1` },
      { "x-b3-traceid": `${long}${id}`, "x-b3-spanid": id },
      { "uber-trace-id": `${long}${id}:${id}:0:1` }
    ].map((headers) => all.extract(Carriers.fromRecord(headers)).context)
    assert.deepStrictEqual(extracted, [undefined, undefined, undefined])
  })
})
