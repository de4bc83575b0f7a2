import { assert, describe, it } from "@effect/vitest"
import { Effect, Tracer } from "effect"
import { Work } from "effect-tracing"
import { RecordedSpans, TestTracing, tree } from "effect-tracing/testing"

const spansOf = <A, E>(program: Effect.Effect<A, E>, env: Record<string, string> = {}) =>
  Effect.gen(function*() {
    yield* Effect.exit(program)
    return yield* (yield* RecordedSpans).all
  }).pipe(Effect.provide(TestTracing.layer({ env })))

describe("Work.item", () => {
  it.effect("is a trace of its own with a link to the run, whose trace it names", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(
        Effect.forEach(["one", "two"], (name) => Effect.withSpan(Effect.void, "step").pipe(Work.item(name))).pipe(
          Effect.withSpan("run")
        )
      )
      assert.deepStrictEqual(tree(spans), ["one", "  step", "two", "  step", "run"])
      const [one, two, run] = ["one", "two", "run"].map((name) => spans.find((span) => span.name === name)!)
      assert.strictEqual(new Set([one!.traceId, two!.traceId, run!.traceId]).size, 3)
      for (const item of [one!, two!]) {
        assert.deepStrictEqual(item.links.map((link) => [link.traceId, link.spanId, link.attributes?.toRecord()]), [
          [run!.traceId, run!.spanId, { "link.type": "run" }]
        ])
        assert.strictEqual(item.attributes.get("work.run.trace_id"), run!.traceId)
      }
    }))

  it.effect("has the attributes, kind and further links it is given", () =>
    Effect.gen(function*() {
      const message = Tracer.externalSpan({ traceId: "0123456789abcdef0123456789abcdef", spanId: "0123456789abcdef" })
      const [item] = yield* spansOf(
        Effect.void.pipe(
          Work.item("item", {
            kind: "consumer",
            attributes: { "url.full": "https://blog.example/1" },
            links: [{ span: message, attributes: { "link.type": "message" } }]
          })
        )
      )
      assert.strictEqual(item?.kind, "consumer")
      assert.deepStrictEqual(item?.attributes.toRecord(), { "url.full": "https://blog.example/1" })
      assert.deepStrictEqual(item?.links.map((link) => link.spanId), ["0123456789abcdef"])
    }))

  it.effect("outside of a run is the root of a trace without links", () =>
    Effect.gen(function*() {
      const [item] = yield* spansOf(Effect.void.pipe(Work.item("item")))
      assert.isUndefined(item?.parentSpanId)
      assert.strictEqual(item?.links.length, 0)
      assert.isFalse(item?.attributes.has("work.run.trace_id"))
    }))

  it.effect("links to no span that is not there: the run may have tracing turned off", () =>
    Effect.gen(function*() {
      const [item] = yield* spansOf(
        Effect.void.pipe(
          Work.item("item"),
          Effect.withTracerEnabled(true),
          Effect.withSpan("run"),
          Effect.withTracerEnabled(false)
        )
      )
      assert.strictEqual(item?.links.length, 0)
      assert.isFalse(item?.attributes.has("work.run.trace_id"))
    }))

  it.effect("is sampled on its own, and takes its run along so that no link dangles", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(
        Effect.forEach(Array.from({ length: 400 }, (_, i) => i), () => Effect.void.pipe(Work.item("item"))).pipe(
          Effect.withSpan("run")
        ),
        { TRACING_SAMPLING_RATE: "0.25" }
      )
      const items = spans.filter((span) => span.name === "item")
      // Six standard deviations around a hundred.
      assert.isAbove(items.length, 48)
      assert.isBelow(items.length, 152)
      assert.strictEqual(spans.filter((span) => span.name === "run").length, 1)
    }))

  it.effect("hands on what the effect gives or fails with", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* Effect.succeed(1).pipe(Work.item("item")), 1)
      assert.strictEqual(yield* Effect.flip(Effect.fail("no").pipe(Work.item("item"))), "no")
    }).pipe(Effect.provide(TestTracing.layer())))
})
