import { assert, describe, it } from "@effect/vitest"
import { SpanId, TraceId } from "effect-tracing/model"

const count = 100_000
// Six standard deviations of how often one of two equally likely things happens.
const margin = 6 * Math.sqrt(count / 4)

/** How often each bit of some integers is set. */
const bitsOf = (integers: () => ReadonlyArray<number>): ReadonlyArray<number> => {
  const set = Array.from({ length: integers().length * 32 }, () => 0)
  for (let i = 0; i < count; i++) {
    for (const [place, integer] of integers().entries()) {
      for (let bit = 0; bit < 32; bit++) set[place * 32 + bit]! += (integer >>> bit) & 1
    }
  }
  return set
}

const isEven = (set: ReadonlyArray<number>): void => {
  for (const [bit, times] of set.entries()) assert.closeTo(times, count / 2, margin, `bit ${bit}`)
}

describe("random ids", () => {
  it("have every bit of a trace id set half of the time", () => {
    isEven(bitsOf(() => {
      const { a, b, c, d } = TraceId.random()
      return [a, b, c, d]
    }))
  })

  it("have every bit of a span id set half of the time", () => {
    isEven(bitsOf(() => [SpanId.randomHalf(), SpanId.randomHalf()]))
  })

  it("tell nothing by one bit about the next id's", () => {
    let before = TraceId.random()
    isEven(bitsOf(() => {
      const { a, b, c, d } = before
      before = TraceId.random()
      return [a ^ before.a, b ^ before.b, c ^ before.c, d ^ before.d]
    }))
  })

  it("are valid and never the same twice", () => {
    const seen = new Set<string>()
    for (let i = 0; i < count; i++) {
      const { hex } = TraceId.random()
      assert.isDefined(TraceId.fromHex(hex))
      seen.add(hex)
    }
    assert.strictEqual(seen.size, count)
  })
})
