import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Scope } from "effect"
import * as fs from "node:fs"
import * as path from "node:path"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"
import type { SetupOptions } from "./support.ts"
import { balances, named, namesAt, outage, pipeline, spoolFiles, until } from "./support.ts"

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

  // Node's own way to make folders never returns there.
  it.live("knows no new folders is told, and tracing goes on in memory", () =>
    unusable("/proc/1/spool", {}, "The spool in /proc/1/spool cannot be used"))

  it.live("is full is told, and tracing goes on in memory", () =>
    Effect.gen(function*() {
      yield* unusable(yield* temporaryFolder, { maxBytes: 100 }, "TRACING_SPOOL_MAX_BYTES")
    }))

  it.live("is removed and not needed again until the process ends is told as lost, not as kept", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* outage
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
      const { folder, receiver } = yield* outage
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
      const { folder, receiver } = yield* outage
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
