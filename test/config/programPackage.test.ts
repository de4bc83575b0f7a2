import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { nearestPackage, programPackage } from "../../src/config/programPackage.ts"
import { settingsIn } from "./support.ts"

/** A folder with files, removed with the scope. */
const folderOf = (files: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const folder = mkdtempSync(join(tmpdir(), "package-"))
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(join(folder, path, ".."), { recursive: true })
        writeFileSync(join(folder, path), content)
      }
      return folder
    }),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  )

describe("nearestPackage", () => {
  it.effect("is the first package.json with a name on the way up", () =>
    Effect.gen(function*() {
      const folder = yield* folderOf({
        "package.json": JSON.stringify({ name: "@shop/api", version: "1.2.3" }),
        "dist/package.json": JSON.stringify({ type: "module" }),
        "dist/deep/main.js": ""
      })
      assert.deepStrictEqual(nearestPackage(join(folder, "dist", "deep")), { name: "@shop/api", version: "1.2.3" })
    }))

  it.effect.each(["{", "null", "7", "[]", "{\"name\":7}", "{\"name\":\"\"}"])(
    "passes by a package.json that is %s",
    (content) =>
      Effect.gen(function*() {
        const folder = yield* folderOf({
          "package.json": "{\"name\":\"outer\"}",
          "inner/package.json": content
        })
        assert.deepStrictEqual(nearestPackage(join(folder, "inner")), { name: "outer", version: undefined })
      })
  )

  it("has no name where there is no package.json or no such folder", () => {
    assert.deepStrictEqual(nearestPackage("/"), { name: undefined, version: undefined })
    assert.deepStrictEqual(nearestPackage("/no/such/folder"), { name: undefined, version: undefined })
  })
})

describe("programPackage", () => {
  it.effect("follows a link to the script", () =>
    Effect.gen(function*() {
      const folder = yield* folderOf({
        "package.json": "{\"name\":\"user\"}",
        "node_modules/tool/package.json": "{\"name\":\"tool\"}",
        "node_modules/tool/bin.js": "",
        "node_modules/.bin/placeholder": ""
      })
      symlinkSync("../tool/bin.js", join(folder, "node_modules/.bin/tool"))
      assert.strictEqual(programPackage(join(folder, "node_modules/.bin/tool")).name, "tool")
    }))

  it("does not throw for a script that is not there", () => {
    assert.deepStrictEqual(programPackage("/no/such/script.js"), { name: undefined, version: undefined })
  })

  it.effect("names the service where no variable does", () =>
    Effect.gen(function*() {
      const { name, version } = programPackage()
      const settings = yield* settingsIn({})
      assert.strictEqual(settings.serviceName, name ?? "unknown_service:node")
      assert.strictEqual(settings.serviceVersion, version)
    }))
})
