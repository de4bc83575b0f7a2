import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Trace, Work } from "effect-tracing"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"

describe("TracingLive", () => {
  it.effect("records nested spans as a tree", () =>
    Effect.gen(function*() {
      yield* Trace.event("hello", { a: 1 }).pipe(
        Effect.withSpan("child", { attributes: { x: 1 } }),
        Effect.withSpan("parent")
      )
      yield* Effect.void.pipe(Work.item("item"), Effect.withSpan("run"))
      const spans = yield* RecordedSpans
      assert.deepStrictEqual(yield* spans.tree, ["parent", "  child", "item", "run"])
    }).pipe(Effect.provide(TestTracing.layer())))
})
