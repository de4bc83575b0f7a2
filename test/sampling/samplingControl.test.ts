import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { Tracing } from "effect-tracing"
import { keepErrors, keepSlowerThan, type LateKeep, SamplingControl } from "effect-tracing/sampling"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"

const rare = { TRACING_SAMPLING_RATE: "0.000000001", TRACING_KEEP_ERRORS: "false" }

/** Names of the spans that were kept. */
const names = Effect.gen(function*() {
  const recorded = yield* RecordedSpans
  return (yield* recorded.all).map((span) => span.name)
})

const span = (name: string) => Effect.withSpan(Effect.void, name)
const failing = (name: string) => Effect.exit(Effect.withSpan(Effect.fail("no"), name))

describe("SamplingControl.setRatio", () => {
  it.effect("samples the traces that begin after it at the new ratio, and those that have begun as they were", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* span("before")
      yield* Effect.gen(function*() {
        yield* sampling.setRatio(1)
        yield* span("child of one that began before")
      }).pipe(Effect.withSpan("around"))
      yield* span("all")
      yield* sampling.setRatio(0)
      yield* span("none")
      assert.deepStrictEqual(yield* names, ["all"])
    }).pipe(Effect.provide(TestTracing.layer({ env: rare }))))

  it.effect("keeps the part of the traces it says, within six standard deviations", () =>
    Effect.gen(function*() {
      yield* (yield* SamplingControl).setRatio(0.25)
      for (let i = 0; i < 4000; i++) yield* span("one")
      assert.approximately((yield* names).length, 1000, 6 * Math.sqrt(4000 * 0.25 * 0.75))
    }).pipe(Effect.provide(TestTracing.layer({ env: rare }))))

  it.effect("shows in the state and in what tracing says of itself, with the rate that spans tell", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.setRatio(0.5)
      const state = yield* sampling.current
      assert.deepStrictEqual([state.settings.ratio, state.settings.sampler, state.isAdjusted], [
        0.5,
        "parentbased_traceidratio",
        true
      ])
      assert.match(state.description[0]!, /TraceIdRatio\{0\.5\}/)
      assert.deepStrictEqual(yield* (yield* Tracing).sampling, state.description)
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("follows the parent or not as before", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.setRatio(0.5)
      assert.strictEqual((yield* sampling.current).settings.sampler, "traceidratio")
    }).pipe(Effect.provide(TestTracing.layer({ env: { OTEL_TRACES_SAMPLER: "always_on" } }))))

  it.effect("keeps errors late below 1 as the settings say", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.setRatio(1e-9)
      yield* failing("error")
      yield* span("healthy")
      assert.deepStrictEqual(yield* names, ["error"])
    }).pipe(Effect.provide(TestTracing.layer())))

  for (const ratio of [-0.1, 1.1, Number.NaN, Infinity]) {
    it.effect(`refuses ${ratio}, says what is allowed and changes nothing`, () =>
      Effect.gen(function*() {
        const sampling = yield* SamplingControl
        const error = yield* Effect.flip(sampling.setRatio(ratio))
        assert.strictEqual(
          error.message,
          `Sampling stays as it was: ratio is ${ratio}, allowed is a number from 0 to 1.`
        )
        assert.isFalse((yield* sampling.current).isAdjusted)
      }).pipe(Effect.provide(TestTracing.layer())))
  }
})

describe("SamplingControl.setRules", () => {
  it.effect("gives the traces that match a rate of their own, and the others the ratio", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.setRules([{ name: "noise *", rate: 0 }, { attributes: { "tenant.plan": "free" }, rate: 0 }])
      yield* span("noise 1")
      yield* Effect.withSpan(Effect.void, "free", { attributes: { "tenant.plan": "free" } })
      yield* span("signal")
      yield* sampling.setRules([])
      yield* span("noise 2")
      assert.deepStrictEqual(yield* names, ["signal", "noise 2"])
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("traces what matches though the ratio is 0", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.adjust({ ratio: 0, rules: [{ name: "looked into", rate: 1 }] })
      yield* span("other")
      yield* span("looked into")
      assert.deepStrictEqual(yield* names, ["looked into"])
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("keeps errors late of what a rule leaves to chance, and not of what it drops for good", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.setRules([{ name: "rare", rate: 1e-9 }, { name: "never", rate: 0 }])
      yield* failing("rare")
      yield* failing("never")
      assert.deepStrictEqual(yield* names, ["rare"])
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("SamplingControl.adjust", () => {
  it.effect("names all that is not allowed, and changes nothing", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      const result = yield* Effect.result(
        sampling.adjust({ ratio: 2, maxTracesPerSecond: 0, keepSlowMillis: -1, keepSlowest: 9, rules: [{ rate: 7 }] })
      )
      assert.deepStrictEqual(
        Result.isFailure(result) ? result.failure.problems.map(({ name }) => name) : [],
        ["ratio", "keepSlowest", "keepSlowMillis", "maxTracesPerSecond", "rules[0].rate"]
      )
      assert.isFalse((yield* sampling.current).isAdjusted)
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("limits the traces of a second", () =>
    Effect.gen(function*() {
      yield* (yield* SamplingControl).adjust({ maxTracesPerSecond: 5, keepErrors: false })
      for (let i = 0; i < 100; i++) yield* span("one")
      assert.isBelow((yield* names).length, 20)
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("replaces what is kept late where that is changed", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.adjust({ keepErrors: false, keepEvents: ["odd"] })
      assert.deepStrictEqual((yield* sampling.current).description.slice(1), ["events odd"])
    }).pipe(Effect.provide(TestTracing.layer({ env: { TRACING_SAMPLING_RATE: "0.1" } }))))

  it.effect("leaves the program's own late keeping where that is not changed", () => {
    const own: LateKeep = { ...keepSlowerThan(5), description: "own" }
    return Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.setRatio(0.5)
      yield* sampling.setRatio(1)
      yield* sampling.setRatio(0.1)
      assert.deepStrictEqual((yield* sampling.current).description.slice(1), ["own"])
      yield* sampling.adjust({ keepErrors: true })
      assert.deepStrictEqual((yield* sampling.current).description.slice(1), [keepErrors.description])
    }).pipe(Effect.provide(TestTracing.layer({ lateKeep: own })))
  })
})

describe("SamplingControl.reset", () => {
  it.effect("takes all changes back", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      const before = yield* sampling.current
      yield* sampling.adjust({ ratio: 1, rules: [{ name: "x", rate: 0 }], keepErrors: true })
      yield* sampling.reset
      assert.deepStrictEqual(yield* sampling.current, before)
      yield* failing("as before")
      assert.deepStrictEqual(yield* names, [])
    }).pipe(Effect.provide(TestTracing.layer({ env: rare }))))
})

describe("SamplingControl where tracing is disabled", () => {
  it.effect("takes every change, and nothing follows", () =>
    Effect.gen(function*() {
      const sampling = yield* SamplingControl
      yield* sampling.setRatio(1)
      yield* span("nothing")
      assert.deepStrictEqual(yield* names, [])
    }).pipe(Effect.provide(TestTracing.layer({ env: { TRACING_ENABLED: "false" } }))))
})
