import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { settingComment, settingsDocumentation } from "effect-tracing/config"
import { readFileSync } from "node:fs"
import { resolveIn } from "./support.ts"

const source = ["TracingSettings.ts", "DiskSettings.ts", "PrivacySettings.ts"]
  .map((file) => readFileSync(new URL(`../../src/config/${file}`, import.meta.url), "utf8")).join("\n")
  .replaceAll(/\n\s*\* /g, " ")

describe("settingsDocumentation", () => {
  it("stands above the field of each setting, word for word", () => {
    const missing = settingsDocumentation()
      .filter(({ field }) => !field.startsWith("limits."))
      .filter((setting) => {
        const name = setting.field.slice(setting.field.lastIndexOf(".") + 1)
        const comment = `/** ${settingComment(setting).join(" ")}`
        const start = source.indexOf(comment)
        return start < 0 || !/^\s*\*\/\s*readonly $/.test(
          source.slice(start + comment.length, source.indexOf(`${name}:`, start + comment.length))
        )
      })
    assert.deepStrictEqual(missing.map((setting) => settingComment(setting)), [])
  })

  it.effect("has the settings of the resolved view, in its order", () =>
    Effect.gen(function*() {
      const { resolved } = yield* resolveIn({})
      assert.deepStrictEqual(settingsDocumentation().map(({ field }) => field), resolved.map(({ name }) => name))
    }))

  it("names what is secret", () => {
    assert.deepStrictEqual(
      settingsDocumentation().filter(({ secret }) => secret).map(({ field }) => field),
      ["otlp.tracesEndpoint", "otlp.headers"]
    )
  })
})
