import { assert, describe, it } from "@effect/vitest"
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer"
import { Arbitrary, Effect } from "effect"
import { OtlpJson, OtlpProtobuf, ReadableSpanView } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import type { EndedSpan, Resource } from "effect-tracing/model"
import { endedSpan } from "../../support/endedSpan.ts"
import { generatedResource, generatedSpan } from "../../support/generatedSpans.ts"
import type { AnyValue, KeyValue, OtlpRequest, OtlpSpan } from "../../support/otlpMessages.ts"
import { decodeJson, decodeProtobuf, spansOf } from "../../support/otlpMessages.ts"

const hasIsRemote = 0x100

/**
 * The two differences to OpenTelemetry's own encoding that are meant: it claims of every link that it is not remote,
 * which neither knows; and it writes a status of nothing where there is none.
 */
const comparable = (request: OtlpRequest): OtlpRequest => ({
  resourceSpans: request.resourceSpans.map((resourceSpans) => ({
    ...resourceSpans,
    scopeSpans: resourceSpans.scopeSpans.map((scopeSpans) => ({
      ...scopeSpans,
      spans: scopeSpans.spans.map((span): OtlpSpan => ({
        ...span,
        status: span.status ?? { code: 0, message: "" },
        links: span.links.map((link) => ({ ...link, flags: link.flags & ~hasIsRemote }))
      }))
    }))
  }))
})

/** OpenTelemetry writes halves of surrogate pairs into its JSON as they are; a good reader replaces them, as we do. */
const wellFormed = (bytes: Uint8Array): Uint8Array =>
  Buffer.from(
    Buffer.from(bytes).toString().replace(/\\u(d[89ab]..)(?!\\ud[c-f])|(?<!\\ud[89ab]..)\\ud[c-f]../gi, "\ufffd")
  )

const viewsOf = (resource: Resource, spans: ReadonlyArray<EndedSpan>): Array<ReadableSpanView> =>
  spans.map((span) => new ReadableSpanView(span, resource))

const noResource: Resource = { attributes: new Attributes(), schemaUrl: undefined }

const encodings = [
  { name: "OtlpProtobuf.encode", encode: OtlpProtobuf.encode, decode: decodeProtobuf },
  { name: "OtlpJson.encode", encode: OtlpJson.encode, decode: decodeJson }
]

const batch = { resource: generatedResource, spans: Arbitrary.array(generatedSpan, { minLength: 1 }) }

describe("OtlpProtobuf.encode", () => {
  it.effect.prop(
    "says of any span, field by field, what OpenTelemetry's serializer says",
    batch,
    ({ resource, spans }) =>
      Effect.gen(function*() {
        const ours = decodeProtobuf(yield* OtlpProtobuf.encode(resource, spans))
        const theirs = decodeProtobuf(ProtobufTraceSerializer.serializeRequest(viewsOf(resource, spans))!)
        assert.deepStrictEqual(comparable(ours), comparable(theirs))
      })
  )

  it.effect("writes the shortest length of messages of every size", () =>
    Effect.gen(function*() {
      for (const length of [0, 1, 47, 48, 49, 100, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152]) {
        const spans = [endedSpan({ name: "a", attributes: { key: "x".repeat(length) } })]
        const ours = yield* OtlpProtobuf.encode(noResource, spans)
        const value = spansOf(decodeProtobuf(ours))[0]!.attributes[0]!.value
        assert.strictEqual(value.stringValue?.length, length)
        const theirs = ProtobufTraceSerializer.serializeRequest(viewsOf(noResource, spans))!
        assert.isAtMost(ours.length, theirs.length)
      }
    }))

  it.effect("writes keys and values as they are, whether they are short and ASCII or not", () =>
    Effect.gen(function*() {
      const texts = [1, 47, 48, 49].flatMap((length) => ["k".repeat(length), "k".repeat(length - 1) + "é"])
      for (const key of texts) {
        for (const value of [...texts, "", true, -1, 2 ** 53 - 1, 0.5, ["a"]]) {
          const span = endedSpan({ name: "a", attributes: { [key]: value } })
          const ours = decodeProtobuf(yield* OtlpProtobuf.encode(noResource, [span]))
          const theirs = decodeProtobuf(ProtobufTraceSerializer.serializeRequest(viewsOf(noResource, [span]))!)
          assert.deepStrictEqual(comparable(ours), comparable(theirs))
        }
      }
    }))

  it.effect("gives each of two batches encoded at once its own bytes", () =>
    Effect.gen(function*() {
      const many = (name: string): ReadonlyArray<EndedSpan> => Array.from({ length: 20_000 }, () => endedSpan({ name }))
      const [first, second] = yield* Effect.all(
        [OtlpProtobuf.encode(noResource, many("first")), OtlpProtobuf.encode(noResource, many("second"))],
        { concurrency: 2 }
      )
      assert.isTrue(spansOf(decodeProtobuf(first)).every((span) => span.name === "first"))
      assert.isTrue(spansOf(decodeProtobuf(second)).every((span) => span.name === "second"))
    }))
})

describe("OtlpJson.encode", () => {
  it.effect.prop(
    "says of any span, field by field, what OpenTelemetry's serializer says",
    batch,
    ({ resource, spans }) =>
      Effect.gen(function*() {
        const ours = decodeJson(yield* OtlpJson.encode(resource, spans))
        const theirs = decodeJson(wellFormed(JsonTraceSerializer.serializeRequest(viewsOf(resource, spans))!))
        assert.deepStrictEqual(comparable(ours), comparable(theirs))
      })
  )

  it.effect.prop("says the same as the protobuf encoding", batch, ({ resource, spans }) =>
    Effect.gen(function*() {
      const json = decodeJson(yield* OtlpJson.encode(resource, spans))
      assert.deepStrictEqual(comparable(json), comparable(decodeProtobuf(yield* OtlpProtobuf.encode(resource, spans))))
    }))

  it.effect("writes 64-bit numbers as text, ids in hexadecimal and kinds as numbers", () =>
    Effect.gen(function*() {
      const span = endedSpan({ name: "a", kind: "client", attributes: { count: 7 }, spanId: "00f067aa0ba902b7" })
      const text = Buffer.from(yield* OtlpJson.encode(noResource, [span])).toString()
      assert.include(text, `"intValue":"7"`)
      assert.include(text, `"spanId":"00f067aa0ba902b7"`)
      assert.include(text, `"kind":3`)
      assert.include(text, `"startTimeUnixNano":"${span.startTime}"`)
      assert.notInclude(text, "\n")
    }))
})

describe.each(encodings)("$name", ({ decode, encode }) => {
  const valueOf = (value: unknown): Effect.Effect<AnyValue> =>
    Effect.map(
      encode(noResource, [endedSpan({ name: "a", attributes: { key: value } })]),
      (bytes) => spansOf(decode(bytes))[0]!.attributes.find((one: KeyValue) => one.key === "key")!.value
    )

  it.effect("writes NaN and the infinities as doubles", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* valueOf(Number.NaN), { doubleValue: Number.NaN })
      assert.deepStrictEqual(yield* valueOf(Infinity), { doubleValue: Infinity })
      assert.deepStrictEqual(yield* valueOf(-Infinity), { doubleValue: -Infinity })
    }))

  it.effect("writes whole numbers beyond what JavaScript counts exactly as doubles", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* valueOf(Number.MAX_SAFE_INTEGER), { intValue: "9007199254740991" })
      assert.deepStrictEqual(yield* valueOf(Number.MIN_SAFE_INTEGER), { intValue: "-9007199254740991" })
      assert.deepStrictEqual(yield* valueOf(2 ** 53), { doubleValue: 2 ** 53 })
      assert.deepStrictEqual(yield* valueOf(1e300), { doubleValue: 1e300 })
    }))

  it.effect("writes halves of surrogate pairs as U+FFFD", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* valueOf("a\ud800b"), { stringValue: "a\ufffdb" })
      assert.deepStrictEqual(yield* valueOf("\udc00".repeat(60)), { stringValue: "\ufffd".repeat(60) })
      assert.deepStrictEqual(yield* valueOf("\u{1f600}"), { stringValue: "\u{1f600}" })
    }))

  it.effect("keeps the place of what is missing in an array", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* valueOf(["a", null, "b"]), {
        arrayValue: { values: [{ stringValue: "a" }, {}, { stringValue: "b" }] }
      })
    }))

  it.effect("says of a span whether its parent is of another process", () =>
    Effect.gen(function*() {
      const flagsOf = (parentIsRemote: boolean): Effect.Effect<number> =>
        Effect.map(
          encode(noResource, [
            endedSpan({ name: "a", parentSpanId: "00f067aa0ba902b7", parentIsRemote, traceFlags: 1 })
          ]),
          (bytes) => spansOf(decode(bytes))[0]!.flags
        )
      assert.strictEqual(yield* flagsOf(false), 0x101)
      assert.strictEqual(yield* flagsOf(true), 0x301)
    }))

  it.live("leaves the event loop to others while it encodes a large batch", () =>
    Effect.gen(function*() {
      const spans = Array.from({ length: 30_000 }, () => endedSpan({ name: "a", attributes: { one: 1, two: "2" } }))
      let turns = 0
      const timer = setInterval(() => turns++, 0)
      const bytes = yield* Effect.ensuring(encode(noResource, spans), Effect.sync(() => clearInterval(timer)))
      assert.isAbove(turns, 1)
      assert.lengthOf(spansOf(decode(bytes)), spans.length)
    }))
})
