import { assert, describe, it } from "@effect/vitest"
import { drawBar, drawHeights } from "../../../src/export/console/drawBar.ts"

describe("drawBar", () => {
  const cases: ReadonlyArray<readonly [start: number, end: number, bar: string]> = [
    [0, 8, "████████"],
    [0, 0, "▏       "],
    [8, 8, "       ▕"],
    [0, 2.5, "██▌     "],
    [1.5, 3.125, " ▐█▏    "],
    [2.25, 2.375, "  ▏     "],
    [2.625, 2.75, "  ▕     "],
    [-1, 2, "◂█      "],
    [6, 9, "      █▸"],
    [-5, -2, "◂       "],
    [9, 12, "       ▸"]
  ]
  for (const [start, end, bar] of cases) {
    it(`draws ${start} to ${end} of 8 as "${bar}"`, () => {
      assert.strictEqual(drawBar(start, end, 8), bar)
    })
  }
})

describe("drawHeights", () => {
  it("draws the largest as highest, the smallest that is not zero visibly, and zero not at all", () => {
    assert.strictEqual(drawHeights([0, 1, 50, 100]), " ▁▄█")
  })
})
