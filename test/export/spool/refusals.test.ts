import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import { encodePartialSuccess, spansOf } from "../../support/otlpMessages.ts"
import type { OtlpReceiver } from "../../support/OtlpReceiver.ts"
import { balances, left, named, outage, pipeline, refuse, surroundings, takenBy, until } from "./support.ts"

describe("A spool, with a receiver that refuses some of what it gets,", () => {
  it.live("counts what the receiver refused", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* surroundings
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

  it.live.each(
    [
      { maxExportBatchSize: 10, requests: 20, losses: 6 },
      { maxExportBatchSize: 1, requests: 30, losses: 15 }
    ]
  )(
    "loses few of bodies of $maxExportBatchSize spans to a receiver that refuses everything for a while",
    ({ losses, maxExportBatchSize, requests }) =>
      Effect.gen(function*() {
        const { folder, receiver } = yield* surroundings
        const { close, end, ledger, processor } = yield* pipeline(receiver.url, folder, {
          mode: "always",
          maxExportBatchSize
        })
        let refused = 0
        receiver.reactTo(() => ++refused < requests ? { _tag: "respond", status: 400 } : { _tag: "respond" })
        end(100)
        yield* Effect.forkChild(Effect.forever(Effect.delay(processor.flush, 10)))
        yield* until(() => takenBy(receiver).length > 80)
        yield* close
        const { dropped, exported } = ledger.balance
        assert.strictEqual(exported + dropped.permanent_answer, 100)
        assert.isAtMost(dropped.permanent_answer, losses)
        balances(ledger)
      })
  )

  /** A receiver that takes requests up to so many bytes. */
  const takesUpTo = (receiver: OtlpReceiver, bytes: number): void =>
    receiver.reactTo((request) => ({ _tag: "respond", status: request.bytes > bytes ? 413 : 200 }))

  it.live("cuts down a span that is too large alone, marks it and sends it, with the others as they are", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* surroundings
      takesUpTo(receiver, 100_000)
      const { close, end, endOne, ledger, warnings } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(4)
      endOne({ name: "large", attributes: { "page.url": "https://blog.example/", html: "x".repeat(200_000) } })
      end(5, "span", 4)
      yield* close
      assert.sameMembers([...takenBy(receiver)], ["large", ...named(9)])
      const taken = receiver.requests.filter(({ answered }) => answered === 200).flatMap(({ body }) => spansOf(body))
      const large = taken.find(({ name }) => name === "large")!
      assert.deepStrictEqual(large.attributes.map(({ key, value }) => [key, value]), [
        ["span.trimmed", { boolValue: true }],
        ["page.url", { stringValue: "https://blog.example/" }],
        ["html", { stringValue: "x".repeat(1024) }]
      ])
      assert.isEmpty(taken.filter(({ attributes, name }) => name !== "large" && attributes.length > 0))
      assert.strictEqual(ledger.balance.exported, 10)
      balances(ledger)
      assert.include(
        warnings.all.map(({ message }) => message).join("\n"),
        "The span \"large\" is cut down and sent again"
      )
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }))

  it.live("cuts down what an earlier process has left", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* outage
      const first = yield* pipeline(receiver.url, folder)
      first.endOne({ name: "large", attributes: { html: "x".repeat(200_000) } })
      yield* first.close
      takesUpTo(receiver, 100_000)
      yield* receiver.start
      const second = yield* pipeline(receiver.url, folder)
      yield* until(() => takenBy(receiver).length === 1)
      yield* second.close
      assert.deepStrictEqual(takenBy(receiver), ["large"])
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }))

  it.live("cuts down what is larger than receivers take without trying it", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* surroundings
      const { close, endOne } = yield* pipeline(receiver.url, folder, { mode: "always" })
      endOne({ name: "large", attributes: { html: "x".repeat(5 * 1024 * 1024) } })
      yield* close
      assert.deepStrictEqual(takenBy(receiver), ["large"])
      assert.lengthOf(receiver.requests, 1)
      assert.isBelow(receiver.requests[0]!.bytes, 10_000)
    }))

  it.live("gives up a span that is too large even when it is cut down, and says so", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* surroundings
      takesUpTo(receiver, 500)
      const { close, end, endOne, ledger, warnings } = yield* pipeline(receiver.url, folder, { mode: "always" })
      end(1)
      endOne({ name: "large", attributes: { html: "x".repeat(200_000) } })
      yield* close
      assert.deepStrictEqual(takenBy(receiver), ["span 0"])
      assert.strictEqual(ledger.balance.exported, 1)
      assert.strictEqual(ledger.balance.dropped.too_large, 1)
      balances(ledger)
      assert.strictEqual(warnings.all.find(({ key }) => key.includes("lost too_large"))?.count, 1)
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }))
})
