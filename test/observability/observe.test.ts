import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Tracing } from "effect-tracing"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"

const span = (name: string) => Effect.void.pipe(Effect.withSpan(name))

describe("Tracing.observe", () => {
  it.effect("shows spans until its scope closes, those the sampler drops too", () =>
    Effect.gen(function*() {
      const { observe } = yield* Tracing
      const seen: Array<string> = []
      yield* span("before")
      yield* Effect.scoped(Effect.andThen(observe(({ name }) => seen.push(name)), span("during")))
      yield* span("after")
      assert.deepStrictEqual(seen, ["during"])
      assert.deepStrictEqual(yield* Effect.flatMap(RecordedSpans, ({ tree }) => tree), [])
    }).pipe(Effect.provide(TestTracing.layer({ env: { TRACING_SAMPLING_RATE: "0" } }))))

  it.effect("shows each span to every observer; one that throws is told, and the span goes on", () =>
    Effect.gen(function*() {
      const { observe, warnings } = yield* Tracing
      const seen: Array<string> = []
      yield* observe(() => {
        throw new Error("bug")
      })
      yield* observe(({ name }) => seen.push(name))
      yield* span("a")
      yield* span("b")
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.deepStrictEqual(yield* Effect.flatMap(RecordedSpans, ({ tree }) => tree), ["a", "b"])
      const told = (yield* warnings).filter(({ message }) => message.includes("observer of ended spans threw: bug"))
      assert.deepStrictEqual(told.map(({ count }) => count), [2])
    }).pipe(Effect.scoped, Effect.provide(TestTracing.layer())))

  it.effect("shows a failed trace that is kept late as one that is exported", () =>
    Effect.gen(function*() {
      const { observe } = yield* Tracing
      const flags: Array<number> = []
      yield* observe(({ traceFlags }) => flags.push(traceFlags & 1))
      yield* Effect.fail("no").pipe(Effect.withSpan("fails"), Effect.exit)
      yield* span("passes")
      assert.deepStrictEqual(flags, [1, 0])
    }).pipe(Effect.scoped, Effect.provide(TestTracing.layer({ env: { TRACING_SAMPLING_RATE: "0.000001" } }))))
})
