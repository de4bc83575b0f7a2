import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { errorsOf } from "./errorsOf.ts"
import { pages } from "./pages.ts"

describe("the reference pages", () => {
  for (const { name, text } of pages()) {
    it(`docs/${name} is what the source says (npm run docs writes it)`, () => {
      assert.strictEqual(readFileSync(join(import.meta.dirname, "..", "..", "docs", name), "utf8"), text)
    })
  }

  it("know every error that a user of the package can meet", () => {
    const source = join(import.meta.dirname, "..", "..", "src")
    const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    const texts = files.filter((file) => file.endsWith(".ts") && !file.startsWith("cli"))
      .map((file) => readFileSync(join(source, file), "utf8"))
    const names = texts.flatMap((text) => Array.from(text.matchAll(/TaggedError.*\("(\w+)"/g), ([, name]) => name))
    assert.sameMembers(errorsOf().map(({ name }) => name), names)
    assert.isAbove(names.length, 0)
  })
})
