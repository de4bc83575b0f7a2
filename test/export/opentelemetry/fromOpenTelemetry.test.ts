import { assert, describe, it } from "@effect/vitest"
import { context } from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import { ExportResultCode, isTracingSuppressed } from "@opentelemetry/core"
import { OTLPTraceExporter as HttpExporter } from "@opentelemetry/exporter-trace-otlp-http"
import { OTLPTraceExporter as ProtoExporter } from "@opentelemetry/exporter-trace-otlp-proto"
import type { SpanExporter } from "@opentelemetry/sdk-trace-base"
import { Arbitrary, Effect } from "effect"
import { BatchSpanProcessor, fromOpenTelemetry, OtlpExporter } from "effect-tracing/export"
import { Ledger, Warnings } from "effect-tracing/ledger"
import { Attributes } from "effect-tracing/model"
import { endedSpan } from "../../support/endedSpan.ts"
import { generatedSpan } from "../../support/generatedSpans.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"

const resource = { attributes: Attributes.fromRecord({ "service.name": "blog" }), schemaUrl: undefined }
const spans = [endedSpan({ name: "GET" }), endedSpan({ name: "INSERT posts" })]

const exporterThat = (
  behaves: SpanExporter["export"],
  shutdown: () => Promise<void> = () => Promise.resolve()
): SpanExporter => ({
  export: behaves,
  shutdown
})

const exporters = [
  {
    name: "exporter-trace-otlp-http",
    make: (url: string): SpanExporter => new HttpExporter({ url }),
    protocol: "http/json"
  },
  {
    name: "exporter-trace-otlp-proto",
    make: (url: string): SpanExporter => new ProtoExporter({ url }),
    protocol: "http/protobuf"
  }
] as const

describe("fromOpenTelemetry", () => {
  for (const { make, name, protocol } of exporters) {
    it.live(`delivers by ${name} what our own exporter delivers`, () =>
      Effect.gen(function*() {
        const receiver = yield* makeOtlpReceiver()
        // Half a surrogate pair is the one thing that OpenTelemetry writes differently; the encodings have a test of it.
        const generated = (yield* Arbitrary.sampleEffect(generatedSpan, { count: 60, seed: 1 })).filter((span) =>
          !/\\ud[89a-f]/.test(JSON.stringify([span.name, span.attributes.toRecord()]))
        )
        const theirs = fromOpenTelemetry(make(receiver.url), { resource })
        const ours = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url, protocol })
        yield* theirs.export(generated)
        yield* theirs.shutdown
        yield* ours.export(generated)
        const [first, second] = receiver.requests
        assert.strictEqual(first?.headers["content-type"], second?.headers["content-type"])
        assert.deepStrictEqual(
          first?.body.resourceSpans[0]?.scopeSpans.map((group) =>
            group.spans.map((span) => [span.name, span.spanId, span.attributes])
          ),
          second?.body.resourceSpans[0]?.scopeSpans.map((group) =>
            group.spans.map((span) => [span.name, span.spanId, span.attributes])
          )
        )
        assert.lengthOf(receiver.spans, 2 * generated.length)
      }))
  }

  it.effect("is named after its class, or as it is told", () =>
    Effect.sync(() => {
      assert.strictEqual(fromOpenTelemetry(new HttpExporter(), { resource }).name, "OTLPTraceExporter")
      assert.strictEqual(fromOpenTelemetry(new HttpExporter(), { resource, name: "tempo" }).name, "tempo")
    }))

  it.effect("fails for good where the exporter says that it failed, since it has tried again itself", () =>
    Effect.gen(function*() {
      const failing = exporterThat((_, done) => done({ code: ExportResultCode.FAILED, error: new Error("no route") }))
      const error = yield* Effect.flip(fromOpenTelemetry(failing, { resource, name: "tempo" }).export(spans))
      assert.isFalse(error.retryable)
      assert.include(error.message, "tempo: no route")
    }))

  it.live("books what an exporter says, throws or keeps to itself", () =>
    Effect.gen(function*() {
      const ledger = new Ledger()
      let calls = 0
      const wild = exporterThat((_, done) => {
        calls++
        if (calls === 1) throw new Error("oops")
        if (calls === 2) return
        done({ code: ExportResultCode.SUCCESS })
        done({ code: ExportResultCode.FAILED })
      })
      const processor = yield* BatchSpanProcessor.make({
        exporters: [fromOpenTelemetry(wild, { resource })],
        batch: {
          scheduleDelayMillis: 10,
          exportTimeoutMillis: 500,
          maxQueueSize: undefined,
          maxExportBatchSize: 1,
          queueBytes: 1e6
        },
        shutdownTimeoutMillis: 10_000,
        ledger,
        warnings: new Warnings()
      })
      for (const span of spans) {
        ledger.start()
        processor.onEnd(span)
      }
      yield* processor.shutdown
      const { dropped, exported, started } = ledger.balance
      assert.deepStrictEqual({ started, exported, defect: dropped.exporter_defect }, {
        started: 2,
        exported: 1,
        defect: 1
      })
    }))

  it.effect("runs the exporter with OpenTelemetry's tracing suppressed", () =>
    Effect.gen(function*() {
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
      yield* Effect.addFinalizer(() => Effect.sync(() => context.disable()))
      let suppressed = false
      const exporter = exporterThat((_, done) => {
        suppressed = isTracingSuppressed(context.active())
        done({ code: ExportResultCode.SUCCESS })
      })
      yield* fromOpenTelemetry(exporter, { resource }).export(spans)
      assert.isTrue(suppressed)
    }))

  it.effect("shuts the exporter down, and does not mind if that fails", () =>
    Effect.gen(function*() {
      let isShutDown = false
      const exporter = exporterThat(() => undefined, () => {
        isShutDown = true
        return Promise.reject(new Error("too late"))
      })
      yield* fromOpenTelemetry(exporter, { resource }).shutdown
      assert.isTrue(isShutDown)
    }))
})
