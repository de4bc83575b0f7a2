import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Scope } from "effect"
import { Tracing } from "effect-tracing"
import { BatchSpanProcessor, OtlpExporter } from "effect-tracing/export"
import { Ledger, lost, Warnings } from "effect-tracing/ledger"
import { Attributes } from "effect-tracing/model"
import { endedSpan } from "../support/endedSpan.ts"
import { encodePartialSuccess, spansOf } from "../support/otlpMessages.ts"
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
  it.live("delivers a burst whole, each batch in order", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver } = yield* setup
      end(20_000)
      yield* processor.flush
      // Where answers are slow, several requests are under way: batches may overtake each other.
      const batches = receiver.requests.map(({ body }) => spansOf(body).map(({ name }) => Number(name.slice(5))))
      batches.sort(([a = 0], [b = 0]) => a - b)
      assert.deepStrictEqual(batches.flat(), Array.from({ length: 20_000 }, (_, i) => i))
      assert.strictEqual(ledger.balance.exported, 20_000)
    }))

  it.live("lets requests that are under way as the scope closes come to their end", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const scope = yield* Scope.make()
      receiver.reactTo(() => ({ _tag: "respond", delayMillis: 150 }))
      const layer = Tracing.layerWith({ config: { exporters: ["otlp"], otlp: { tracesEndpoint: receiver.url } } })
      const context = yield* Layer.buildWithScope(layer, scope)
      yield* Effect.forEach(Array.from({ length: 3000 }), (_, i) => Effect.withSpan(Effect.void, `span ${i}`)).pipe(
        Effect.provideContext(context)
      )
      yield* receiver.received(1)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(receiver.spans.length, 3000)
      assert.strictEqual(distinct(receiver), 3000)
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
      receiver.react({ _tag: "respond", headers, body: encodePartialSuccess(7, "too old") })
      end(250)
      yield* processor.flush
      assert.deepInclude(ledger.balance, { exported: 243, rejected: 7 })
    }))

  it.live("loses only the spans that the receiver cannot read", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver, warnings } = yield* setup
      const guilty = new Set(["span 17", "span 18", "span 60", "span 199"])
      receiver.reactTo((request) =>
        spansOf(request.body).some((span) => guilty.has(span.name))
          ? { _tag: "respond", status: 400 }
          : { _tag: "respond" }
      )
      end(250)
      yield* processor.shutdown
      const { dropped, exported } = ledger.balance
      assert.deepStrictEqual({ exported, permanent: dropped.permanent_answer }, { exported: 246, permanent: 4 })
      assert.strictEqual(warnings.all[0]!.count, 4)
    }))

  it.live("gives up a batch the receiver cannot read a single span of, and delivers the others", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver } = yield* setup
      receiver.reactTo((request) =>
        spansOf(request.body).some((span) => /^span \d{1,2}$/.test(span.name))
          ? { _tag: "respond", status: 400 }
          : { _tag: "respond" }
      )
      end(300)
      yield* processor.flush
      const { dropped, exported } = ledger.balance
      assert.deepStrictEqual({ exported, permanent: dropped.permanent_answer }, { exported: 200, permanent: 100 })
      assert.isBelow(receiver.requests.length, 40)
    }))

  it.live("sends again what a receiver that refuses everything refused, as soon as it takes a span", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver } = yield* setup
      let refused = 0
      receiver.reactTo(() => ++refused < 12 ? { _tag: "respond", status: 400 } : { _tag: "respond" })
      end(300)
      yield* processor.shutdown
      const { dropped, exported } = ledger.balance
      assert.strictEqual(exported + dropped.permanent_answer, 300)
      assert.isAtMost(dropped.permanent_answer, 4)
      assert.strictEqual(distinct(receiver), 300)
    }))

  it.live("halves what is too large for the receiver, and cuts down a span that is too large alone", () =>
    Effect.gen(function*() {
      const { ledger, processor, receiver, warnings } = yield* setup
      receiver.reactTo((request) => request.bytes > 10_000 ? { _tag: "respond", status: 413 } : { _tag: "respond" })
      for (let i = 0; i < 20; i++) {
        ledger.start()
        processor.onEnd(endedSpan({ name: `span ${i}`, attributes: { text: "x".repeat(i === 3 ? 50_000 : 2000) } }))
      }
      yield* processor.flush
      assert.deepInclude(ledger.balance, { exported: 20, started: 20 })
      const taken = receiver.requests.filter((request) => request.bytes <= 10_000)
        .flatMap((request) => spansOf(request.body))
      assert.lengthOf(taken, 20)
      const trimmed = taken.find((span) => span.name === "span 3")!
      assert.deepInclude(trimmed.attributes, { key: "span.trimmed", value: { boolValue: true } })
      assert.include(warnings.all[0]!.message, "is cut down and sent again")
    }))

  it.live("makes no request over 4 MiB", () =>
    Effect.gen(function*() {
      const { ledger, processor, receiver } = yield* setup
      for (let i = 0; i < 12; i++) {
        ledger.start()
        // Three bytes a character, so that it is more encoded than in memory.
        processor.onEnd(endedSpan({ name: `span ${i}`, attributes: { text: "\u{4e16}".repeat(500_000) } }))
      }
      yield* processor.flush
      assert.strictEqual(ledger.balance.exported, 12)
      assert.isBelow(Math.max(...receiver.requests.map((request) => request.bytes)), 4 * 1024 * 1024)
      assert.notInclude(receiver.spans.flatMap((span) => span.attributes.map(({ key }) => key)), "span.trimmed")
    }))

  it.live("says that spans may be doubled where a request ended without an answer, and not where it cannot have arrived", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver, warnings } = yield* setup
      receiver.react({ _tag: "reset" })
      end(100)
      yield* processor.shutdown
      assert.lengthOf(receiver.spans, 200)
      assert.deepInclude(ledger.balance, { exported: 100, maybeDoubled: 100 })
      assert.include(warnings.all.map((warning) => warning.message).join("\n"), "100 spans may be at")
    }))

  it.live("holds what is refused for want of credentials until that is mended, and says so", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver, warnings } = yield* setup
      receiver.react({ _tag: "respond", status: 401 })
      end(300)
      yield* processor.shutdown
      assert.deepInclude(ledger.balance, { exported: 300 })
      assert.lengthOf(receiver.requests, 4)
      assert.include(warnings.all[0]!.message, "OTEL_EXPORTER_OTLP_HEADERS")
    }))

  it.live("has several requests under way where answers are slow, and one again after a failure", () =>
    Effect.gen(function*() {
      const { end, ledger, processor, receiver } = yield* setup
      receiver.reactTo(() => ({ _tag: "respond", delayMillis: 150 }))
      end(2000)
      yield* processor.flush
      assert.strictEqual(ledger.balance.exported, 2000)
      assert.isAtLeast(new Set(receiver.requests.map((request) => request.connection)).size, 3)
      assert.isAtMost(new Set(receiver.requests.map((request) => request.connection)).size, 6)
    }))
})
