import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { OtlpProtobuf } from "effect-tracing/export"
import type { ReadonlyAttributes } from "effect-tracing/model"
import { decodeSpan } from "../../../src/export/spool/decodeSpan.ts"
import { generatedResource, generatedSpan } from "../../support/generatedSpans.ts"

/** Halves of surrogate pairs become the same character: keys that differ by them alone are one when they are read. */
const staysApart = (attributes: ReadonlyAttributes | undefined): boolean => {
  const keys = Array.from(attributes?.keys() ?? [])
  return new Set(keys.map((key) => key.toWellFormed())).size === keys.length
}

describe("decodeSpan", () => {
  it.effect.prop(
    "reads any span so that it is written as it was",
    { resource: generatedResource, span: generatedSpan },
    ({ resource, span }) =>
      Effect.gen(function*() {
        const all = [resource, span, ...span.events, ...span.links].map(({ attributes }) => attributes)
        if (!all.every(staysApart)) return
        const body = yield* OtlpProtobuf.encode(resource, [span])
        const decoded = decodeSpan(body)!
        assert.deepStrictEqual(yield* OtlpProtobuf.encode(decoded.resource, [decoded.span]), body)
      })
  )

  it.effect.prop(
    "reads nothing, and throws nothing, where a span is torn",
    { resource: generatedResource, span: generatedSpan },
    ({ resource, span }) =>
      Effect.gen(function*() {
        const body = yield* OtlpProtobuf.encode(resource, [span])
        for (let part = 0; part < 1; part += 0.02) decodeSpan(body.subarray(0, body.length * part))
        assert.isUndefined(decodeSpan(new Uint8Array()))
        assert.isUndefined(decodeSpan(Buffer.from("<html>")))
      })
  )
})
