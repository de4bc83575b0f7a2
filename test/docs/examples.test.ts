import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..", "..")
const target = join(root, "test", ".examples")

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
    rmSync(target, { recursive: true, force: true })
    mkdirSync(target, { recursive: true })
    for (const { code, name } of examples) writeFileSync(join(target, `${name}.ts`), code)
    writeFileSync(
      join(target, "tsconfig.json"),
      JSON.stringify({
        extends: "../../tsconfig.json",
        compilerOptions: { noUnusedLocals: false, plugins: [] },
        include: ["*.ts"]
      })
    )
    try {
      execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", target], { encoding: "utf8" })
    } catch (error) {
      const { stdout } = error as { readonly stdout: string }
      assert.fail(stdout)
    }
    rmSync(target, { recursive: true, force: true })
  }, 60_000)
})
