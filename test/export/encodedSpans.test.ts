import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Deferred, Effect, Schema } from "effect"
import type { Scope } from "effect"
import { allExported, BatchSpanProcessor, ExportError, OtlpJson, OtlpProtobuf } from "effect-tracing/export"
import type { ExportOutcome, SpanEncoding, SpanExporter } from "effect-tracing/export"
import { Ledger, Warnings } from "effect-tracing/ledger"
import { Attributes } from "effect-tracing/model"
import type { EndedSpan } from "effect-tracing/model"
import { TestClock } from "effect/testing"
import { endedSpan } from "../support/endedSpan.ts"
import { generatedResource, generatedSpan } from "../support/generatedSpans.ts"
import { decodeJson, decodeProtobuf, spansOf } from "../support/otlpMessages.ts"

const resource = { attributes: Attributes.fromRecord({ "service.name": "blog" }), schemaUrl: undefined }

const formats = [
  { name: "OtlpProtobuf", encodingFor: OtlpProtobuf.encodingFor, decode: decodeProtobuf },
  { name: "OtlpJson", encodingFor: OtlpJson.encodingFor, decode: decodeJson }
]

/** What a processor of the user's might hand on: it began at no moment in time. */
const unencodable: EndedSpan = Object.assign(endedSpan({ name: "broken" }), { startTime: null })

const bodyOf = (encoding: SpanEncoding, spans: ReadonlyArray<EndedSpan>): Uint8Array => {
  const body = encoding.begin()
  for (const span of spans) body.write(span)
  return body.finish().bytes
}

interface ByteExporter extends SpanExporter {
  readonly bodies: Array<Uint8Array>
  readonly names: () => ReadonlyArray<ReadonlyArray<string>>
}

/** Keeps the bodies it is sent, after it has waited. */
const byteExporter = (
  name: string,
  encoding: SpanEncoding,
  wait: Effect.Effect<unknown> = Effect.void
): ByteExporter => {
  const bodies: Array<Uint8Array> = []
  return {
    name,
    bodies,
    names: () => bodies.map((body) => spansOf(decodeProtobuf(body)).map((span) => span.name)),
    export: () => Effect.die("bytes were to be sent"),
    encoded: {
      encoding,
      send: (body) =>
        Effect.suspend(() => {
          bodies.push(body)
          return Effect.as(wait, allExported)
        })
    },
    shutdown: Effect.void
  }
}

const setup = Effect.fnUntraced(function*(
  exporters: ReadonlyArray<SpanExporter>,
  batch: { readonly maxQueueSize?: number; readonly queueBytes?: number; readonly maxExportBatchSize?: number } = {}
): Effect.fn.Return<
  {
    readonly ledger: Ledger
    readonly warnings: Warnings
    readonly processor: BatchSpanProcessor
    end: (span: EndedSpan) => void
  },
  never,
  Scope.Scope
> {
  const ledger = new Ledger()
  const warnings = new Warnings()
  const processor = yield* BatchSpanProcessor.make({
    exporters,
    batch: {
      scheduleDelayMillis: 5000,
      exportTimeoutMillis: 30_000,
      maxQueueSize: undefined,
      maxExportBatchSize: 10,
      queueBytes: 64 * 1024 * 1024,
      ...batch
    },
    shutdownTimeoutMillis: 200,
    ledger,
    warnings
  })
  const end = (span: EndedSpan): void => {
    ledger.start()
    processor.onEnd(span)
  }
  return { ledger, warnings, processor, end }
})

const settle = Effect.repeat(TestClock.adjust(0), { times: 20 })

for (const { decode, encodingFor, name } of formats) {
  describe(`${name}.encodingFor`, () => {
    it.effect.prop(
      "selects spans of a body, whatever they are, and changes nothing else",
      {
        resource: generatedResource,
        spans: Arbitrary.array(generatedSpan, { minLength: 1, maxLength: 20 }),
        modulus: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })))
      },
      ({ modulus, resource, spans }) =>
        Effect.sync(() => {
          const encoding = encodingFor(resource)
          const whole = encoding.begin()
          for (const span of spans) whole.write(span)
          const { bytes, order = Array.from(spans.keys()) } = whole.finish()
          const isKept = (index: number): boolean => index % modulus === 0
          const selected = decode(encoding.select(bytes, isKept))
          const alone = order.filter((_, index) => isKept(index)).map((place) => spans[place]!)
          assert.deepStrictEqual(selected, decode(bodyOf(encoding, alone)))
        })
    )

    it("writes nothing of a span that cannot be encoded", () => {
      const encoding = encodingFor(resource)
      const body = encoding.begin()
      body.write(endedSpan({ name: "first" }))
      assert.throws(() => body.write(unencodable))
      body.write(endedSpan({ name: "last" }))
      assert.deepStrictEqual(spansOf(decode(body.finish().bytes)).map((span) => span.name), ["first", "last"])
    })

    it("is the same for the same resource", () => {
      assert.strictEqual(encodingFor(resource), encodingFor(resource))
    })
  })
}

describe("BatchSpanProcessor, with exporters that send bytes", () => {
  it.effect("encodes a batch once for all of them, and hands spans to those that take spans", () =>
    Effect.gen(function*() {
      const encoding = OtlpProtobuf.encodingFor(resource)
      const [one, other] = [byteExporter("one", encoding), byteExporter("other", encoding)]
      const spans: Array<EndedSpan> = []
      const plain: SpanExporter = {
        name: "plain",
        export: (batch) =>
          Effect.sync(() => {
            spans.push(...batch)
            return allExported
          }),
        shutdown: Effect.void
      }
      const { end, ledger } = yield* setup([one, plain, other], { maxExportBatchSize: 2 })
      const ended = [endedSpan({ name: "a" }), endedSpan({ name: "b" })]
      for (const span of ended) end(span)
      yield* settle
      assert.deepStrictEqual(one.names(), [["a", "b"]])
      assert.strictEqual(one.bodies[0], other.bodies[0])
      assert.deepStrictEqual(spans, ended)
      assert.strictEqual(ledger.balance.exported, 2)
    }))

  it.effect("counts what waits by the bytes that will be sent", () =>
    Effect.gen(function*() {
      const exporter = byteExporter("test", OtlpProtobuf.encodingFor(resource), Effect.never)
      const { end, ledger } = yield* setup([exporter], { queueBytes: 100_000 })
      for (let i = 0; i < 200; i++) end(endedSpan({ name: "span", attributes: { text: "x".repeat(1000) } }))
      yield* settle
      const { inFlight, queued } = ledger.balance
      // Of a thousand characters each, which would take two bytes each by the estimate for spans.
      assert.isAtLeast(inFlight + queued, 80)
      assert.isAtMost(inFlight + queued, 95)
    }))

  it.effect("drops spans of traces that were kept late first, then the oldest that are no errors", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const exporter = byteExporter("test", OtlpProtobuf.encodingFor(resource), Deferred.await(gate))
      const { end, ledger, processor } = yield* setup([exporter], { maxQueueSize: 4, maxExportBatchSize: 2 })
      const endAll = (...names: ReadonlyArray<string>): void => {
        for (const name of names) end(endedSpan({ name }))
      }
      endAll("in flight", "in flight")
      yield* settle
      end(endedSpan({ name: "error", status: "error" }))
      endAll("old")
      end(endedSpan({ name: "late", attributes: { "sampling.kept_for": "error" } }))
      endAll("young", "new", "newer")
      end(endedSpan({ name: "too late", attributes: { "sampling.kept_for": "slow" } }))
      assert.deepInclude(ledger.balance, { inFlight: 2, queued: 4 })
      assert.strictEqual(ledger.balance.dropped.queue_full, 3)
      yield* Deferred.succeed(gate, undefined)
      yield* processor.flush
      assert.deepStrictEqual(exporter.names().slice(1).flat(), ["error", "young", "new", "newer"])
    }))

  it.effect("loses only the span that cannot be encoded, and tells it", () =>
    Effect.gen(function*() {
      const exporter = byteExporter("test", OtlpProtobuf.encodingFor(resource))
      const { end, ledger, processor, warnings } = yield* setup([exporter])
      for (const span of [endedSpan({ name: "a" }), unencodable, endedSpan({ name: "b" })]) end(span)
      yield* processor.flush
      assert.deepStrictEqual(exporter.names(), [["a", "b"]])
      assert.deepInclude(ledger.balance, { exported: 2, queued: 0 })
      assert.strictEqual(ledger.balance.dropped.encoding, 1)
      assert.include(warnings.all[0]!.message, "cannot be encoded for test")
    }))

  it.effect("gives up a batch that its encoding cannot take apart, and goes on", () =>
    Effect.gen(function*() {
      const encoding: SpanEncoding = {
        ...OtlpProtobuf.encodingFor(resource),
        select: () => {
          throw new TypeError("not taken apart")
        }
      }
      const bytes = byteExporter("test", encoding)
      const tooLarge = new ExportError({
        reason: "too large",
        message: "Too large.",
        retryable: false,
        retryAfterMillis: undefined,
        fault: "size"
      })
      let isFirst = true
      const send = (body: Uint8Array): Effect.Effect<ExportOutcome, ExportError> => {
        if (!isFirst) return bytes.encoded!.send(body)
        isFirst = false
        return Effect.fail(tooLarge)
      }
      const { end, ledger, processor, warnings } = yield* setup([{ ...bytes, encoded: { encoding, send } }], {
        maxExportBatchSize: 2
      })
      for (const name of ["a", "b", "c", "d"]) end(endedSpan({ name }))
      yield* processor.flush
      assert.deepStrictEqual(bytes.names(), [["c", "d"]])
      assert.deepInclude(ledger.balance, { exported: 2, queued: 0, inFlight: 0 })
      assert.strictEqual(ledger.balance.dropped.exporter_defect, 2)
      assert.include(warnings.all[0]!.message, "not taken apart")
    }))

  it.effect("sends nothing where no span of a batch can be encoded", () =>
    Effect.gen(function*() {
      const exporter = byteExporter("test", OtlpProtobuf.encodingFor(resource))
      const { end, ledger, processor } = yield* setup([exporter])
      end(unencodable)
      yield* processor.flush
      assert.deepStrictEqual(exporter.bodies, [])
      assert.deepInclude(ledger.balance, { exported: 0, queued: 0, inFlight: 0 })
      assert.strictEqual(ledger.balance.dropped.encoding, 1)
    }))
})
