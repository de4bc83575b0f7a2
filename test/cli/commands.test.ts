import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { OtlpJson } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { endedSpan } from "../support/endedSpan.ts"
import { answering, refusing } from "./broken.ts"

const main = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts")

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command line as a process of its own, with an environment of its own. */
const run = (
  args: ReadonlyArray<string>,
  options: { readonly env?: Record<string, string>; readonly input?: string } = {}
): Effect.Effect<Ran> =>
  Effect.callback((resume) => {
    const child = execFile(
      process.execPath,
      ["--conditions=effect-tracing-source", main, ...args],
      { env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", ...options.env }, encoding: "utf8" },
      (error, out, err) => resume(Effect.succeed({ code: Number(error?.code ?? 0), out, err }))
    )
    child.stdin?.end(options.input ?? "")
    return Effect.sync(() => child.kill())
  })

const resource = { attributes: Attributes.fromRecord({ "service.name": "blog" }), schemaUrl: undefined }

const line = Effect.gen(function*() {
  const root = endedSpan({ name: "scrape", durationMillis: 100, attributes: { words: 12, tags: ["a", "b"] } })
  const spans = [
    root,
    endedSpan({
      name: "GET",
      kind: "client",
      parent: root,
      startMillis: 10,
      durationMillis: 50,
      status: "error",
      statusMessage: "it is gone",
      attributes: { "http.request.method": "GET", "http.response.status_code": 410 }
    })
  ]
  return Buffer.from(yield* OtlpJson.encode(resource, spans)).toString()
})

const withFile = <A, E, R>(text: string, use: (file: string) => Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fileSystem = yield* FileSystem.FileSystem
    const file = yield* fileSystem.makeTempFileScoped()
    yield* fileSystem.writeFileString(file, text)
    return yield* use(file)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

describe("effect-tracing show", () => {
  it.live("draws what our exporter writes, from a file and from standard input alike", () =>
    Effect.gen(function*() {
      const text = `${yield* line}\n\n`
      const fromFile = yield* withFile(text, (file) => run(["show", file]))
      assert.strictEqual(fromFile.code, 0, fromFile.err)
      assert.match(fromFile.out, /● scrape · 100 ms · 2 spans · 1 error · blog/)
      assert.match(fromFile.out, /GET.*410/)
      assert.include(fromFile.out, "it is gone")
      assert.strictEqual((yield* run(["show", "-"], { input: text })).out, fromFile.out)
    }))

  it.live("draws what other writers of OTLP JSON write: names for kinds and numbers for times", () =>
    Effect.gen(function*() {
      const span = {
        traceId: "0AF7651916CD43DD8448EB211C80319C",
        spanId: "B7AD6B7169203331",
        name: "GET /posts",
        kind: "SPAN_KIND_SERVER",
        startTimeUnixNano: "1700000000000000000",
        endTimeUnixNano: "1700000000100000000",
        status: { code: "STATUS_CODE_ERROR", message: "no" },
        attributes: [{ key: "n", value: { intValue: "7" } }, { key: "map", value: { kvlistValue: { values: [] } } }]
      }
      const input = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
      const { code, out } = yield* run(["show", "-"], { input })
      assert.strictEqual(code, 0)
      assert.match(out, /GET \/posts · 100 ms · 1 span · 1 error/)
      assert.include(out, "0af7651916cd43dd8448eb211c80319c")
    }))

  it.live("shows the trace that is asked for", () =>
    Effect.gen(function*() {
      const input = yield* line
      assert.include((yield* run(["show", "-", "--trace", "0AF765"], { input })).out, "scrape")
      assert.include((yield* run(["show", "-", "--trace", "ffff"], { input })).out, "No spans.")
    }))

  it.live("goes on after a line it cannot read, says which, and exits with 1", () =>
    Effect.gen(function*() {
      const { code, err, out } = yield* run(["show", "-"], { input: `nonsense\n${yield* line}\n{"logs":1}\n` })
      assert.strictEqual(code, 1)
      assert.include(out, "scrape")
      assert.match(err, /line 1: not a line.*\nline 3: not a line.*\n2 of 3 lines/)
    }))

  it.live("tells of a file that is something else in a few lines, and of a folder in one", () =>
    Effect.gen(function*() {
      const { code, err } = yield* run(["show", "-"], { input: "nonsense\n".repeat(1000) })
      assert.strictEqual(code, 1)
      assert.lengthOf(err.trimEnd().split("\n"), 11)
      assert.include(err, "1000 of 1000 lines could not be read")
      assert.include((yield* run(["show", "/"])).err, "/ is a folder")
    }))

  it.live("says that a file is not there", () =>
    Effect.gen(function*() {
      const { code, err } = yield* run(["show", "/nowhere.jsonl"])
      assert.strictEqual(code, 1)
      assert.include(err, "there is no file /nowhere.jsonl")
      assert.notInclude(err, "    at ")
    }))
})

describe("effect-tracing env", () => {
  it.live("says where each value comes from, with a file below the environment, and hides secrets", () =>
    withFile(
      "TRACING_SERVICE_NAME=from-file\nTRACING_SAMPLING_RATE=0.5\nTRACING_ENVIRONMNT=x\n",
      (file) =>
        Effect.gen(function*() {
          const env = { TRACING_SERVICE_NAME: "from-environment", OTEL_EXPORTER_OTLP_HEADERS: "authorization=s3cret" }
          const { code, out } = yield* run(["env", "--changed", "--env-file", file], { env })
          assert.strictEqual(code, 0)
          assert.match(out, /^serviceName +from-environment +variable +TRACING_SERVICE_NAME$/m)
          assert.match(out, /^sampling\.ratio +0\.5 +variable +TRACING_SAMPLING_RATE$/m)
          assert.match(out, /^warning: TRACING_ENVIRONMNT .*did you mean TRACING_ENVIRONMENT/m)
          assert.match(out, /^otlp\.headers +authorization=/m)
          assert.notInclude(out, "s3cret")
        })
    ))

  it.live("prints JSON for programs", () =>
    Effect.gen(function*() {
      const { out } = yield* run(["env", "--json"], { env: { TRACING_SERVICE_NAME: "blog" } })
      const { settings } = JSON.parse(out) as { readonly settings: ReadonlyArray<object> }
      assert.deepInclude(settings, {
        name: "serviceName",
        value: "blog",
        source: "variable",
        variable: "TRACING_SERVICE_NAME"
      })
    }))

  it.live("says which setting cannot be used, and exits with 1", () =>
    Effect.gen(function*() {
      const { code, err } = yield* run(["env"], { env: { TRACING_SAMPLING_RATE: "often" } })
      assert.strictEqual(code, 1)
      assert.include(err, "TRACING_SAMPLING_RATE=\"often\": expected a number from 0 to 1")
      assert.notInclude(err, "    at ")
    }))
})

describe("effect-tracing doctor", () => {
  it.live("exits with 0 where nothing failed, and with 1 where something did; a line each", () =>
    Effect.gen(function*() {
      const good = yield* run(["doctor"], { env: { TRACING_OTLP_ENDPOINT: yield* answering(200) } })
      assert.strictEqual(good.code, 0, good.out)
      assert.match(good.out, /^ok +otlp +127\.0\.0\.1:\d+ took a span in \d+ ms$/m)
      assert.match(good.out, /, 0 warnings, 0 failed$/m)
      const bad = yield* run(["doctor", "--json"], { env: { TRACING_OTLP_ENDPOINT: yield* refusing } })
      assert.strictEqual(bad.code, 1)
      assert.strictEqual(bad.err, "")
      const report = JSON.parse(bad.out) as {
        readonly ok: boolean
        readonly checks: ReadonlyArray<{ readonly status: string }>
      }
      assert.isFalse(report.ok)
      assert.strictEqual(report.checks.filter(({ status }) => status === "failed").length, 1)
    }).pipe(Effect.scoped))
})

describe("effect-tracing", () => {
  it.live("helps, with examples, says its version and completes", () =>
    Effect.gen(function*() {
      const help = yield* run(["doctor", "--help"])
      assert.strictEqual(help.code, 0)
      assert.include(help.out, "effect-tracing doctor --env-file .env")
      assert.match((yield* run(["--version"])).out, /0\.1\.0/)
      assert.include((yield* run(["--completions", "bash"])).out, "doctor")
    }))

  it("loads neither observability nor command line with the package", async () => {
    const program = `
      import { registerHooks } from "node:module"
      const loaded = []
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
      await import("effect-tracing")
      console.log(JSON.stringify(loaded.filter((url) => /src.(observability|cli|testing)|effect.(dist|src).(cli|observability)/.test(url))))`
    const out = await new Promise<string>((resolve, reject) => {
      execFile(
        process.execPath,
        ["--conditions=effect-tracing-source", "--input-type=module", "-e", program],
        { cwd: join(import.meta.dirname, "..", "..") },
        (error, out) => error === null ? resolve(out) : reject(error)
      )
    })
    assert.deepStrictEqual(JSON.parse(out), [])
  })
})
