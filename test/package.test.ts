import { assert, describe, it } from "@effect/vitest"
import { packageVersion } from "effect-tracing/model"
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
}

/** Builds the package and installs it, as a registry would hand it out, next to a program. */
const withInstalledPackage = (use: (directory: string) => void): void => {
  const directory = mkdtempSync(join(root, "test", ".package-"))
  try {
    const installed = join(directory, "node_modules", "effect-tracing")
    mkdirSync(installed, { recursive: true })
    cpSync(join(root, "package.json"), join(installed, "package.json"))
    execFileSync(join(root, "node_modules", ".bin", "rolldown"), ["-c", "-d", join(installed, "dist")], { cwd: root })
    writeFileSync(join(directory, "package.json"), "{\"type\":\"module\"}")
    use(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const run = (directory: string, program: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: directory, encoding: "utf8" })

describe("the built package", () => {
  it("gives every subpath it names and closes the rest", () => {
    withInstalledPackage((directory) => {
      const subpaths = Object.keys(manifest.exports)
        .filter((subpath) => subpath !== "./package.json" && manifest.exports[subpath] !== null)
        .map((subpath) => subpath.replace(/^\./, "effect-tracing"))
      const program = `
        const empty = []
        for (const subpath of ${JSON.stringify(subpaths)}) {
          if (Object.keys(await import(subpath)).length === 0) empty.push(subpath)
        }
        const closed = await import("effect-tracing/internal/x").then(() => "open", (error) => error.code)
        console.log(JSON.stringify({ empty, closed }))`
      assert.deepStrictEqual(JSON.parse(run(directory, program)), {
        empty: [],
        closed: "ERR_PACKAGE_PATH_NOT_EXPORTED"
      })
    })
  }, 60_000)

  it("brings a command line that runs", () => {
    withInstalledPackage((directory) => {
      const help = execFileSync(
        process.execPath,
        [join(directory, "node_modules", "effect-tracing", "dist", "cli", "main.js"), "--help"],
        { encoding: "utf8" }
      )
      assert.include(help, "doctor")
    })
  }, 60_000)

  it("says its version", () => {
    assert.strictEqual(packageVersion, manifest.version)
  })
})
