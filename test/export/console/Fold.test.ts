import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Fold } from "../../../src/export/console/Fold.ts"

const foldOf = (durations: ReadonlyArray<number>): Fold => {
  const fold = new Fold("item")
  for (const [i, duration] of durations.entries()) fold.add(i * 10, duration, 2)
  return fold
}

const durations = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000 }))).check(
  Schema.isMinLength(1)
)

describe("Fold", () => {
  it("gives nearest-rank percentiles", () => {
    const fold = foldOf([50, 10, 30, 20, 40])
    assert.deepStrictEqual([0, 0.2, 0.5, 0.95, 1].map((fraction) => fold.percentile(fraction)), [10, 10, 30, 50, 50])
  })

  it("is within one percent of them for any number of durations", () => {
    const fold = foldOf(Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 50_000))
    for (const fraction of [0.5, 0.95, 0.99]) {
      assert.closeTo(fold.percentile(fraction) / (50_000 * fraction), 1, 0.01)
    }
  })

  it.prop("says of two folds joined what it says of all their spans", [durations, durations], ([first, second]) => {
    const joined = foldOf(first)
    joined.addAll(foldOf(second))
    const whole = foldOf([...first, ...second])
    assert.strictEqual(joined.count, whole.count)
    assert.strictEqual(joined.inside, whole.inside)
    for (const fraction of [0.5, 0.95]) assert.strictEqual(joined.percentile(fraction), whole.percentile(fraction))
  })

  it("knows when its spans ran", () => {
    const fold = new Fold("item")
    fold.add(1000, 400, 0)
    fold.add(1200, 100, 0)
    fold.add(1900, 50, 0)
    assert.deepStrictEqual(fold.runningIn(1000, 2000, 10), [1, 1, 2, 2, 1, 0, 0, 0, 0, 1])
  })

  it("knows when 100,000 spans ran", () => {
    const fold = new Fold("item")
    for (let i = 0; i < 100_000; i++) fold.add(1_767_000_000_000 + (i % 2 === 0 ? i : i + 100_000), 1, 0)
    const counts = fold.runningIn(1_767_000_000_000, 1_767_000_200_000, 4)
    assert.strictEqual(counts.length, 4)
    for (const count of counts) assert.closeTo(count, 25_000, 1000)
  })
})
