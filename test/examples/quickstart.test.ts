import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..", "..")
const file = join("examples", "quickstart.ts")

describe("the quickstart", () => {
  it("is the code in the README", () => {
    assert.include(readFileSync(join(root, "README.md"), "utf8"), readFileSync(join(root, file), "utf8"))
  })

  it("draws its trace on the console", () => {
    const { status, stderr } = spawnSync(process.execPath, ["--conditions=effect-tracing-source", file], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", TRACING_EXPORT_TO_CONSOLE: "true" }
    })
    assert.strictEqual(status, 0)
    assert.match(stderr, /^● scrape · .* · 3 spans · /m)
    assert.match(stderr, /^ {2}scrape .*\n {2}└╴scrape_post .*post\.url=https:\/\/blog\.example\/hello\n {4}└╴fetch /m)
  })
})
