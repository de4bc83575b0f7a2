import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import type { SpanExporter } from "effect-tracing/export"
import { BatchSpanProcessor, OtlpExporter } from "effect-tracing/export"
import { Ledger, lost, Warnings } from "effect-tracing/ledger"
import { Attributes } from "effect-tracing/model"
import type { ChildProcess } from "node:child_process"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { endedSpan } from "../../support/endedSpan.ts"
import { encodePartialSuccess, spansOf } from "../../support/otlpMessages.ts"
import type { OtlpReceiver } from "../../support/OtlpReceiver.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"

const resource = { attributes: new Attributes(), schemaUrl: undefined }

const temporaryFolder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "tracing-spool-"))),
  (folder) => Effect.sync(() => fs.rmSync(folder, { recursive: true, force: true }))
)

interface SetupOptions {
  readonly mode?: "unsent" | "always"
  readonly maxBytes?: number
  readonly maxAgeMillis?: number
  readonly queueBytes?: number
  readonly timeoutMillis?: number
}

/** A pipeline with a spool, to be closed by hand: each is to the others as a process of its own. */
const pipeline = Effect.fnUntraced(function*(url: string, directory: string, options: SetupOptions = {}) {
  const { maxAgeMillis = 1e9, maxBytes = 1e9, mode = "unsent", queueBytes = 1e8, timeoutMillis = 500 } = options
  const scope = yield* Scope.fork(yield* Effect.scope)
  const ledger = new Ledger()
  const warnings = new Warnings()
  const exporter: SpanExporter = yield* OtlpExporter.make({
    resource,
    tracesEndpoint: url,
    timeoutMillis,
    spool: { directory, mode, maxBytes, maxAgeMillis, sync: true, warnings }
  }).pipe(Scope.provide(scope))
  const processor = yield* BatchSpanProcessor.make({
    exporters: [exporter],
    batch: {
      scheduleDelayMillis: 20,
      exportTimeoutMillis: 5000,
      maxQueueSize: undefined,
      maxExportBatchSize: 10,
      queueBytes
    },
    shutdownTimeoutMillis: 2000,
    ledger,
    warnings
  }).pipe(Scope.provide(scope))
  return {
    ledger,
    warnings,
    processor,
    end: (count: number, name = "span", from = 0): void => {
      for (let i = from; i < from + count; i++) {
        ledger.start()
        processor.onEnd(endedSpan({ name: `${name} ${i}` }))
      }
    },
    close: Scope.close(scope, Exit.void)
  }
})

const balances = (ledger: Ledger): void => {
  const { dropped, lateWrites: _, maybeDoubled: __, started, ...accounts } = ledger.balance
  const sum = [...Object.values(accounts), ...Object.values(dropped)].reduce((total, count) => total + count, 0)
  assert.strictEqual(sum, started)
}

const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.asVoid(Effect.repeat(Effect.delay(Effect.sync(condition), 10), { until: (isSo) => isSo }))

const namesAt = (receiver: OtlpReceiver): ReadonlyArray<string> => receiver.spans.map((span) => span.name)

const named = (count: number, name = "span"): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => `${name} ${i}`)

const spoolFiles = (folder: string): ReadonlyArray<string> =>
  fs.readdirSync(folder).filter((name) => name.endsWith(".spool"))

const start = (...args: ReadonlyArray<string>): Effect.Effect<ChildProcess, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const fixture = fileURLToPath(new URL("../fixtures/spoolSpans.ts", import.meta.url))
      return spawn(process.execPath, ["--conditions=effect-tracing-source", fixture, ...args], {
        stdio: ["ignore", "pipe", "inherit"]
      })
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** Waits for a line the process prints, or for its end. */
const output = (child: ChildProcess, isEnough: (text: string) => boolean = () => false): Effect.Effect<string> =>
  Effect.callback((resume) => {
    let text = ""
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      if (isEnough(text)) resume(Effect.succeed(text))
    })
    child.on("close", () => resume(Effect.succeed(text)))
  })

describe("A spool", () => {
  it.live("keeps what a collector that is down does not take, and delivers it in order when it is back", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const { end, ledger, processor } = yield* pipeline(receiver.url, folder)
      end(50)
      yield* until(() => ledger.balance.spooled === 50)
      balances(ledger)
      assert.isAbove(spoolFiles(folder).length, 0)
      yield* receiver.start
      yield* processor.flush
      assert.deepStrictEqual(namesAt(receiver), named(50))
      assert.strictEqual(ledger.balance.exported, 50)
      balances(ledger)
    }))

  it.live("hands what one process could not deliver to the next, once", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const first = yield* pipeline(receiver.url, folder)
      first.end(30)
      yield* first.close
      assert.strictEqual(first.ledger.balance.spooled, 30)
      assert.strictEqual(lost(first.ledger.balance), 0)
      yield* receiver.start
      const second = yield* pipeline(receiver.url, folder)
      yield* receiver.received(1)
      yield* second.processor.flush
      second.end(5, "later")
      yield* second.close
      assert.sameMembers(namesAt(receiver).slice(0, 30), [...named(30)])
      assert.deepStrictEqual(namesAt(receiver).slice(30), named(5, "later"))
      assert.deepStrictEqual(fs.readdirSync(folder), [])
      balances(second.ledger)
    }))

  it.live("writes everything first where it is to, and deletes what is delivered", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      const { close, end, ledger } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(200)
      yield* close
      assert.deepStrictEqual(namesAt(receiver), named(200))
      assert.strictEqual(ledger.balance.exported, 200)
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }))

  it.live("writes what is in flight when the time for the shutdown is up", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      receiver.react({ _tag: "hang" }, { _tag: "hang" }, { _tag: "hang" }, { _tag: "hang" }, { _tag: "hang" })
      const { close, end, ledger } = yield* pipeline(receiver.url, folder, { timeoutMillis: 60_000 })
      end(40)
      yield* receiver.received(1)
      yield* close
      assert.strictEqual(ledger.balance.spooled, 40)
      balances(ledger)
    }), 15_000)

  it.live("takes what memory has no room for", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      receiver.react({ _tag: "hang" })
      const { end, ledger, processor } = yield* pipeline(receiver.url, folder, { queueBytes: 20_000 })
      end(2000)
      yield* processor.flush
      yield* until(() => ledger.balance.exported === 2000)
      assert.sameMembers([...new Set(namesAt(receiver))], [...named(2000)])
      balances(ledger)
    }), 20_000)

  it.live("makes no request before the time the receiver asked for", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      receiver.react({ _tag: "respond", status: 503, headers: { "retry-after": "1" } })
      const { end, ledger, processor } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(10)
      yield* receiver.received(1)
      yield* processor.flush
      yield* until(() => ledger.balance.exported === 10)
      assert.isAtLeast(receiver.requests[1]!.arrivedAt - receiver.requests[0]!.arrivedAt, 1000)
    }))

  it.live("counts what the receiver refused", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      receiver.react({
        _tag: "respond",
        headers: { "content-type": "application/x-protobuf" },
        body: encodePartialSuccess(4, "too old")
      })
      const { close, end, ledger } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(10)
      yield* close
      assert.deepInclude(ledger.balance, { exported: 6, rejected: 4 })
      balances(ledger)
    }))

  /** What one process with 30 spans could not deliver to a receiver that was down, and now is not. */
  const left = Effect.gen(function*() {
    const folder = yield* temporaryFolder
    const receiver = yield* makeOtlpReceiver()
    yield* receiver.stop
    const first = yield* pipeline(receiver.url, folder)
    first.end(30)
    yield* first.close
    yield* receiver.start
    return { folder, receiver }
  })

  const refuse = (receiver: OtlpReceiver, isGuilty: (name: string) => boolean): void =>
    receiver.reactTo(({ body }) =>
      spansOf(body).some(({ name }) => isGuilty(name)) ? { _tag: "respond", status: 400 } : { _tag: "respond" }
    )

  const takenBy = (receiver: OtlpReceiver): ReadonlyArray<string> =>
    receiver.requests.filter(({ answered }) => answered === 200).flatMap(({ body }) => spansOf(body)).map(({ name }) =>
      name
    )

  it.live("gives up only the spans a receiver cannot read", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* left
      const guilty = new Set(["span 3", "span 4", "span 17"])
      refuse(receiver, (name) => guilty.has(name))
      const second = yield* pipeline(receiver.url, folder)
      yield* until(() => takenBy(receiver).length === 27)
      yield* second.close
      assert.sameMembers([...takenBy(receiver)], named(30).filter((name) => !guilty.has(name)))
      assert.strictEqual(second.warnings.all.find(({ key }) => key.includes("lost permanent_answer"))?.count, 3)
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }))

  it.live("gives up a batch of which a receiver reads no span, and delivers the others", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* left
      refuse(receiver, (name) => /^span 1\d$/.test(name))
      const second = yield* pipeline(receiver.url, folder)
      yield* until(() => takenBy(receiver).length === 20)
      yield* second.close
      assert.sameMembers([...takenBy(receiver)], named(30).filter((name) => !/^span 1\d$/.test(name)))
      assert.isBelow(receiver.requests.length, 20)
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }))

  it.live("loses next to nothing to a receiver that refuses everything for a while", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      const { close, end, ledger, processor } = yield* pipeline(receiver.url, folder, { mode: "always" })
      let refused = 0
      receiver.reactTo(() => ++refused < 20 ? { _tag: "respond", status: 400 } : { _tag: "respond" })
      end(100)
      yield* Effect.forkChild(Effect.forever(Effect.delay(processor.flush, 10)))
      yield* until(() => takenBy(receiver).length > 80)
      yield* close
      const { dropped, exported } = ledger.balance
      assert.strictEqual(exported + dropped.permanent_answer, 100)
      assert.isAtMost(dropped.permanent_answer, 6)
      balances(ledger)
    }))

  it.live("says in the status how many spans wait on disk", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* left
      receiver.reactTo(() => ({ _tag: "respond", status: 503 }))
      const { close, end, processor } = yield* pipeline(receiver.url, folder)
      end(10)
      yield* receiver.received(1)
      yield* until(() => spoolFiles(folder).length === 2)
      const [status] = yield* processor.exporters
      assert.deepInclude(status, { waiting: 0, spooled: 40 })
      receiver.reactTo(() => ({ _tag: "respond" }))
      yield* processor.flush
      assert.deepInclude((yield* processor.exporters)[0], { waiting: 0, spooled: 0, delivered: 10 })
      yield* close
    }))

  it.live("gives up what is too old, and says so", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const { end, ledger, warnings } = yield* pipeline(receiver.url, folder, { mode: "always", maxAgeMillis: 0 })
      end(10)
      yield* until(() => ledger.balance.dropped.too_old === 10)
      balances(ledger)
      assert.include(warnings.all.map(({ message }) => message).join("\n"), "TRACING_SPOOL_MAX_AGE_MS")
    }))

  it.live("tries once more at the end, whatever pause it has made after a failure", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const { close, end, ledger, warnings } = yield* pipeline(receiver.url, folder, { timeoutMillis: 10_000 })
      end(20)
      yield* until(() => ledger.balance.spooled === 20)
      // The first attempt had the spans in memory, the second on disk.
      yield* until(() => warnings.all.some(({ count, key }) => key.endsWith("unreachable") && count > 1))
      yield* receiver.start
      yield* close
      assert.strictEqual(ledger.balance.exported, 20)
      assert.deepStrictEqual(namesAt(receiver), named(20))
    }))
})

describe("A spool, with a disk or folder that", () => {
  const unusable = (
    directory: string,
    options: SetupOptions,
    expected: string
  ): Effect.Effect<void, never, Scope.Scope> =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const { close, end, ledger, warnings } = yield* pipeline(receiver.url, directory, { mode: "always", ...options })
      end(20)
      yield* until(() => warnings.all.some(({ message }) => message.includes(expected)))
      assert.strictEqual(ledger.balance.spooled, 0)
      yield* receiver.start
      yield* close
      assert.strictEqual(ledger.balance.exported, 20)
      assert.lengthOf(new Set(namesAt(receiver)), 20)
    })

  it.live("cannot be used is told, and tracing goes on in memory", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      fs.writeFileSync(path.join(folder, "file"), "")
      yield* unusable(path.join(folder, "file"), {}, "a part of the path is a file")
    }))

  it.live("is full is told, and tracing goes on in memory", () =>
    Effect.gen(function*() {
      yield* unusable(yield* temporaryFolder, { maxBytes: 100 }, "TRACING_SPOOL_MAX_BYTES")
    }))

  it.live("is removed and not needed again until the process ends is told as lost, not as kept", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const { close, end, ledger, warnings } = yield* pipeline(receiver.url, folder)
      end(20)
      yield* until(() => ledger.balance.spooled === 20)
      fs.rmSync(folder, { recursive: true, maxRetries: 10 })
      yield* close
      assert.strictEqual(ledger.balance.dropped.shutdown, 20)
      assert.strictEqual(ledger.balance.spooled, 0)
      assert.include(warnings.all.map(({ message }) => message).join("\n"), "their files were removed")
      balances(ledger)
    }))

  it.live("is removed while the process runs loses nothing of this process", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const { end, ledger, processor } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(20)
      yield* until(() => ledger.balance.spooled === 20)
      fs.rmSync(folder, { recursive: true })
      end(20, "span", 20)
      yield* until(() => ledger.balance.spooled === 40)
      yield* receiver.start
      yield* processor.flush
      assert.deepStrictEqual(namesAt(receiver), named(40))
    }))

  it.live("holds files of others is told, and they are left alone", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      fs.writeFileSync(path.join(folder, "notes.txt"), "mine")
      fs.writeFileSync(path.join(folder, "00000000000001-0123456789abcdef-1.spool"), "not a segment")
      const receiver = yield* makeOtlpReceiver()
      const { close, end, warnings } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(10)
      yield* close
      assert.lengthOf(receiver.spans, 10)
      assert.deepStrictEqual(fs.readdirSync(folder), ["00000000000001-0123456789abcdef-1.spool", "notes.txt"])
      assert.strictEqual(warnings.all.find(({ key }) => key === "spool strange")?.count, 2)
    }))

  it.live("has a segment that was torn keeps all but its end, which is told", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const first = yield* pipeline(receiver.url, folder)
      first.end(20)
      yield* first.close
      const file = path.join(folder, spoolFiles(folder)[0]!)
      fs.truncateSync(file, fs.readFileSync(file).lastIndexOf("span 19"))
      yield* receiver.start
      const second = yield* pipeline(receiver.url, folder)
      yield* receiver.received(1)
      yield* second.close
      assert.deepStrictEqual(namesAt(receiver), named(10))
      assert.include(second.warnings.all.map(({ message }) => message).join("\n"), "were cut off")
    }))
})

describe("A process with a spool", () => {
  it.live("loses nothing of what it wrote when it is killed", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const child = yield* start(receiver.url, folder, "always", "1000", "wait", "span")
      yield* output(child, (text) => text.includes("ended"))
      child.kill("SIGKILL")
      yield* output(child)
      yield* receiver.start
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length >= 1000)
      yield* next.close
      assert.deepStrictEqual(namesAt(receiver), named(1000))
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }), 30_000)

  it.live("tells the next process what it may have delivered when it was killed", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      receiver.reactTo(() => ({ _tag: "hang" }))
      const child = yield* start(receiver.url, folder, "always", "100", "wait", "first")
      yield* receiver.received(1)
      child.kill("SIGKILL")
      yield* output(child)
      receiver.reactTo(() => ({ _tag: "respond" }))
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length === 200)
      yield* next.close
      const doubled = next.warnings.all.find(({ key }) => key.includes("earlier maybe doubled"))
      assert.include(doubled?.message, "100 spans of an earlier process may be at")
      assert.strictEqual(doubled?.count, 100)
    }))

  it.live("does not speak of doubled spans where none can have arrived", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const child = yield* start(receiver.url, folder, "always", "100", "wait", "first")
      yield* output(child, (text) => text.includes("ended"))
      child.kill("SIGKILL")
      yield* output(child)
      yield* receiver.start
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length === 100)
      yield* next.close
      assert.deepStrictEqual(next.warnings.all, [])
    }))

  it.live("loses nothing of what had ended when it calls process.exit", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      yield* output(yield* start(receiver.url, folder, "unsent", "1000", "exit", "span"))
      yield* receiver.start
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length >= 1000)
      yield* next.close
      assert.deepStrictEqual(namesAt(receiver), named(1000))
    }), 30_000)

  it.live("shares the folder with others that live, and takes nothing of theirs", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const waiting = yield* start(receiver.url, folder, "always", "300", "wait", "a")
      yield* output(waiting, (text) => text.includes("ended"))
      const done = yield* output(yield* start(receiver.url, folder, "unsent", "300", "close", "b"))
      assert.include(done, "\"spooled\":300")
      yield* receiver.start
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length >= 600)
      yield* next.close
      assert.sameMembers([...namesAt(receiver)], [...named(300, "a"), ...named(300, "b")])
    }), 30_000)
})
