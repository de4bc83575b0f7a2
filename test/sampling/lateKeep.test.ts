import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { Trace, Tracing, Work } from "effect-tracing"
import { RecordedSpans, TestTracing, tree } from "effect-tracing/testing"

// A rate so small that the sampler says no to every trace a test makes.
const unlucky = { TRACING_SAMPLING_RATE: "0.000000001" }

/** Runs a program whose traces are all sampled out and hands out what was kept all the same. */
const kept = <A, E>(
  program: Effect.Effect<A, E, RecordedSpans | Tracing>,
  env: Record<string, string> = {}
) =>
  Effect.gen(function*() {
    yield* Effect.exit(program)
    const spans = yield* (yield* RecordedSpans).all
    return { spans, balance: yield* (yield* Tracing).ledger }
  }).pipe(Effect.provide(TestTracing.layer({ env: { ...unlucky, ...env } })))

const nothing = Effect.void

describe("a trace the sampler said no to", () => {
  it.effect("is not exported where nothing happens in it, and is accounted for", () =>
    Effect.map(kept(nothing.pipe(Effect.withSpan("a"), Effect.withSpan("b"))), ({ balance, spans }) => {
      assert.deepStrictEqual(spans, [])
      assert.deepStrictEqual([balance.started, balance.sampledOut, balance.keptBack], [2, 2, 0])
    }))

  it.effect("is kept whole for an error in it, before and after the error, and says why", () =>
    Effect.map(
      kept(
        Effect.gen(function*() {
          yield* Effect.withSpan(nothing, "before")
          yield* Effect.exit(Effect.withSpan(Effect.fail("no"), "failing"))
          yield* Effect.withSpan(nothing, "after")
        }).pipe(Effect.withSpan("root"))
      ),
      ({ balance, spans }) => {
        assert.deepStrictEqual(tree(spans), ["root", "  before", "  failing", "  after"])
        for (const span of spans) {
          assert.strictEqual(span.attributes.get("sampling.kept_for"), "error")
          assert.strictEqual(span.attributes.get("sampling.adjusted_count"), 0)
          assert.strictEqual(span.traceFlags & 1, 1)
        }
        assert.deepStrictEqual([balance.started, balance.exported, balance.keptBack], [4, 4, 0])
      }
    ))

  it.effect("is not kept for an error with TRACING_KEEP_ERRORS=false", () =>
    Effect.map(
      kept(Effect.withSpan(Effect.fail("no"), "failing"), { TRACING_KEEP_ERRORS: "false" }),
      ({ balance, spans }) => {
        assert.deepStrictEqual(spans, [])
        assert.strictEqual(balance.sampledOut, 1)
      }
    ))

  it.effect("is kept where its first span lasts too long, and not for a span below", () =>
    Effect.gen(function*() {
      const lasting = (name: string, millis: number) =>
        Effect.useSpan(name, { root: true }, (span) =>
          Effect.sync(() =>
            span.end(span.status.startTime + BigInt(millis) * 1_000_000n, Exit.void)
          ))
      const { spans } = yield* kept(
        Effect.all([lasting("fast", 99), lasting("slow", 100)]),
        { TRACING_KEEP_SLOW_MS: "100", TRACING_KEEP_ERRORS: "false" }
      )
      assert.deepStrictEqual(spans.map((span) => [span.name, span.attributes.get("sampling.kept_for")]), [[
        "slow",
        "slow"
      ]])
    }))

  for (
    const [how, force] of [
      ["Trace.forceSample", Trace.forceSample],
      ["the attribute force_sample", Effect.annotateCurrentSpan("force_sample", true)],
      [
        "the attribute force_sample of a span",
        Effect.withSpan(nothing, "forcing", { attributes: { force_sample: true } })
      ]
    ] as const
  ) {
    it.effect(`is kept whole for ${how}, deep in it, with what began and ended before`, () =>
      Effect.map(
        kept(
          Effect.gen(function*() {
            yield* Effect.withSpan(nothing, "before")
            yield* force.pipe(Effect.withSpan("deep"), Effect.withSpan("middle"))
            yield* Effect.withSpan(nothing, "after")
          }).pipe(Effect.withSpan("root"))
        ),
        ({ spans }) => {
          assert.deepStrictEqual(
            tree(spans).filter((line) => !line.includes("forcing")),
            ["root", "  before", "  middle", "    deep", "  after"]
          )
          for (const span of spans) assert.strictEqual(span.attributes.get("sampling.kept_for"), "forced")
        }
      ))
  }

  it.effect("is not kept for a force_sample that is not true", () =>
    Effect.map(
      kept(Effect.withSpan(nothing, "span", { attributes: { force_sample: "true" } })),
      ({ spans }) => assert.deepStrictEqual(spans, [])
    ))

  it.effect("tells other services that it is sampled from the moment it is kept", () =>
    kept(
      Effect.gen(function*() {
        const before = yield* Trace.current
        yield* Trace.forceSample
        const after = yield* Trace.current
        assert.deepStrictEqual([before.traceFlags & 1, after.traceFlags & 1], [0, 1])
        assert.isTrue(before.sampled)
      }).pipe(Effect.withSpan("span"))
    ))

  it.effect("is kept where a kept trace links to it: the run of a failed item", () =>
    Effect.map(
      kept(
        Effect.forEach(["good", "bad"], (name) =>
          Effect.exit((name === "bad" ? Effect.fail("no") : nothing).pipe(Work.item(name)))).pipe(
            Effect.withSpan("run")
          )
      ),
      ({ spans }) =>
        assert.deepStrictEqual(
          spans.map((span) => [span.name, span.attributes.get("sampling.kept_for")]),
          [["bad", "error"], ["run", "linked"]]
        )
    ))
})
