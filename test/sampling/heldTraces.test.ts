import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Option } from "effect"
import type { TracingSettings } from "effect-tracing/config"
import { type Balance, Warnings } from "effect-tracing/ledger"
import { defaultSpanLimits } from "effect-tracing/model"
import { Redactor } from "effect-tracing/privacy"
import { keepErrors, type LateKeep, ratio, type Sampler } from "effect-tracing/sampling"
import { externalSpan, LiveSpan, makePipeline, processResource, type TracerRuntime } from "effect-tracing/tracer"
import { HeldTraces } from "../../src/tracer/HeldTraces.ts"
import { startSpan } from "../../src/tracer/startSpan.ts"

const never: Sampler = { ...ratio(0.5), decide: () => ({ decision: "drop" }) }

type Bounds = TracingSettings["held"]

const roomy: Bounds = { maxTraces: 1000, maxSpans: 1000, maxBytes: 10_000_000, maxAgeMillis: Infinity }

/** The runtime of a pipeline that drops every trace and keeps what the policy says, within the bounds given. */
const runtimeOf = (bounds: Partial<Bounds>, lateKeep: LateKeep = keepErrors, nowMillis?: () => number) =>
  Effect.map(
    makePipeline({
      settings: {
        limits: defaultSpanLimits,
        logEvents: true,
        spanBudget: 10_000,
        maxSpanAgeMillis: Infinity,
        shutdownTimeoutMillis: 100,
        exitReport: "never",
        held: { ...roomy, ...bounds },
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
    ({ runtime }): TracerRuntime =>
      nowMillis === undefined ? runtime : {
        ...runtime,
        heldTraces: new HeldTraces({ ...roomy, ...bounds }, runtime.ledger, runtime.warnings, nowMillis)
      }
  )

const spanIn = (
  runtime: TracerRuntime,
  parent: Parameters<typeof startSpan>[1]["parent"] = Option.none(),
  linkTo: ReadonlyArray<LiveSpan> = []
): LiveSpan => {
  const span = startSpan(runtime, {
    name: "span",
    parent,
    annotations: Context.empty(),
    links: linkTo.map((span) => ({ span, attributes: {} })),
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

/** Starts 100,000 traces of two spans or more and ends all in random order, some with errors; `watch` looks on. */
const churn = (runtime: TracerRuntime, seed: number, watch: () => void): void => {
  const random = randomFrom(seed)
  const open: Array<LiveSpan> = []
  const start = (parent?: LiveSpan): LiveSpan => {
    // Now and then a link to a trace that is open, sometimes to the same one.
    const link = random(50) === 0 ? open[random(open.length)] : undefined
    const span = spanIn(runtime, Option.fromUndefinedOr(parent), link === undefined ? [] : [link])
    if (random(10) === 0) span.attribute("text", "x".repeat(random(2000)))
    return span
  }
  for (let i = 0; i < 100_000; i++) {
    const root = start()
    open.push(root, start(root))
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
    if (open.length % 10_000 === 0) assert.strictEqual(sumOf(runtime.ledger.balance), runtime.ledger.balance.started)
  }
}

describe("HeldTraces", () => {
  const cases: ReadonlyArray<readonly [title: string, Partial<Bounds>]> = [
    ["5,000 traces or 2,000 spans", { maxTraces: 5000, maxSpans: 2000 }],
    ["200 traces", { maxTraces: 200 }],
    ["one trace or span", { maxTraces: 1, maxSpans: 1 }],
    ["200 kB in 100,000 traces", { maxTraces: 100_000, maxSpans: 100_000, maxBytes: 200_000 }],
    ["1,000 traces, 800 spans and 300 kB", { maxTraces: 1000, maxSpans: 800, maxBytes: 300_000 }],
    ["500 ms of age", { maxTraces: 100_000, maxSpans: 100_000, maxAgeMillis: 500 }]
  ]
  for (const [title, part] of cases) {
    it.effect(`never holds more than ${title} while 100,000 traces are open and end at random`, () =>
      Effect.gen(function*() {
        let now = 0
        const runtime = yield* runtimeOf(part, keepErrors, () => now)
        const held = runtime.heldTraces
        const { bounds } = held
        let isBeyond = false
        churn(runtime, bounds.maxTraces, () => {
          now += 0.02
          // As the timer does.
          if (now % 10 < 0.02) held.letGoOld()
          isBeyond ||= held.size > bounds.maxTraces || held.spans > bounds.maxSpans || held.bytes > bounds.maxBytes ||
            held.ageMillis > bounds.maxAgeMillis + 10
        })
        assert.isFalse(isBeyond)
        const { balance } = runtime.ledger
        assert.isAbove(balance.evictedTraces, 0)
        assert.isAtMost(balance.evicted, balance.sampledOut)
        assert.strictEqual(sumOf(balance), balance.started)
        assert.deepStrictEqual([balance.active, balance.keptBack], [0, 0])
        assert.deepStrictEqual([held.size, held.spans, held.bytes, held.ageMillis], [0, 0, 0, 0])
        assert.strictEqual(runtime.warnings.all.filter(({ key }) => key === "late keep: no room").length, 1)
      }).pipe(Effect.scoped))
  }

  /** Ends so many spans below a span that is open. */
  const fill = (runtime: TracerRuntime, root: LiveSpan, spans: number): void => {
    for (let i = 0; i < spans; i++) spanIn(runtime, Option.some(root)).end(1n, Exit.void)
  }

  /** Whether a trace can still be kept. */
  const isHeld = (span: LiveSpan): boolean => {
    span.forceSample()
    return (span.traceFlags & 1) === 1
  }

  it.effect("lets the largest trace go beyond its spans, not the oldest", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({ maxSpans: 30 })
      const oldest = spanIn(runtime)
      const large = spanIn(runtime)
      const youngest = spanIn(runtime)
      fill(runtime, oldest, 3)
      fill(runtime, large, 20)
      fill(runtime, youngest, 8)
      assert.deepStrictEqual([oldest, large, youngest].map(isHeld), [true, false, true])
      const { evicted, evictedTraces } = runtime.ledger.balance
      assert.deepStrictEqual([evictedTraces, evicted], [1, 20])
    }).pipe(Effect.scoped))

  it.effect("lets the trace with most bytes go beyond its bytes, though it has the fewest spans", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({ maxBytes: 20_000 })
      const many = spanIn(runtime)
      const few = spanIn(runtime)
      fill(runtime, many, 10)
      const heavy = spanIn(runtime, Option.some(few))
      heavy.attribute("html", "x".repeat(9000))
      heavy.end(1n, Exit.void)
      assert.deepStrictEqual([many, few].map(isHeld), [true, false])
    }).pipe(Effect.scoped))

  it.effect("spares a trace that others link to, however large, so that what is kept of them links to something", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({ maxSpans: 30 })
      const run = spanIn(runtime)
      fill(runtime, run, 25)
      const items = Array.from({ length: 10 }, () => spanIn(runtime, Option.none(), [run]))
      for (const item of items) fill(runtime, item, 2)
      items[0]!.end(1n, Exit.void)
      items[9]!.end(1n, Exit.fail("no"))
      assert.strictEqual(run.traceFlags & 1, 1, "kept for the item that failed")
      run.end(1n, Exit.void)
      assert.strictEqual(run.attributes.get("sampling.kept_for"), "linked")
    }).pipe(Effect.scoped))

  it.effect("lets even a trace that others link to go when nothing else is left", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({ maxSpans: 10 })
      const run = spanIn(runtime)
      spanIn(runtime, Option.none(), [run])
      fill(runtime, run, 11)
      assert.strictEqual(runtime.heldTraces.spans, 0)
      assert.isFalse(isHeld(run))
    }).pipe(Effect.scoped))

  it.effect("spares a trace that is linked to only later, by a span that runs", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({ maxSpans: 10 })
      const run = spanIn(runtime)
      const other = spanIn(runtime)
      fill(runtime, run, 8)
      other.addLinks([{ span: run, attributes: {} }])
      fill(runtime, other, 3)
      assert.deepStrictEqual([run, other].map(isHeld), [true, false])
    }).pipe(Effect.scoped))

  it.effect("does not hold a new trace beyond its traces, so that those it has can be kept to their end", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({ maxTraces: 2 })
      const [first, second, third] = [spanIn(runtime), spanIn(runtime), spanIn(runtime)]
      assert.isFalse(third.sampled, "it records nothing")
      third.end(1n, Exit.fail("no"))
      second.end(1n, Exit.void)
      const fourth = spanIn(runtime)
      for (const span of [first, fourth]) span.end(1n, Exit.fail("no"))
      const { balance } = runtime.ledger
      assert.deepStrictEqual([balance.dropped.no_exporter, balance.sampledOut, balance.evictedTraces], [2, 2, 1])
    }).pipe(Effect.scoped))

  it.effect("lets go by age, on a timer too, what nobody ends", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({ maxAgeMillis: 100 })
      const idle = spanIn(runtime)
      fill(runtime, idle, 3)
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 350)))
      assert.deepStrictEqual([runtime.heldTraces.size, runtime.ledger.balance.evicted], [0, 3])
      assert.isFalse(isHeld(idle))
    }).pipe(Effect.scoped))

  it.effect("keeps a trace for the very span that would have been one too many", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({ maxTraces: 10, maxSpans: 2 })
      const root = spanIn(runtime)
      for (let i = 0; i < 2; i++) spanIn(runtime, Option.some(root)).end(1n, Exit.void)
      spanIn(runtime, Option.some(root)).end(1n, Exit.fail("no"))
      root.end(1n, Exit.void)
      assert.strictEqual(runtime.ledger.balance.dropped.no_exporter, 4)
    }).pipe(Effect.scoped))

  it.effect("keeps a chain of 5,000 traces, each linked to the one before, for an error in the last", () =>
    Effect.gen(function*() {
      const count = 5000
      const runtime = yield* runtimeOf({ maxTraces: count, maxSpans: count })
      const chain = [spanIn(runtime)]
      while (chain.length < count) {
        const root = spanIn(runtime)
        spanIn(runtime, Option.some(root), chain.slice(-1)).end(1n, Exit.void)
        chain.push(root)
      }
      chain[count - 1]!.end(1n, Exit.fail("no"))
      assert.isTrue(chain.every((span) => (span.traceFlags & 1) === 1))
      assert.deepStrictEqual(runtime.warnings.all, [])
    }).pipe(Effect.scoped))

  it.effect("judges a trace by the policy of when it began, though another has come into force", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({})
      const span = spanIn(runtime)
      runtime.lateKeep = undefined
      span.end(1n, Exit.fail("no"))
      assert.strictEqual(runtime.ledger.balance.dropped.no_exporter, 1)
    }).pipe(Effect.scoped))
})

describe("a trace that is kept late", () => {
  it.effect("loses the threshold of its parent, by which it was not drawn, and nothing else", () =>
    Effect.gen(function*() {
      const runtime = yield* runtimeOf({})
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
      const runtime = yield* runtimeOf({}, boom)
      spanIn(runtime).end(1n, Exit.void)
      assert.deepStrictEqual(runtime.warnings.all.map(({ count, key }) => [key, count]), [["late keep", 1]])
      assert.strictEqual(runtime.ledger.balance.sampledOut, 1)
    }).pipe(Effect.scoped))
})
