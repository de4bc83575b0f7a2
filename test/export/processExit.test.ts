import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"

const fixture = fileURLToPath(new URL("fixtures/exportOnce.ts", import.meta.url))

const Report = Schema.fromJsonString(Schema.Struct({
  millis: Schema.Finite,
  exported: Schema.Finite,
  queued: Schema.Finite,
  inFlight: Schema.Finite,
  lostAtShutdown: Schema.Finite
}))

/** Runs the program to its end, and reads what it printed. */
const run = (url: string, what: "leave" | "flush" | "close"): Effect.Effect<typeof Report.Type> =>
  Effect.callback<string>((resume) => {
    const child = spawn(process.execPath, ["--conditions=effect-tracing-source", fixture, url, what], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    let output = ""
    child.stdout.on("data", (chunk: Buffer) => output += chunk.toString())
    child.on(
      "close",
      (code) => resume(code === 0 ? Effect.succeed(output) : Effect.die(`ended with ${code}: ${output}`))
    )
    return Effect.sync(() => child.kill())
  }).pipe(Effect.flatMap((output) => Effect.orDie(Schema.decodeEffect(Report)(output))))

describe("A process that exports", () => {
  it.live("ends while a request hangs and a batch waits for its timer", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.react({ _tag: "hang" })
      const report = yield* run(receiver.url, "leave")
      assert.isBelow(report.millis, 30_000)
      assert.deepInclude(report, { exported: 0, inFlight: 2, queued: 1 })
    }))

  it.live("ends while an unreachable receiver is tried again", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const report = yield* run(receiver.url, "leave")
      assert.isBelow(report.millis, 30_000)
      assert.deepInclude(report, { exported: 0, inFlight: 0, queued: 3 })
    }))

  it.live("ends with a connection kept open", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const report = yield* run(receiver.url, "leave")
      assert.isBelow(report.millis, 30_000)
      assert.deepInclude(report, { exported: 2, queued: 1 })
    }))

  it.live("lives as long as a flush takes", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.react({ _tag: "respond", delayMillis: 600 }, { _tag: "respond", delayMillis: 300 })
      const report = yield* run(receiver.url, "flush")
      assert.deepInclude(report, { exported: 3, queued: 0, inFlight: 0 })
      assert.lengthOf(receiver.spans, 3)
    }))

  it.live("lives as long as the shutdown takes, and no longer than it may", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.react({ _tag: "respond", delayMillis: 600 })
      assert.deepInclude(yield* run(receiver.url, "close"), { exported: 3, lostAtShutdown: 0 })
      receiver.react({ _tag: "hang" })
      const hung = yield* run(receiver.url, "close")
      // The batch that hangs is lost; the one behind it is not.
      assert.deepInclude(hung, { exported: 1, lostAtShutdown: 2 })
      assert.isBelow(hung.millis, 30_000)
    }))
})
