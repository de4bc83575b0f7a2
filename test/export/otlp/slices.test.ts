import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { forEachInSlices } from "../../../src/export/otlp/slices.ts"

/** A clock on which each look takes so long: as if the items since the last one had. */
const clockOf = (nanosPerLook: bigint): Clock.Clock => {
  let now = 0n
  const look = (): bigint => now += nanosPerLook
  return {
    currentTimeMillisUnsafe: () => Number(look() / 1_000_000n),
    currentTimeMillis: Effect.sync(() => Number(look() / 1_000_000n)),
    currentTimeNanosUnsafe: look,
    currentTimeNanos: Effect.sync(look),
    monotonicTimeNanosUnsafe: look,
    monotonicTimeNanos: Effect.sync(look),
    sleep: () => Effect.void
  }
}

/** How many of the items are done in each turn of the event loop. */
const turnsOf = (items: number, nanosPerLook: bigint) =>
  Effect.gen(function*() {
    let done = 0
    const turns: Array<number> = []
    let before = 0
    const watch = (): void => {
      turns.push(done - before)
      before = done
      if (done < items) setImmediate(watch)
    }
    setImmediate(watch)
    yield* forEachInSlices(Array.from({ length: items }), () => {
      done++
    }).pipe(Effect.provideService(Clock.Clock, clockOf(nanosPerLook)))
    yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
    assert.strictEqual(done, items)
    return turns.filter((count) => count > 0)
  })

describe("forEachInSlices", () => {
  it.live("gives the event loop a turn after 5 ms of items, which it looks for after every eighth", () =>
    Effect.gen(function*() {
      // Eight items take 1 ms: five looks make a slice.
      const turns = yield* turnsOf(1000, 1_000_000n)
      assert.isAtLeast(turns.length, 1000 / 40)
      for (const count of turns) assert.isAtMost(count, 40)
    }))

  it.live("gives it a turn after eight items that are too large for a slice", () =>
    Effect.gen(function*() {
      const turns = yield* turnsOf(100, 20_000_000n)
      assert.deepStrictEqual(turns, [...Array.from({ length: 12 }, () => 8), 4])
    }))

  it.live("does what takes no time in one go", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* turnsOf(10_000, 1n), [10_000])
    }))

  it.live("does nothing with nothing", () => Effect.map(turnsOf(0, 1n), (turns) => assert.deepStrictEqual(turns, [])))
})
