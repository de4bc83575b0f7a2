import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { TraceId } from "effect-tracing/model"
import { ratio, thresholdOf } from "effect-tracing/sampling"
import { decide, inputOf, parentOf, traceWith } from "./support.ts"

const between = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

const rates = Arbitrary.map(between(0, 2 ** 40), (part) => part / 2 ** 40)
const int32 = between(-(2 ** 31), 2 ** 31 - 1)
const traces = Arbitrary.map(Arbitrary.all([int32, int32, int32, int32]), ([a, b, c, d]) => new TraceId(a, b, c, d))

/** A threshold as the number it is. */
const numberOf = (text: string): bigint => BigInt(`0x${text.padEnd(14, "0")}`)

describe("thresholdOf", () => {
  // "TraceState: Probability Sampling", "Converting floating-point probability to threshold value": precision 3, 4 and 5.
  const table: ReadonlyArray<readonly [rate: number, ...digits: ReadonlyArray<string>]> = [
    [1, "0", "0", "0"],
    [1 / 2, "8", "8", "8"],
    [1 / 3, "aab", "aaab", "aaaab"],
    [1 / 4, "c", "c", "c"],
    [1 / 5, "ccd", "cccd", "ccccd"],
    [1 / 8, "e", "e", "e"],
    [1 / 10, "e66", "e666", "e6666"],
    [1 / 16, "f", "f", "f"],
    [1 / 100, "fd71", "fd70a", "fd70a4"],
    [1 / 1000, "ffbe7", "ffbe77", "ffbe76d"],
    [1 / 10_000, "fff972", "fff9724", "fff97247"],
    [1 / 100_000, "ffff584", "ffff583a", "ffff583a5"],
    [1 / 1_000_000, "ffffef4", "ffffef39", "ffffef391"]
  ]
  for (const [rate, ...digits] of table) {
    it(`is the specification's for a rate of ${rate}, to each precision it gives`, () => {
      const exact = numberOf(thresholdOf(rate).text)
      for (const text of digits) {
        const unit = 1n << BigInt(4 * (14 - text.length))
        assert.strictEqual((exact + unit / 2n) / unit, numberOf(text) / unit)
      }
    })
  }

  it.prop("has 1 to 14 digits without trailing zeros, and halves that say the same", [rates], ([rate]) => {
    const { high, low, text } = thresholdOf(rate)
    assert.match(text, /^(0|[0-9a-f]{0,13}[1-9a-f])$/)
    assert.strictEqual(BigInt(high) * 2n ** 32n + BigInt(low), numberOf(text))
  })

  it.prop("gives back its rate", [Arbitrary.map(between(1, 10 ** 6), (part) => part / 10 ** 6)], ([rate]) => {
    const kept = Number(2n ** 56n - numberOf(thresholdOf(rate).text)) / 2 ** 56
    assert.approximately(kept, rate, 1e-15)
  })
})

describe("ratio", () => {
  for (const rate of [0.001, 0.1, 0.25, 0.5, 0.9, 0.999]) {
    it(`of ${rate} samples that part of a million random ids, within six standard deviations`, () => {
      const sampler = ratio(rate)
      const input = inputOf()
      const count = 1_000_000
      let sampled = 0
      for (let i = 0; i < count; i++) {
        if (sampler.decide({ ...input, trace: TraceId.random() }).decision === "sample") sampled++
      }
      assert.approximately(sampled, count * rate, 6 * Math.sqrt(count * rate * (1 - rate)))
    })
  }

  it("decides at the threshold itself by the last 56 bits of the id", () => {
    const half = ratio(0.5)
    assert.strictEqual(decide(half, { trace: traceWith("80000000000000") }), "sample")
    assert.strictEqual(decide(half, { trace: traceWith("7fffffffffffff") }), "drop")
    const tenth = ratio(0.1)
    const { text } = thresholdOf(0.1)
    const at = numberOf(text)
    assert.strictEqual(decide(tenth, { trace: traceWith(at.toString(16)) }), "sample")
    assert.strictEqual(decide(tenth, { trace: traceWith((at - 1n).toString(16)) }), "drop")
  })

  it.prop("samples at a higher rate what it samples at a lower one", [traces, rates, rates], ([trace, a, b]) => {
    const [low, high] = a < b ? [a, b] : [b, a]
    if (decide(ratio(low), { trace }) === "sample") assert.strictEqual(decide(ratio(high), { trace }), "sample")
  })

  it.prop("samples everything at 1 and nothing at 0", [traces], ([trace]) => {
    assert.strictEqual(decide(ratio(1), { trace }), "sample")
    assert.strictEqual(decide(ratio(0), { trace }), "drop")
  })

  it.prop("keeps nested subsets in services with different rates, each telling the stricter threshold", [
    traces,
    rates,
    rates
  ], ([trace, upstream, downstream]) => {
    const first = ratio(upstream).decide(inputOf({ trace }))
    if (first.decision !== "sample" || downstream <= 0 || downstream >= 1 || upstream >= 1) return
    const second = ratio(downstream).decide(inputOf({ trace, parent: parentOf({ traceState: first.traceState }) }))
    if (downstream >= upstream) assert.strictEqual(second.decision, "sample")
    if (second.decision !== "sample") return
    const [one, two] = [thresholdOf(upstream).text, thresholdOf(downstream).text]
    assert.strictEqual(second.traceState, `ot=th:${numberOf(one) >= numberOf(two) ? one : two}`)
  })

  it("goes by the explicit randomness of the parent's tracestate", () => {
    const half = ratio(0.5)
    const trace = traceWith("00000000000000")
    const rv = (digits: string) => ({ trace, parent: parentOf({ traceState: `ot=rv:${digits}` }) })
    assert.strictEqual(decide(half, rv("80000000000000")), "sample")
    assert.strictEqual(decide(half, rv("7fffffffffffff")), "drop")
    assert.strictEqual(decide(half, rv("ff")), "drop", "too short: the id decides")
    assert.strictEqual(decide(half, rv("zzzzzzzzzzzzzz")), "drop", "no digits: the id decides")
  })

  it("leaves what others wrote into the tracestate", () => {
    const parent = parentOf({ traceState: "vendor=1,ot=rv:ffffffffffffff;x:y" })
    const { traceState } = ratio(0.5).decide(inputOf({ parent }))
    assert.deepStrictEqual(traceState?.split(",").toSorted(), ["ot=rv:ffffffffffffff;x:y;th:8", "vendor=1"])
  })
})
