import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { play } from "./play.ts"
import { shortRows, shortScale } from "./short.ts"

// The short form of `npm run test:faults`: each row is a process of its own, and here no figure depends on how fast it is.
describe.concurrent("A program under troubles of its collector", () => {
  for (const row of shortRows) {
    it.live(`loses and doubles no more than it must, and tells it: ${row.name}`, () =>
      Effect.gen(function*() {
        const { facts, failures } = yield* play(row, shortScale)
        assert.deepStrictEqual(failures, [], JSON.stringify(facts))
      }), 60_000)
  }
})
