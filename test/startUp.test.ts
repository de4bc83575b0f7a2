import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

// What a program has to load before its first span. Modules are counted, not milliseconds: those differ by machine.

const program = `
  import { registerHooks } from "node:module"
  const loaded = []
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context) } })
  const { Effect, Layer, Tracing } = await import("effect-tracing").then(async (own) => ({
    ...own,
    Effect: await import("effect/Effect"),
    Layer: await import("effect/Layer")
  }))
  const layer = Tracing.layerWith({ config: { exporters: ["otlp"] } })
  await Effect.runPromise(Effect.scoped(Layer.build(layer)))
  console.log(JSON.stringify(loaded))
`

const loaded: ReadonlyArray<string> = JSON.parse(
  execFileSync(process.execPath, ["--conditions=effect-tracing-source", "--input-type=module", "--eval", program], {
    cwd: join(import.meta.dirname, ".."),
    encoding: "utf8",
    env: { PATH: process.env["PATH"] }
  })
)

const effect = dirname(fileURLToPath(import.meta.resolve("effect/Effect")))
const ofEffect = loaded
  .filter((url) => url.startsWith("file:"))
  .map((url) => fileURLToPath(url))
  .filter((file) => file.startsWith(effect))
  .map((file) => file.slice(effect.length + 1).replace(/\.js$/, ""))

describe("a program that starts with TracingLive", () => {
  it("loads Effect's core", () => {
    assert.include(ofEffect, "Effect")
    assert.include(ofEffect, "Tracer")
  })

  for (const module of ["Schema", "Config", "ConfigProvider", "Stream", "FileSystem", "http/HttpClient", "index"]) {
    it(`does not load effect/${module}`, () => {
      assert.notInclude(ofEffect, module)
    })
  }

  for (const part of ["http2", "spool", "console", "grpc"]) {
    it(`does not load what only ${part} needs`, () => {
      assert.deepStrictEqual(loaded.filter((url) => url.includes(`/src/export/${part}`) || url === `node:${part}`), [])
    })
  }
})
