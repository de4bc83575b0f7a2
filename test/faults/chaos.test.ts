import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { runChaos } from "./chaos.ts"

const seconds = 30

describe("A program under random troubles", () => {
  it.live(
    "keeps account of every span at every moment, and tells what is lost and doubled",
    () =>
      Effect.gen(function*() {
        const seed = Date.now() % 1_000_000
        const rounds = yield* runChaos(seed, seconds, () => Effect.void)
        const repeat = `npm run test:faults -- --chaos ${seconds} --seed ${seed}`
        assert.deepStrictEqual(rounds.flatMap(({ failures }) => failures), [], `${repeat}\n${JSON.stringify(rounds)}`)
      }),
    120_000
  )
})
