import { assert, describe, it } from "@effect/vitest"
import { SpanKind, SpanStatusCode } from "@opentelemetry/api"
import { resourceFromAttributes } from "@opentelemetry/resources"
import { Effect } from "effect"
import { ReadableSpanView } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import type { Resource } from "effect-tracing/model"
import { endedSpan, epochMillis } from "../../support/endedSpan.ts"

const resource: Resource = {
  attributes: Attributes.fromRecord({ "service.name": "blog", "host.name": "here" }),
  schemaUrl: "https://opentelemetry.io/schemas/1.44.0"
}

const view = (options: Parameters<typeof endedSpan>[0]): ReadableSpanView =>
  new ReadableSpanView(endedSpan(options), resource)

describe("ReadableSpanView", () => {
  it.effect("shows name, kind, status and times as OpenTelemetry has them", () =>
    Effect.sync(() => {
      const span = view({
        name: "GET",
        kind: "client",
        status: "error",
        statusMessage: "no",
        durationMillis: 1500.000001
      })
      assert.strictEqual(span.name, "GET")
      assert.strictEqual(span.kind, SpanKind.CLIENT)
      assert.deepStrictEqual(span.status, { code: SpanStatusCode.ERROR, message: "no" })
      assert.deepStrictEqual(span.startTime, [epochMillis / 1000, 0])
      assert.deepStrictEqual(span.endTime, [epochMillis / 1000 + 1, 500_000_001])
      assert.deepStrictEqual(span.duration, [1, 500_000_001])
      assert.isTrue(span.ended)
    }))

  it.effect("shows ids, flags and trace state", () =>
    Effect.sync(() => {
      const context = view({ name: "a", spanId: "00f067aa0ba902b7", traceFlags: 1, traceState: "ot=th:8,b=2" })
        .spanContext()
      assert.strictEqual(context.traceId, "0af7651916cd43dd8448eb211c80319c")
      assert.strictEqual(context.spanId, "00f067aa0ba902b7")
      assert.strictEqual(context.traceFlags, 1)
      assert.strictEqual(context.traceState?.serialize(), "ot=th:8,b=2")
    }))

  it.effect("shows the parent and whether it is of another process, and none at the root", () =>
    Effect.sync(() => {
      const parent = view({ name: "a", parentSpanId: "00f067aa0ba902b7", parentIsRemote: true }).parentSpanContext
      assert.strictEqual(parent?.spanId, "00f067aa0ba902b7")
      assert.isTrue(parent?.isRemote)
      assert.isUndefined(view({ name: "a" }).parentSpanContext)
    }))

  it.effect("shows attributes, events and links with what was dropped of them", () =>
    Effect.sync(() => {
      const span = view({
        name: "a",
        attributes: { n: 1, list: ["x"] },
        events: [{ name: "parsed", atMillis: 2, attributes: { words: 7 } }],
        links: [{ traceId: "1".repeat(32), spanId: "2".repeat(16), attributes: { why: "run" } }],
        droppedEvents: 3,
        droppedLinks: 4
      })
      assert.deepStrictEqual(span.attributes, { n: 1, list: ["x"] })
      assert.deepStrictEqual(span.events, [
        { name: "parsed", time: [epochMillis / 1000, 2_000_000], attributes: { words: 7 }, droppedAttributesCount: 0 }
      ])
      assert.deepStrictEqual(span.links, [{
        context: { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 },
        attributes: { why: "run" },
        droppedAttributesCount: 0
      }])
      assert.strictEqual(span.droppedEventsCount, 3)
      assert.strictEqual(span.droppedLinksCount, 4)
      assert.strictEqual(span.droppedAttributesCount, 0)
    }))

  it.effect("shows spans of one resource and scope with the very same views, by which exporters group", () =>
    Effect.sync(() => {
      const span = endedSpan({ name: "a" })
      const first = new ReadableSpanView(span, resource)
      const second = new ReadableSpanView(span, resource)
      assert.strictEqual(first.resource, second.resource)
      assert.strictEqual(first.instrumentationScope, second.instrumentationScope)
    }))

  it.effect("shows a resource that merges as OpenTelemetry's own does", () =>
    Effect.sync(() => {
      const ours = view({ name: "a" }).resource
      const reference = resourceFromAttributes(resource.attributes.toRecord() as Record<string, string>, {
        schemaUrl: "https://opentelemetry.io/schemas/1.44.0"
      })
      const other = resourceFromAttributes({ "host.name": "there", "os.type": "linux" })
      for (const merged of [ours.merge(other), other.merge(ours), ours.merge(null), ours]) {
        assert.isFalse(merged.asyncAttributesPending ?? false)
      }
      assert.deepStrictEqual(ours.merge(other).attributes, reference.merge(other).attributes)
      assert.deepStrictEqual(other.merge(ours).attributes, other.merge(reference).attributes)
      assert.strictEqual(ours.merge(other).schemaUrl, reference.merge(other).schemaUrl)
      assert.strictEqual(other.merge(ours).schemaUrl, other.merge(reference).schemaUrl)
      assert.deepStrictEqual(ours.merge(null).attributes, ours.attributes)
    }))
})
