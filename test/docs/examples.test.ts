import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { compile } from "./compile.ts"

const root = join(import.meta.dirname, "..", "..")

interface Example {
  /** Where it stands, as a file name. */
  readonly name: string
  readonly code: string
}

const blocks = (text: string): ReadonlyArray<string> =>
  Array.from(
    text.matchAll(/^[ \t*]*```ts\n([\s\S]*?)^[ \t*]*```/gm),
    (match) => match[1]!.replaceAll(/^[ \t]*\*[ ]?/gm, "")
  )

const examplesIn = (directory: string, extension: string): ReadonlyArray<Example> =>
  readdirSync(join(root, directory), { recursive: directory !== ".", encoding: "utf8" })
    .filter((file) => file.endsWith(extension))
    .flatMap((file) =>
      blocks(readFileSync(join(root, directory, file), "utf8")).map((code, index) => ({
        name: `${directory}-${file}-${index}`.replaceAll(/[^A-Za-z0-9-]/g, "-"),
        code
      }))
    )

const examples = [...examplesIn("src", ".ts"), ...examplesIn(".", ".md"), ...examplesIn("docs", ".md")]

describe("the examples in the documentation", () => {
  it("compile", () => {
    assert.isAbove(examples.length, 5)
    compile(examples)
  }, 60_000)
})
