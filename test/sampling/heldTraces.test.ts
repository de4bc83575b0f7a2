import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Option } from "effect"
import { type Balance, Warnings } from "effect-tracing/ledger"
import { defaultSpanLimits } from "effect-tracing/model"
import { Redactor } from "effect-tracing/privacy"
import { keepErrors, type LateKeep, ratio, type Sampler } from "effect-tracing/sampling"
import { externalSpan, LiveSpan, makePipeline, processResource, type TracerRuntime } from "effect-tracing/tracer"
import { HeldTraces } from "../../src/tracer/HeldTraces.ts"
import { startSpan } from "../../src/tracer/startSpan.ts"

const never: Sampler = { ...ratio(0.5), decide: () => ({ decision: "drop" }) }

/** The runtime of a pipeline that drops every trace and keeps what the policy says, within the bounds given. */
const runtimeOf = (held: HeldTraces, lateKeep: LateKeep = keepErrors) =>
  Effect.map(
    makePipeline({
      settings: {
        limits: defaultSpanLimits,
        logEvents: true,
        spanBudget: 10_000,
        maxSpanAgeMillis: Infinity,
        shutdownTimeoutMillis: 100,
        exitReport: "never",
        batch: {
          scheduleDelayMillis: 5000,
          exportTimeoutMillis: 100,
          maxQueueSize: undefined,
          maxExportBatchSize: 512,
          queueBytes: 1_000_000
        }
      },
      resource: processResource(
        { serviceName: "test", serviceVersion: undefined, environment: "test", resourceAttributes: {} },
        "1",
        Redactor.make()
      ),
      warnings: new Warnings(),
      sampler: never,
      lateKeep,
      instrumentations: [],
      exporters: [],
      spanProcessors: [],
      redact: () => {}
    }),
    ({ runtime }): TracerRuntime => ({ ...runtime, heldTraces: held })
  )

const spanIn = (
  runtime: TracerRuntime,
  parent: Parameters<typeof startSpan>[1]["parent"] = Option.none()
): LiveSpan => {
  const span = startSpan(runtime, {
    name: "span",
    parent,
    annotations: Context.empty(),
    links: [],
    startTime: 0n,
    kind: "internal",
    root: parent._tag === "None",
    sampled: true,
    scope: runtime.scope
  }, undefined)
  if (!(span instanceof LiveSpan)) throw new Error("the span does not record")
  // Whoever reads the flags takes the decision.
  void span.traceFlags
  return span
}

const sumOf = (
  { active, dropped, exported, inFlight, keptBack, queued, rejected, sampledOut, spooled }: Balance
): number =>
  [active, exported, inFlight, keptBack, queued, rejected, sampledOut, spooled, ...Object.values(dropped)]
    .reduce((sum, count) => sum + count, 0)

/** Random numbers that are the same each time. */
const randomFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return Math.floor((state >>> 0) / 2 ** 32 * below)
  }
}

describe("HeldTraces", () => {
  for (const [maxTraces, maxSpans] of [[5000, 2000], [200, 50_000], [1, 1]] as const) {
    it.effect(`never holds more than ${maxTraces} traces or ${maxSpans} spans while 100,000 traces are open and end at random`, () =>
      Effect.gen(function*() {
        const held = new HeldTraces(maxTraces, maxSpans)
        const runtime = yield* runtimeOf(held)
        const random = randomFrom(maxTraces)
        const open: Array<LiveSpan> = []
        let isBeyond = false
        const watch = (): void => {
          isBeyond ||= held.size > maxTraces || held.spans > maxSpans
        }
        for (let i = 0; i < 100_000; i++) {
          const root = spanIn(runtime)
          open.push(root, spanIn(runtime, Option.some(root)))
          watch()
        }
        while (open.length > 0) {
          const index = random(open.length)
          const span = open[index]!
          open[index] = open[open.length - 1]!
          open.pop()
          if (random(4) === 0) spanIn(runtime, Option.some(span)).end(1n, Exit.void)
          span.end(1n, random(20) === 0 ? Exit.fail("no") : Exit.void)
          watch()
          if (open.length % 10_000 === 0) {
            assert.strictEqual(sumOf(runtime.ledger.balance), runtime.ledger.balance.started)
          }
        }
        assert.isFalse(isBeyond)
        assert.isAbove(held.evicted, 0)
        const { balance } = runtime.ledger
        assert.strictEqual(sumOf(balance), balance.started)
        assert.deepStrictEqual([balance.active, balance.keptBack], [0, 0])
        assert.deepStrictEqual([held.size, held.spans], [0, 0])
      }).pipe(Effect.scoped))
  }

  it.effect("makes room although the oldest traces hold nothing", () =>
    Effect.gen(function*() {
      const held = new HeldTraces(10, 2)
      const runtime = yield* runtimeOf(held)
      const idle = [spanIn(runtime), spanIn(runtime)]
      const busy = spanIn(runtime)
      for (let i = 0; i < 3; i++) spanIn(runtime, Option.some(busy)).end(1n, Exit.void)
      assert.isAtMost(held.spans, 2)
      for (const span of [...idle, busy]) span.end(1n, Exit.void)
      assert.deepStrictEqual([held.size, held.spans], [0, 0])
    }).pipe(Effect.scoped))

  it.effect("keeps a trace for the very span that would have been one too many", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf(new HeldTraces(10, 2))
      const root = spanIn(runtime)
      for (let i = 0; i < 2; i++) spanIn(runtime, Option.some(root)).end(1n, Exit.void)
      spanIn(runtime, Option.some(root)).end(1n, Exit.fail("no"))
      root.end(1n, Exit.void)
      assert.strictEqual(runtime.ledger.balance.dropped.no_exporter, 4)
    }).pipe(Effect.scoped))
})

describe("a trace that is kept late", () => {
  it.effect("loses the threshold of its parent, by which it was not drawn, and nothing else", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf(new HeldTraces(10, 10))
      const span = spanIn(
        runtime,
        Option.some(externalSpan({
          traceId: "0123456789abcdef0123456789abcdef",
          spanId: "0123456789abcdef",
          traceFlags: 1,
          traceState: "ot=rv:00000000000000;th:8,vendor=1",
          isRemote: true,
          isLimited: true
        }))
      )
      span.forceSample()
      assert.strictEqual(span.traceState, "ot=rv:00000000000000,vendor=1")
      assert.strictEqual(span.traceFlags, 1)
    }).pipe(Effect.scoped))

  it.effect("is not kept for a policy that throws, which a warning tells", () =>
    Effect.gen(function*() {
      const boom: LateKeep = {
        description: "bad",
        reasonOf: () => {
          throw new Error("boom")
        }
      }
      const runtime = yield* runtimeOf(new HeldTraces(10, 10), boom)
      spanIn(runtime).end(1n, Exit.void)
      assert.deepStrictEqual(runtime.warnings.all.map(({ count, key }) => [key, count]), [["late keep", 1]])
      assert.strictEqual(runtime.ledger.balance.sampledOut, 1)
    }).pipe(Effect.scoped))
})
