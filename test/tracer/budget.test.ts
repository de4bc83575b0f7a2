import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Tracing } from "effect-tracing"
import { allKinds, type Sampler } from "effect-tracing/sampling"
import { RecordedSpans, TestTracing, tree } from "effect-tracing/testing"
import { gives, spanNamed } from "./support.ts"

const leaves = (count: number, name: string) =>
  Effect.forEach(Array.from({ length: count }), () => Effect.withSpan(Effect.void, name), { discard: true })

describe("the span budget of a trace", () => {
  it.effect("keeps the root, the structure, the errors and a hundred others, and counts the rest on their parents", () =>
    Effect.gen(function*() {
      yield* Effect.gen(function*() {
        yield* leaves(300, "early")
        yield* leaves(50, "below").pipe(Effect.withSpan("branch"))
        yield* Effect.exit(Effect.withSpan(Effect.fail("no"), "failing"))
      }).pipe(Effect.withSpan("root"))
      const spans = yield* (yield* RecordedSpans).all
      const lines = tree(spans)
      assert.strictEqual(lines[0], "root")
      assert.isTrue(lines.slice(1).every((line) => line.startsWith("  ")), "no span is without its parent")
      assert.include(lines, "  branch")
      assert.include(lines, "  failing")
      const { dropped, exported, keptBack, started } = yield* (yield* Tracing).ledger
      assert.deepStrictEqual([started, exported + dropped.span_budget, keptBack], [353, 353, 0])
      const counted = (name: string) =>
        Number(spanNamed(spans, name).attributes.get("span.budget.dropped_children") ?? 0)
      assert.strictEqual(counted("root") + counted("branch"), dropped.span_budget)
    }).pipe(Effect.provide(TestTracing.layer({ env: { TRACING_SPAN_BUDGET: "10" } }))))
})

describe("a sampler that is asked for each span", () => {
  it.effect("has its no followed below a sampled span, also where errors are kept late", () => {
    const sampler: Sampler = {
      description: "ByName",
      scope: "span",
      readsAttributesOf: allKinds,
      decide: ({ name }) => ({ decision: name === "no" ? "drop" : "sample" })
    }
    return gives(
      Effect.void.pipe(Effect.withSpan("no"), Effect.withSpan("yes")),
      ["yes"],
      { sampler, env: { TRACING_SAMPLING_RATE: "0.5" } }
    )
  })
})
