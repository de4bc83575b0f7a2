import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import stringWidth from "string-width"
import { fill, fit, neutralise, widthOf, wrap } from "../../../src/export/console/terminalText.ts"

const columns = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 }))

describe("neutralise", () => {
  it("leaves text of any language as it is", () => {
    for (const text of ["plain", "Grüße", "标题", "שלום", "👩‍👩‍👧", "e\u0301"]) assert.strictEqual(neutralise(text), text)
  })

  it("keeps no more marks on a letter than a language writes", () => {
    assert.strictEqual(neutralise(`Z${"\u0301".repeat(50)}algo`), `Z${"\u0301".repeat(3)}algo`)
  })

  it("cuts what is longer than any line", () => {
    assert.isAtMost(neutralise("x\n".repeat(1_000_000)).length, 2000)
  })

  it.prop("changes nothing a second time", [Schema.String], ([text]) => {
    assert.strictEqual(neutralise(neutralise(text)), neutralise(text))
  })
})

describe("fit", () => {
  it("cuts at the end or at the start, never through a character", () => {
    assert.strictEqual(fit("abcdef", 4), "abc…")
    assert.strictEqual(fit("abcdef", 4, "start"), "…def")
    assert.strictEqual(fit("标题标题", 4), "标…")
    assert.strictEqual(fit("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5), "👩‍👩‍👧👩‍👩‍👧…")
    assert.strictEqual(fit("abc", 3), "abc")
    assert.strictEqual(fit("abc", 0), "")
  })

  it.prop("never exceeds the columns", [Schema.String, columns], ([text, columns]) => {
    assert.isAtMost(stringWidth(fit(neutralise(text), columns)), columns)
    assert.isAtMost(stringWidth(fit(neutralise(text), columns, "start")), columns)
  })
})

describe("fill", () => {
  it("counts columns, not characters", () => {
    assert.strictEqual(fill("标题", 6), "标题  ")
    assert.strictEqual(fill("abcdef", 4), "abc…")
  })
})

describe("wrap", () => {
  it("breaks at spaces, and within a word that is longer than a line", () => {
    assert.deepStrictEqual(wrap("the quick brown fox", 10, 3), ["the quick", "brown fox"])
    assert.deepStrictEqual(wrap("abcdefghijklmno", 10, 3), ["abcdefghij", "klmno"])
  })

  it("cuts what does not fit the lines", () => {
    assert.deepStrictEqual(wrap("one two three four", 5, 2), ["one", "two…"])
  })

  it.prop("never exceeds lines and columns", [Schema.String, columns], ([text, columns]) => {
    const lines = wrap(neutralise(text.repeat(5)), columns, 3)
    assert.isAtMost(lines.length, 3)
    for (const line of lines) assert.isAtMost(widthOf(line), columns)
  })
})
