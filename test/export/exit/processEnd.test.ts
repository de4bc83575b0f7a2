import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { OtlpReceiver } from "../../support/OtlpReceiver.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const fixture = fileURLToPath(new URL("../fixtures/endings.ts", import.meta.url))

interface Ended {
  readonly code: number | string
  readonly out: string
  readonly err: string
  /** The lines of tracing at the exit. */
  readonly lines: ReadonlyArray<string>
  /** Since the first signal, in milliseconds. */
  readonly ending: number
}

/** Runs the program to its end; `onOutput` sees what it prints, and may send it signals. */
const run = (
  receiver: OtlpReceiver,
  mode: string,
  environment: Readonly<Record<string, string>> = {},
  onOutput: (child: ChildProcess, chunk: string) => void = () => {}
): Effect.Effect<Ended> =>
  Effect.callback((resume) => {
    const child = spawn(process.execPath, ["--conditions=effect-tracing-source", fixture, ...mode.split(" ")], {
      env: {
        PATH: process.env["PATH"],
        TRACING_OTLP_ENDPOINT: `http://127.0.0.1:${receiver.port}`,
        OTEL_BSP_SCHEDULE_DELAY: "60000",
        ...environment
      }
    })
    let [out, err, signalledAt] = ["", "", 0]
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString()
      if (chunk.toString().includes("ready")) signalledAt = performance.now()
      onOutput(child, chunk.toString())
    })
    child.stderr.on("data", (chunk: Buffer) => err += chunk.toString())
    child.on("close", (code, signal) => {
      const lines = err.match(/^Tracing: of .*$/gm) ?? []
      resume(Effect.succeed({ code: code ?? signal ?? "?", out, err, lines, ending: performance.now() - signalledAt }))
    })
    return Effect.sync(() => child.kill("SIGKILL"))
  })

const signalWhenReady = (signal: NodeJS.Signals) => (child: ChildProcess, chunk: string): void => {
  if (chunk.includes("ready")) child.kill(signal)
}

const named = (name: string): ReadonlyArray<string> => Array.from({ length: 10 }, (_, i) => `${name} ${i}`)

const namesAt = (receiver: OtlpReceiver): Array<string> => receiver.spans.map(({ name }) => name)

/** The attribute of spans that nobody ended. */
const unfinishedAt = (receiver: OtlpReceiver): ReadonlyArray<string> =>
  receiver.spans.filter(({ attributes }) => attributes.some(({ key }) => key === "span.unfinished")).map(({ name }) =>
    name
  )

describe("The end of a process", () => {
  it.live("by process.exit leaves its code, and tells in one line what could not be sent", () =>
    Effect.gen(function*() {
      const ended = yield* run(yield* makeOtlpReceiver(), "exit")
      assert.strictEqual(ended.code, 3)
      assert.strictEqual(ended.out, "")
      assert.strictEqual(
        ended.err,
        "Tracing: of 11 spans 0 were exported; lost: still open 1, not yet sent 10\n"
      )
    }))

  it.live("by process.exit leaves spans in the spool, those that are open too, and the next process delivers them", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const folder = yield* temporaryFolder
      const ended = yield* run(receiver, "exit", { TRACING_SPOOL_DIR: folder, OTEL_SERVICE_NAME: "first" })
      assert.strictEqual(ended.code, 3)
      assert.deepStrictEqual(ended.lines, [])
      yield* run(receiver, "scope", { TRACING_SPOOL_DIR: folder, OTEL_SERVICE_NAME: "second" })
      const names = namesAt(receiver)
      for (const name of [...named("span"), "open"]) assert.strictEqual(names.filter((one) => one === name).length, 2)
      assert.deepStrictEqual(unfinishedAt(receiver), ["open"])
    }))

  it.live("by an uncaught exception leaves its code and its message, and tells what was lost", () =>
    Effect.gen(function*() {
      const ended = yield* run(yield* makeOtlpReceiver(), "throw")
      assert.strictEqual(ended.code, 1)
      assert.include(ended.err, "Error: thrown for the test")
      assert.lengthOf(ended.lines, 1)
    }))

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it.live(`by ${signal} comes after what is left was sent`, () =>
      Effect.gen(function*() {
        const receiver = yield* makeOtlpReceiver()
        const ended = yield* run(receiver, "wait", {}, signalWhenReady(signal))
        assert.strictEqual(ended.code, signal)
        assert.strictEqual(ended.err, "")
        assert.sameMembers(namesAt(receiver), [...named("span"), "open"])
        assert.deepStrictEqual(unfinishedAt(receiver), ["open"])
      }))
  }

  it.live("with its terminal comes after what is left was sent, whatever the program still prints", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.reactTo(() => ({ _tag: "respond", delayMillis: 900 }))
      const ended = yield* run(receiver, "chat", {}, (child) => {
        child.stdout!.destroy()
        child.kill("SIGHUP")
        // By the system and by the shell.
        setTimeout(() => child.kill("SIGHUP"), 100)
      })
      assert.strictEqual(ended.code, "SIGHUP")
      assert.strictEqual(ended.err, "")
      assert.sameMembers(namesAt(receiver), [...named("span"), "open"])
    }))

  for (const signal of ["SIGHUP", "SIGINT"] as const) {
    it.live(`does not come by a ${signal} that the program lives through, which cuts no other short`, () =>
      Effect.gen(function*() {
        const receiver = yield* makeOtlpReceiver()
        const ended = yield* run(receiver, `listenTo ${signal}`, {}, (child, chunk) => {
          child.kill(chunk.includes("heard") ? "SIGTERM" : signal)
        })
        assert.deepInclude(ended, { code: "SIGTERM", out: "ready\nheard\n", err: "" })
        assert.sameMembers(namesAt(receiver), [...named("span"), "open"])
      }))
  }

  it.live("comes at once with a second signal, and tells what was lost", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.reactTo(() => ({ _tag: "hang" }))
      let signal = (): void => {}
      const running = yield* Effect.forkChild(
        run(receiver, "wait", { TRACING_SHUTDOWN_TIMEOUT_MS: "60000" }, (child) => {
          signal = () => child.kill("SIGINT")
          signal()
        })
      )
      yield* receiver.received(1)
      signal()
      const ended = yield* Fiber.join(running)
      assert.strictEqual(ended.code, "SIGINT")
      assert.isBelow(ended.ending, 20_000)
      assert.lengthOf(ended.lines, 1)
      assert.match(ended.lines[0]!, /^Tracing: of 11 spans 0 were exported; lost: (shutdown|not yet sent) 11$/)
    }))

  it.live("is not cut short by signals that the program lived through", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.reactTo(() => ({ _tag: "respond", delayMillis: 300 }))
      let signals = 0
      const ended = yield* run(receiver, "ignore", {}, (child) => {
        if (++signals <= 2) child.kill("SIGINT")
      })
      assert.deepInclude(ended, { code: 0, out: "ready\nheard\nheard\n", err: "" })
      assert.includeMembers(namesAt(receiver), [...named("span")])
    }))

  it.live("delivers what each of two layers has", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const ended = yield* run(receiver, "two", {}, signalWhenReady("SIGTERM"))
      assert.deepInclude(ended, { code: "SIGTERM", err: "" })
      assert.sameMembers(namesAt(receiver), [...named("span"), ...named("other"), "open"])
    }))

  it.live("tells of each of two layers in a line of its own", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const ended = yield* run(receiver, "two", { TRACING_SHUTDOWN_TIMEOUT_MS: "300" }, signalWhenReady("SIGTERM"))
      assert.strictEqual(ended.code, "SIGTERM")
      assert.sameMembers([...ended.lines], [
        "Tracing: of 11 spans 0 were exported; lost: shutdown 11",
        "Tracing: of 10 spans 0 were exported; lost: shutdown 10"
      ])
    }))

  it.live("tells as much as is asked for", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const always = yield* run(receiver, "scope", { TRACING_EXIT_REPORT: "always" })
      assert.strictEqual(always.err, "Tracing: of 11 spans 11 were exported, none was lost\n")
      const never = yield* run(receiver, "exit", { TRACING_EXIT_REPORT: "never" })
      assert.strictEqual(never.err, "")
    }))
})

describe("A worker thread", () => {
  it.live("ends with its spans exported", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const ended = yield* run(receiver, "worker")
      assert.deepInclude(ended, { code: 0, out: "worker ended with 0\n", err: "" })
      assert.sameMembers(namesAt(receiver), [...named("span"), "open"])
    }))

  it.live("that calls process.exit tells what it could not send", () =>
    Effect.gen(function*() {
      const ended = yield* run(yield* makeOtlpReceiver(), "workerExit")
      assert.deepInclude(ended, { code: 0, out: "worker ended with 3\n" })
      assert.deepStrictEqual(ended.lines, ["Tracing: of 11 spans 0 were exported; lost: still open 1, not yet sent 10"])
    }))

  it.live("that calls process.exit leaves its spans in the spool", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const folder = yield* temporaryFolder
      const ended = yield* run(receiver, "workerExit", { TRACING_SPOOL_DIR: folder })
      assert.deepInclude(ended, { code: 0, out: "worker ended with 3\n", err: "" })
      yield* run(receiver, "scope", { TRACING_SPOOL_DIR: folder })
      assert.lengthOf(receiver.spans, 22)
    }))
})
