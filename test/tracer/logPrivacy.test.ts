import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Logger, References } from "effect"
import { Tracing } from "effect-tracing"
import { TestTracing } from "effect-tracing/testing"
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("fixtures/logProgram.ts", import.meta.url))

/** What a process printed and wrote into its log file, part by part. */
const run = (place: string, what: string, env: Record<string, string> = {}) =>
  Effect.acquireUseRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-tracing-logs-"))),
    (folder) =>
      Effect.callback<string>((resume) => {
        const file = join(folder, "log")
        execFile(
          process.execPath,
          ["--conditions=effect-tracing-source", program, place, what, file],
          { env: { ...process.env, OTEL_LOG_LEVEL: "warn", ...env } },
          (error, stdout, stderr) =>
            resume(
              error === null
                ? Effect.succeed(`${stdout}\n${stderr}\n## written\n${readFileSync(file, "utf8")}`)
                : Effect.die(error)
            )
        )
      }),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  )

const secrets = /hunter2[a-z-]*|sk_live_\w+/g

const partsOf = (output: string): ReadonlyArray<string> => output.split(/^## /m).slice(1)

/** The same for what is different on each run. */
const masked = (output: string): string =>
  output
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b/g, "ID")
    .replaceAll(/took["']?([=:]) ?\d+/g, "took$10")

describe("TRACING_REDACT_LOGS", () => {
  for (const place of ["inside", "outside", "beside"]) {
    it.live(
      `lets no secret out by any logger that is provided ${place} of the tracing layer`,
      () =>
        Effect.gen(function*() {
          const output = yield* run(place, "secret")
          assert.deepStrictEqual(output.match(secrets), null)
          const parts = partsOf(output)
          assert.strictEqual(parts.length, 9)
          for (const part of parts) {
            if (part.startsWith("file")) continue
            // Three times, of which one is in a span and one in another fiber.
            assert.strictEqual(
              part.match(/calling with password=\[redacted:password\]/g)?.length,
              part.startsWith("custom") ? 6 : 3,
              part
            )
            for (const kind of ["stripe_key", "token", "api_key"]) assert.include(part, `[redacted:${kind}]`)
          }
        }),
      60_000
    )
  }

  it.live("set to false lets them stay", () =>
    Effect.gen(function*() {
      const output = yield* run("beside", "secret", { TRACING_REDACT_LOGS: "false" })
      for (const part of partsOf(output)) {
        if (!part.startsWith("file")) assert.isAtLeast(new Set(part.match(secrets)).size, 7, part)
      }
    }), 60_000)

  it.live("changes nothing of lines without secrets", () =>
    Effect.gen(function*() {
      const on = yield* run("beside", "harmless")
      const off = yield* run("beside", "harmless", { TRACING_REDACT_LOGS: "false" })
      assert.strictEqual(masked(on), masked(off))
      assert.include(on, "author: Jane Doe wrote 12 posts")
    }), 60_000)
})

describe("the loggers of a traced program", () => {
  /** What loggers of these names were handed. */
  const collecting = () => {
    const lines: Array<string> = []
    const logger = (name: string) =>
      Logger.make<unknown, void>(({ message }) => void lines.push(`${name}: ${String(message)}`))
    return { lines, logger }
  }

  it.effect("are found where the program looks for them, and those it adds print as well", () =>
    Effect.gen(function*() {
      const { lines, logger } = collecting()
      const first = logger("first")
      yield* Effect.gen(function*() {
        const loggers = yield* References.CurrentLoggers
        assert.isTrue(loggers.has(first))
        assert.isFalse(loggers.has(Logger.defaultLogger))
        yield* Effect.log("pwd=hunter2a").pipe(
          Effect.provide(Logger.layer([logger("second")], { mergeWithExisting: true }))
        )
        yield* Effect.log("after")
      }).pipe(Effect.provide([TestTracing.layer(), Logger.layer([first])]))
      assert.deepStrictEqual(lines, [
        "first: pwd=[redacted:password]",
        "second: pwd=[redacted:password]",
        "first: after"
      ])
    }))

  it.effect("are those of the place a line is logged at, not of that where a context was captured without any", () =>
    Effect.gen(function*() {
      const { lines, logger } = collecting()
      yield* Effect.gen(function*() {
        const captured = yield* Effect.context()
        yield* Effect.log("pwd=hunter2b").pipe(
          Effect.provideContext(captured),
          Effect.provide(Logger.layer([logger("chosen")]))
        )
      }).pipe(Effect.provide(TestTracing.layer()), Effect.provideService(References.MinimumLogLevel, "Info"))
      assert.deepStrictEqual(lines, ["chosen: pwd=[redacted:password]"])
    }))

  it.effect("are those of a captured context that has some", () =>
    Effect.gen(function*() {
      const { lines, logger } = collecting()
      yield* Effect.gen(function*() {
        const captured = yield* Effect.context().pipe(Effect.provide(Logger.layer([logger("captured")])))
        yield* Effect.log("hello").pipe(
          Effect.provideContext(captured),
          Effect.provide(Logger.layer([logger("around")]))
        )
        yield* Effect.flatMap(Effect.forkChild(Effect.provideContext(Effect.log("forked"), captured)), Fiber.join)
      }).pipe(Effect.provide(TestTracing.layer()))
      assert.deepStrictEqual(lines, ["captured: hello", "captured: forked"])
    }))

  it.effect("follow the rules of the innermost tracing layer, and are left as they were beyond it", () =>
    Effect.gen(function*() {
      const { lines, logger } = collecting()
      const line = Effect.log("pwd=hunter2c")
      yield* Effect.gen(function*() {
        yield* line
        yield* line.pipe(Effect.provide(TestTracing.layer({ env: { TRACING_REDACT_LOGS: "false" } })))
        yield* line
      }).pipe(Effect.provide(TestTracing.layer()), Effect.tap(line), Effect.provide(Logger.layer([logger("a")])))
      assert.deepStrictEqual(lines, [
        "a: pwd=[redacted:password]",
        "a: pwd=hunter2c",
        "a: pwd=[redacted:password]",
        "a: pwd=hunter2c"
      ])
    }))

  it.effect("are counted in the status", () =>
    Effect.gen(function*() {
      yield* Effect.log("pwd=hunter2d").pipe(Effect.provide(Logger.layer([Logger.make(() => undefined)])))
      const { redactions } = yield* Tracing
      assert.deepStrictEqual(yield* redactions, { password: 1 })
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("that throw leave the fiber as it was", () =>
    Effect.gen(function*() {
      const { lines, logger } = collecting()
      const throwing = Logger.make<unknown, void>(() => {
        throw new Error("no space left")
      })
      yield* Effect.log("lost").pipe(Effect.provide(Logger.layer([throwing])), Effect.sandbox, Effect.ignore)
      const annotations = yield* References.CurrentLogAnnotations
      assert.deepStrictEqual(annotations, {})
      yield* Effect.log("kept").pipe(Effect.provide(Logger.layer([logger("a")])))
      assert.deepStrictEqual(lines, ["a: kept"])
    }).pipe(Effect.provide(TestTracing.layer())))
})
