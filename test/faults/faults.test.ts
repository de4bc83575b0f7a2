import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { run } from "./run.ts"
import { scenarios } from "./scenarios.ts"

// A few of the scenarios of `npm run test:faults`, short: each row is a process of its own.
const short = new Set([
  "a burst and the end",
  "down for a while",
  "503, Retry-After 1",
  "400 for a while",
  "connection reset after the body was taken",
  "SIGTERM, runPromise",
  "process.exit"
])

describe("A program under troubles of its collector", () => {
  for (const scenario of scenarios(1, 1000).filter(({ name }) => short.has(name))) {
    it.live(`loses no more than must be, and tells it: ${scenario.name}`, () =>
      Effect.gen(function*() {
        const outcome = yield* run(scenario)
        assert.isTrue(outcome.isMet, JSON.stringify(outcome))
      }))
  }
})
