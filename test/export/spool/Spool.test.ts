import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { lost } from "effect-tracing/ledger"
import * as fs from "node:fs"
import { balances, left, named, namesAt, outage, pipeline, spoolFiles, surroundings, until } from "./support.ts"

describe("A spool", () => {
  it.live("keeps what a collector that is down does not take, and delivers it in order when it is back", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* outage
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
      const { folder, receiver } = yield* outage
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
      const { folder, receiver } = yield* surroundings
      const { close, end, ledger } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(200)
      yield* close
      assert.deepStrictEqual(namesAt(receiver), named(200))
      assert.strictEqual(ledger.balance.exported, 200)
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }))

  it.live("writes what is in flight when the time for the shutdown is up", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* surroundings
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
      const { folder, receiver } = yield* surroundings
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
      const { folder, receiver } = yield* surroundings
      receiver.react({ _tag: "respond", status: 503, headers: { "retry-after": "1" } })
      const { end, ledger, processor } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(10)
      yield* receiver.received(1)
      yield* processor.flush
      yield* until(() => ledger.balance.exported === 10)
      assert.isAtLeast(receiver.requests[1]!.arrivedAt - receiver.requests[0]!.arrivedAt, 1000)
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
      const { folder, receiver } = yield* outage
      const { end, ledger, warnings } = yield* pipeline(receiver.url, folder, { mode: "always", maxAgeMillis: 0 })
      end(10)
      yield* until(() => ledger.balance.dropped.too_old === 10)
      balances(ledger)
      assert.include(warnings.all.map(({ message }) => message).join("\n"), "TRACING_SPOOL_MAX_AGE_MS")
    }))

  it.live("tries once more at the end, whatever pause it has made after a failure", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* outage
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
