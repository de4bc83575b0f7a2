import { assert, describe, it } from "@effect/vitest"
import { formatDuration } from "effect-tracing/export"
import { formatCount } from "../../../src/export/console/formatDuration.ts"

describe("formatDuration", () => {
  const cases: ReadonlyArray<readonly [number, string]> = [
    [0, "0 µs"],
    [-3, "0 µs"],
    [0.0004, "0.4 µs"],
    [0.34, "340 µs"],
    [0.9994, "999 µs"],
    [0.9996, "1.0 ms"],
    [3.42, "3.4 ms"],
    [9.96, "10 ms"],
    [17.6, "18 ms"],
    [999.4, "999 ms"],
    [999.6, "1.00 s"],
    [2314, "2.31 s"],
    [9996, "10.0 s"],
    [59_949, "59.9 s"],
    [59_951, "1m 00s"],
    [125_000, "2m 05s"],
    [3_599_600, "1h 00m"],
    [3_725_000, "1h 02m"]
  ]
  for (const [millis, text] of cases) {
    it(`writes ${millis} milliseconds as ${text}`, () => {
      assert.strictEqual(formatDuration(millis), text)
    })
  }
})

describe("formatCount", () => {
  it("writes the noun in the right number, and thousands apart", () => {
    assert.deepStrictEqual([0, 1, 999, 1000, 1_234_567].map((count) => formatCount(count, "span")), [
      "0 spans",
      "1 span",
      "999 spans",
      "1,000 spans",
      "1,234,567 spans"
    ])
  })
})
