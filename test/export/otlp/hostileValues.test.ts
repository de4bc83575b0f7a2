import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { OtlpJson, OtlpProtobuf } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import type { Resource } from "effect-tracing/model"
import { endedSpan } from "../../support/endedSpan.ts"
import type { AnyValue, OtlpSpan } from "../../support/otlpMessages.ts"
import { decodeJson, decodeProtobuf, spansOf } from "../../support/otlpMessages.ts"

const encodings = [
  { name: "OtlpProtobuf.encode", encode: OtlpProtobuf.encode, decode: decodeProtobuf },
  { name: "OtlpJson.encode", encode: OtlpJson.encode, decode: decodeJson }
]

const noResource: Resource = { attributes: new Attributes(), schemaUrl: undefined }

/** 200,000 objects, one in the other. */
const deep = (): object => {
  let value: object = {}
  for (let i = 0; i < 200_000; i++) value = { value }
  return value
}

const cyclic = (): object => {
  const value: { name: string; self?: object; list: Array<unknown> } = { name: "post", list: [] }
  value.self = value
  value.list.push(value, [value])
  return value
}

const hostileTexts: ReadonlyArray<readonly [what: string, text: string, arrives: string]> = [
  ["NUL", "a\u0000b", "a\u0000b"],
  ["control characters", "\u0001\b\t\n\u000b\r\u001b[31m\u007f\u0085", "\u0001\b\t\n\u000b\r\u001b[31m\u007f\u0085"],
  ["what JSON and JavaScript see differently", "\u2028\u2029\"\\</script>", "\u2028\u2029\"\\</script>"],
  ["a high surrogate alone", "a\ud83dz", "a\ufffdz"],
  ["a low surrogate alone", "\udc00", "\ufffd"],
  ["surrogates the wrong way round", "\udc00\ud83d", "\ufffd\ufffd"],
  ["pairs, marks and joiners", "👩‍👩‍👧 e\u0301 \ufeff\u202e", "👩‍👩‍👧 e\u0301 \ufeff\u202e"],
  ["a noncharacter", "\uffff\ufffe", "\uffff\ufffe"],
  ["nothing", "", ""],
  ["1 MiB", "x".repeat(1 << 20), "x".repeat(1 << 20)],
  ["1 MiB of what takes three bytes", "\u20ac".repeat(1 << 20), "\u20ac".repeat(1 << 20)],
  ["1 MiB of halves", "\ud800".repeat(1 << 20), "\ufffd".repeat(1 << 20)]
]

const hostileValues: ReadonlyArray<readonly [what: string, make: () => unknown, arrives: AnyValue]> = [
  ["NaN in an array", () => [1, Number.NaN, -Infinity], {
    arrayValue: { values: [{ intValue: "1" }, { doubleValue: Number.NaN }, { doubleValue: -Infinity }] }
  }],
  ["-0", () => -0, { intValue: "0" }],
  ["the smallest number", () => Number.MIN_VALUE, { doubleValue: Number.MIN_VALUE }],
  ["the largest number", () => Number.MAX_VALUE, { doubleValue: Number.MAX_VALUE }],
  ["2^53", () => 2 ** 53, { doubleValue: 2 ** 53 }],
  ["-2^63", () => -(2 ** 63), { doubleValue: -(2 ** 63) }],
  ["a bigint of any size", () => 2n ** 80n, { stringValue: "1208925819614629174706176" }],
  ["a bigint in an array", () => [1n], { stringValue: "[\n  \"1n\"\n]" }],
  ["a symbol", () => Symbol("hush"), { stringValue: "Symbol(hush)" }],
  ["an array with holes", () => [1, , 3], { // oxlint-disable-line no-sparse-arrays -- what it is about
    arrayValue: { values: [{ intValue: "1" }, {}, { intValue: "3" }] }
  }],
  ["an empty array", () => [], { arrayValue: { values: [] } }],
  ["an array of kinds", () => [1, "a", true], {
    arrayValue: { values: [{ stringValue: "1" }, { stringValue: "a" }, { stringValue: "true" }] }
  }],
  ["bytes", () => new Uint8Array(3), { stringValue: "<3 bytes>" }],
  ["an invalid date", () => new Date(Number.NaN), { stringValue: "Invalid Date" }],
  ["an object that throws when it is looked at", () => ({
    get post() {
      throw new Error("hush")
    }
  }), { stringValue: "[object Object]" }],
  ["a proxy that throws at everything", () =>
    new Proxy({}, {
      get() {
        throw new Error("hush")
      },
      ownKeys() {
        throw new Error("hush")
      },
      getPrototypeOf() {
        throw new Error("hush")
      }
    }), { stringValue: "<unprintable>" }]
]

describe.each(encodings)("$name", ({ decode, encode }) => {
  const arriving = (options: Parameters<typeof endedSpan>[0]): Effect.Effect<OtlpSpan> =>
    Effect.map(encode(noResource, [endedSpan(options)]), (bytes) => spansOf(decode(bytes))[0]!)

  const valueOf = (value: unknown): Effect.Effect<AnyValue | undefined> =>
    Effect.map(
      arriving({ name: "a", attributes: { key: value } }),
      ({ attributes }) => attributes.find(({ key }) => key === "key")?.value
    )

  it.effect.each(hostileTexts)("carries %s in every place of a span", ([, text, arrives]) =>
    Effect.gen(function*() {
      const span = yield* arriving({
        name: text,
        attributes: { value: text, list: ["a", text], [`key ${text}`]: 1 },
        events: [{ name: text, attributes: { value: text } }],
        status: "error",
        statusMessage: text
      })
      assert.isTrue(span.name === arrives)
      assert.isTrue(span.status?.message === arrives)
      assert.isTrue(span.events[0]?.name === arrives)
      assert.isTrue(span.events[0]?.attributes[0]?.value.stringValue === arrives)
      assert.isTrue(span.attributes[0]?.value.stringValue === arrives)
      assert.isTrue(span.attributes[1]?.value.arrayValue?.values[1]?.stringValue === arrives)
      assert.isTrue(span.attributes[2]?.key === `key ${arrives}`)
    }))

  it.effect.each(hostileValues)("carries %s", ([, make, arrives]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* valueOf(make()), arrives)
    }))

  it.effect.each([["deep", deep], ["cyclic", cyclic]] as const)(
    "carries a %s object as some text",
    ([, make]) =>
      Effect.gen(function*() {
        const value = yield* valueOf(make())
        assert.isString(value?.stringValue)
      })
  )

  it.effect("carries keys that objects have of themselves", () =>
    Effect.gen(function*() {
      const attributes = Object.fromEntries([["__proto__", "a"], ["constructor", "b"], ["toJSON", "c"]])
      const span = yield* arriving({ name: "a", attributes })
      assert.deepStrictEqual(span.attributes.map(({ key, value }) => [key, value.stringValue]), [
        ["__proto__", "a"],
        ["constructor", "b"],
        ["toJSON", "c"]
      ])
    }))

  it.effect.prop(
    "carries any text as the reader of UTF-8 sees it",
    [Schema.String],
    ([text]) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* valueOf(text), { stringValue: text.toWellFormed() })
      })
  )
})
