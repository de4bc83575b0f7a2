import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { pages } from "./pages.ts"

describe("the reference pages", () => {
  for (const { name, text } of pages()) {
    it(`docs/${name} is what the source says (npm run docs writes it)`, () => {
      assert.strictEqual(readFileSync(join(import.meta.dirname, "..", "..", "docs", name), "utf8"), text)
    })
  }
})
