import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { Trace } from "effect-tracing"
import {
  alwaysOff,
  alwaysOn,
  keepSlowerThan,
  keepSlowest,
  parentBased,
  rateLimit,
  ratio,
  rules
} from "effect-tracing/sampling"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { inputOf, parentOf } from "./support.ts"

const between = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))
const listOf = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum, maximum }))))
const rates = Arbitrary.map(between(0, 1000), (part) => part / 1000)

/** A tree of spans named by their number, in the order they begin, as lines indented by depth. */
const linesOf = (children: ReadonlyArray<ReadonlyArray<number>>, node = 0, indent = ""): ReadonlyArray<string> => [
  `${indent}${node}`,
  ...children[node]!.flatMap((child) => linesOf(children, child, `${indent}  `))
]

/** The children of each node, where each number says which of the nodes before is its parent. */
const childrenOf = (parents: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> => {
  const children: Array<Array<number>> = [[]]
  for (const [index, parent] of parents.entries()) {
    children.push([])
    children[parent % (index + 1)]!.push(index + 1)
  }
  return children
}

const triggers = {
  "Trace.forceSample": Trace.forceSample,
  "the attribute force_sample": Effect.annotateCurrentSpan("force_sample", true),
  "an error": Effect.exit(Effect.withSpan(Effect.fail("no"), "failing")),
  "an event": Trace.event("odd")
}

describe("a trace that the sampler said no to", () => {
  for (const [name, trigger] of Object.entries(triggers)) {
    it.effect.prop(
      `is complete, whatever its shape and wherever in it ${name} keeps it`,
      [listOf(0, 1000), between(0, 1000)],
      ([parents, place]) =>
        Effect.gen(function*() {
          const children = childrenOf(parents)
          const run = (node: number): Effect.Effect<void> =>
            Effect.forEach(children[node]!, run, { discard: true }).pipe(
              Effect.andThen(node === place % children.length ? trigger : Effect.void),
              Effect.withSpan(String(node))
            )
          yield* run(0)
          const spans = yield* RecordedSpans
          const lines = yield* spans.tree
          assert.deepStrictEqual(lines.filter((line) => !line.endsWith("failing")), linesOf(children))
          for (const span of yield* spans.all) {
            assert.strictEqual(span.attributes.get("sampling.adjusted_count"), 0)
            assert.strictEqual(span.traceFlags & 1, 1)
          }
        }).pipe(
          Effect.provide(
            TestTracing.layer({ env: { TRACING_SAMPLING_RATE: "0.000000001", TRACING_KEEP_EVENTS: "odd" } })
          )
        ),
      { arbitrary: { runs: 25 } }
    )
  }
})

describe("rules", () => {
  it.prop(
    "decide as the ratio of the first that matches would, and as the other sampler where none does",
    [Arbitrary.schema(Schema.Array(Schema.Literals(["a", "b", "c"]))), Arbitrary.all([rates, rates, rates])],
    ([names, ofName]) => {
      const at = { a: ofName[0], b: ofName[1], c: ofName[2] }
      const sampler = rules(names.map((name, index) => ({ name, rate: index % 2 === 0 ? at[name] : 0 })), alwaysOn)
      for (const name of ["a", "b", "c", "d"] as const) {
        const input = inputOf({ name })
        const first = names.findIndex((other) => other === name)
        const rate = name === "d" || first < 0 ? 1 : first % 2 === 0 ? at[name] : 0
        assert.strictEqual(sampler.decide(input).decision, ratio(rate).decide(input).decision)
      }
    }
  )

  it.prop("sample more at a higher rate, never less", [rates, rates], ([one, other]) => {
    const [low, high] = one < other ? [one, other] : [other, one]
    const sampler = (rate: number) => rules([{ kind: "client", rate }], alwaysOff)
    const input = inputOf({ kind: "client" })
    if (sampler(low).decide(input).decision === "sample") {
      assert.strictEqual(sampler(high).decide(input).decision, "sample")
    }
  })
})

describe("parentBased", () => {
  it.prop("follows the flag of a parent it believes, at any rate", [between(0, 255), rates], ([traceFlags, rate]) => {
    const { decision } = parentBased(ratio(rate)).decide(inputOf({ parent: parentOf({ traceFlags }) }))
    assert.strictEqual(decision, traceFlags % 2 === 1 ? "sample" : "drop")
  })

  it.prop(
    "never samples more of a limited peer's traces than its own rate",
    [between(0, 255), rates],
    ([flags, rate]) => {
      const input = inputOf({ parent: parentOf({ traceFlags: flags, isLimited: true }) })
      if (parentBased(ratio(rate)).decide(input).decision !== "sample") return
      assert.strictEqual(flags % 2, 1)
      assert.strictEqual(ratio(rate).decide(input).decision, "sample")
    }
  )
})

describe("rateLimit", () => {
  it.prop(
    "never samples more than a second's worth and the rate since, in any stretch of time",
    [listOf(0, 300), between(1, 50)],
    ([pauses, limit]) => {
      let now = 0n
      const sampler = rateLimit(limit, alwaysOn, () => now)
      const sampled: Array<number> = []
      for (const pause of pauses.flatMap((millis) => [millis, 0, 0, 1])) {
        now += BigInt(pause) * 1_000_000n
        if (sampler.decide(inputOf()).decision === "sample") sampled.push(Number(now) / 1e9)
      }
      for (let from = 0; from < sampled.length; from++) {
        for (let to = from; to < sampled.length; to++) {
          assert.isAtMost(to - from + 1, limit + limit * (sampled[to]! - sampled[from]!) + 1e-6)
        }
      }
    }
  )
})

const lasting = (millis: number) => ({
  name: "op",
  statusCode: "unset" as const,
  startTime: 0n,
  endTime: BigInt(Math.round(millis * 1e6)),
  events: []
})

describe("keepSlowerThan", () => {
  it.prop("keeps what lasts as long or longer, and nothing else", [between(1, 100_000), between(0, 200_000)], (
    [threshold, millis]
  ) => {
    const reason = keepSlowerThan(threshold).reasonOf(lasting(millis), true)
    assert.strictEqual(reason, millis >= threshold ? "slow" : undefined)
    assert.isUndefined(keepSlowerThan(threshold).reasonOf(lasting(millis), false))
  })
})

describe("keepSlowest", () => {
  for (const quantile of [0.9, 0.99]) {
    it(`keeps about ${Math.round((1 - quantile) * 100)} % of durations that come from one distribution`, () => {
      const policy = keepSlowest(quantile)
      let state = 1
      const next = (): number => {
        state = (Math.imul(state, 1664525) + 1013904223) | 0
        return (state >>> 0) / 2 ** 32
      }
      const count = 100_000
      let kept = 0
      for (let i = 0; i < count; i++) if (policy.reasonOf(lasting(-100 * Math.log(1 - next())), true) === "slow") kept++
      assert.isAbove(kept / count, (1 - quantile) / 2)
      assert.isBelow(kept / count, (1 - quantile) * 2)
    })
  }
})
