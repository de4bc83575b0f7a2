import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { BatchSpanProcessor, OtlpExporter } from "effect-tracing/export"
import { Ledger, lost, Warnings } from "effect-tracing/ledger"
import { Attributes } from "effect-tracing/model"
import { endedSpan } from "../support/endedSpan.ts"
import { encodePartialSuccess } from "../support/otlpMessages.ts"
import type { OtlpReceiver } from "../support/OtlpReceiver.ts"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"

const setup = Effect.gen(function*() {
  const receiver = yield* makeOtlpReceiver()
  const ledger = new Ledger()
  const warnings = new Warnings()
  const exporter = yield* OtlpExporter.make({
    resource: { attributes: new Attributes(), schemaUrl: undefined },
    tracesEndpoint: receiver.url,
    timeoutMillis: 300
  })
  const processor = yield* BatchSpanProcessor.make({
    exporters: [exporter],
    batch: {
      scheduleDelayMillis: 50,
      exportTimeoutMillis: 30_000,
      maxQueueSize: undefined,
      maxExportBatchSize: 100,
      queueBytes: 64 * 1024 * 1024
    },
    shutdownTimeoutMillis: 15_000,
    ledger,
    warnings
  })
  const end = (count: number): void => {
    for (let i = 0; i < count; i++) {
      ledger.start()
      processor.onEnd(endedSpan({ name: `span ${i}` }))
    }
  }
  return { receiver, ledger, warnings, processor, end }
})

const distinct = (receiver: OtlpReceiver): number => new Set(receiver.spans.map((span) => span.spanId)).size

describe("BatchSpanProcessor with OtlpExporter", () => {
  it.live("delivers a burst whole and in order", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver } = yield* setup
      end(20_000)
      yield* processor.flush
      assert.deepStrictEqual(
        receiver.spans.map((span) => span.name),
        Array.from({ length: 20_000 }, (_, i) => `span ${i}`)
      )
      assert.strictEqual(ledger.balance.exported, 20_000)
    }))

  it.live("loses nothing to a receiver that is down, hangs, or is too busy, and makes no request before its time", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver, warnings } = yield* setup
      yield* receiver.stop
      end(100)
      yield* Effect.sleep(100)
      yield* receiver.start
      receiver.react(
        { _tag: "hang" },
        { _tag: "respond", status: 503, headers: { "retry-after": "1" } }
      )
      end(50)
      yield* processor.shutdown
      assert.strictEqual(ledger.balance.exported, 150)
      assert.strictEqual(lost(ledger.balance), 0)
      assert.strictEqual(distinct(receiver), 150)
      const busy = receiver.requests[1]!
      assert.isAtLeast(receiver.requests[2]!.arrivedAt - busy.arrivedAt, 1000)
      assert.includeMembers(warnings.all.map((warning) => warning.key.split(" ").slice(3).join(" ")), [
        "unreachable",
        "timeout",
        "status 503"
      ])
    }))

  it.live("does not send twice what was taken with an answer torn off", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver } = yield* setup
      receiver.react({ _tag: "tear" })
      end(100)
      yield* processor.flush
      assert.lengthOf(receiver.requests, 1)
      assert.strictEqual(ledger.balance.exported, 100)
    }))

  it.live("counts exactly what the receiver refused", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver } = yield* setup
      const headers = { "content-type": "application/x-protobuf" }
      receiver.react({ _tag: "respond", headers, body: encodePartialSuccess(7, "too old") }, {
        _tag: "respond",
        status: 400
      })
      end(250)
      yield* processor.flush
      const { dropped, exported, rejected } = ledger.balance
      assert.deepStrictEqual({ exported, rejected, permanent: dropped.permanent_answer }, {
        exported: 143,
        rejected: 7,
        permanent: 100
      })
    }))
})
