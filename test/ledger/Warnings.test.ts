import { assert, describe, it } from "@effect/vitest"
import { Warnings } from "effect-tracing/ledger"

describe("Warnings.warnAgain", () => {
  it("tells at once, then at most once a minute with the count", () => {
    let now = 0
    const told: Array<string> = []
    const warnings = new Warnings(() => now)
    warnings.listen((message) => told.push(message))
    for (now = 0; now < 150_000; now += 1000) warnings.warnAgain("full", "Spans are dropped.", 2)
    assert.deepStrictEqual(told, [
      "Spans are dropped.",
      "Spans are dropped. (120 more since this was last said, 122 in all)",
      "Spans are dropped. (120 more since this was last said, 242 in all)"
    ])
    assert.deepStrictEqual(warnings.all, [{ key: "full", message: "Spans are dropped.", count: 300 }])
  })

  it("leaves other warnings told once", () => {
    let now = 0
    const told: Array<string> = []
    const warnings = new Warnings(() => now)
    warnings.listen((message) => told.push(message))
    for (now = 0; now < 150_000; now += 1000) warnings.warn("setting", "A setting is bad.")
    assert.deepStrictEqual(told, ["A setting is bad."])
  })
})
