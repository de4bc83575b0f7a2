import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Logger, Schema } from "effect"
import { Tracing } from "effect-tracing"
import { ExportError } from "effect-tracing/export"
import type { SpanExporter } from "effect-tracing/export"
import { ComponentStatuses, Observability, SystemOverview, TracingStatus } from "effect-tracing/observability"
import { SamplingControl } from "effect-tracing/sampling"
import { TestClock } from "effect/testing"
import { watched } from "./support.ts"

class Refused extends Schema.TaggedError<Refused>()("Refused", { message: Schema.String }) {}

const failing = (retryable: boolean): SpanExporter => ({
  name: "broken",
  export: () =>
    Effect.fail(
      new ExportError({
        reason: "status 401",
        message: "it wants credentials.",
        retryable,
        retryAfterMillis: undefined
      })
    ),
  shutdown: Effect.void
})

const overview = Effect.flatMap(Observability, (observability) => observability.systemOverview)
const components = Effect.flatMap(Observability, (observability) => observability.componentStatus)
const status = Effect.flatMap(Observability, (observability) => observability.tracingStatus)

const lasting = (millis: number, host?: string) =>
  Effect.sleep(millis).pipe(
    Effect.withSpan("fetch", {
      kind: "client",
      attributes: host === undefined ? {} : { "server.address": host }
    })
  )

/** Runs what sleeps on the test clock to its end. */
const run = <A, E, R>(effect: Effect.Effect<A, E, R>, millis: number) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
    yield* TestClock.adjust(millis)
    return yield* Fiber.join(fiber)
  })

describe("Observability.systemOverview", () => {
  it.effect("tells operations apart by name, kind and host, with rate and durations", () =>
    Effect.gen(function*() {
      for (let i = 0; i < 60; i++) yield* run(lasting(i === 0 ? 500 : 100, "blog.example"), i === 0 ? 500 : 1000)
      yield* run(lasting(10, "other.example"), 10)
      const { operations } = yield* overview
      assert.deepStrictEqual(operations.map(({ count, host, name }) => [name, host, count]), [
        ["fetch", "blog.example", 60],
        ["fetch", "other.example", 1]
      ])
      const blog = operations[0]!
      assert.closeTo(blog.rate_per_second, 1, 0.05)
      assert.closeTo(blog.p50_ms!, 100, 4)
      assert.closeTo(blog.p99_ms!, 500, 20)
      assert.strictEqual(blog.slowest!.duration_ms, 500)
      assert.isTrue(blog.slowest!.sampled)
      assert.isNull(blog.last_failed)
    }).pipe(Effect.provide(watched())))

  it.effect("writes figures with the digits they have, and no quantile beyond the slowest", () =>
    Effect.gen(function*() {
      yield* run(lasting(51.176788), 60)
      const [operation] = (yield* overview).operations
      const { p50_ms, p95_ms, p99_ms, rate_per_second, slowest } = operation!
      for (const figure of [p50_ms!, p95_ms!, p99_ms!, rate_per_second, slowest!.duration_ms]) {
        assert.isAtMost(String(figure).length, 6)
      }
      assert.isAtMost(p99_ms!, slowest!.duration_ms)
    }).pipe(Effect.provide(watched())))

  it.effect("counts errors by type and names the last failed trace", () =>
    Effect.gen(function*() {
      const fail = new Refused({ message: "no" }).pipe(Effect.fail, Effect.withSpan("save"), Effect.exit)
      yield* fail
      const traceId = yield* Effect.die(new TypeError("x")).pipe(
        Effect.onError(() => Effect.void),
        Effect.withSpan("save"),
        Effect.exit,
        Effect.andThen(Effect.currentSpan),
        Effect.withSpan("outer"),
        Effect.map((span) => span.traceId)
      )
      const { operations } = yield* overview
      const save = operations.find(({ name }) => name === "save")!
      assert.deepStrictEqual(save.errors, { Refused: 1, TypeError: 1 })
      assert.strictEqual(save.error_count, 2)
      assert.strictEqual(save.last_failed?.trace_id, traceId)
      assert.strictEqual(save.last_failed?.error_type, "TypeError")
    }).pipe(Effect.provide(watched())))

  it.effect("forgets rates and durations of long ago, and no count", () =>
    Effect.gen(function*() {
      yield* run(lasting(900), 900)
      yield* TestClock.adjust("11 minutes")
      yield* run(lasting(10), 10)
      const [operation] = (yield* overview).operations
      assert.strictEqual(operation?.count, 2)
      assert.closeTo(operation!.p99_ms!, 10, 0.5)
      assert.strictEqual(operation!.slowest!.duration_ms, 10)
    }).pipe(Effect.provide(watched())))

  it.effect("counts operations beyond its bound together", () =>
    Effect.gen(function*() {
      for (let i = 0; i < 50; i++) yield* Effect.void.pipe(Effect.withSpan(`span ${i}`))
      const { operations } = yield* overview
      assert.strictEqual(operations.length, 11)
      assert.deepStrictEqual(
        operations.filter(({ kind }) => kind === "other").map(({ count, name }) => [name, count]),
        [["(other operations)", 40]]
      )
    }).pipe(Effect.provide(watched({ observability: { maxOperations: 10 } }))))

  it.effect("sees every span at sampling rate 0, and none that the program turned off", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(Effect.withSpan("child"), Effect.withSpan("parent"))
      yield* Effect.void.pipe(Effect.withSpan("silent", { sampled: false }))
      const { operations, tracing } = yield* overview
      assert.deepStrictEqual(operations.map(({ name }) => name).toSorted(), ["child", "parent"])
      assert.strictEqual(tracing.spans_exported, 0)
    }).pipe(Effect.provide(watched({ env: { TRACING_SAMPLING_RATE: "0" } }))))

  it.effect("sees spans that begin after their trace was let go", () =>
    Effect.gen(function*() {
      const late = yield* Effect.forkDetach(
        Effect.sleep(10).pipe(Effect.andThen(Effect.void.pipe(Effect.withSpan("late")))),
        {
          startImmediately: true
        }
      ).pipe(Effect.withSpan("request"))
      yield* TestClock.adjust(10)
      yield* Fiber.join(late)
      const { operations } = yield* overview
      assert.deepStrictEqual(operations.map(({ name }) => name).toSorted(), ["late", "request"])
    }).pipe(Effect.provide(watched({ env: { TRACING_SAMPLING_RATE: "0.000001" } }))))

  it.effect("says who the program is, and for how long it runs", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("90 seconds")
      const { service, status, uptime_seconds } = yield* overview
      assert.deepStrictEqual(service, { name: "blog", version: "1.2.3", environment: "test" })
      assert.strictEqual(uptime_seconds, 90)
      assert.strictEqual(status, "healthy")
    }).pipe(Effect.provide(watched({
      env: { TRACING_SERVICE_NAME: "blog", TRACING_SERVICE_VERSION: "1.2.3", TRACING_ENVIRONMENT: "test" }
    }))))

  it.effect("is off where tracing is", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(Effect.withSpan("nobody sees"))
      const { operations, status, tracing } = yield* overview
      assert.deepStrictEqual({ operations, status, initialized: tracing.initialized }, {
        operations: [],
        status: "off",
        initialized: false
      })
      assert.deepStrictEqual(Object.keys(yield* components), ["distributed_tracer"])
    }).pipe(Effect.provide(watched({ env: { TRACING_ENABLED: "false" } }))))
})

describe("Observability.componentStatus", () => {
  it.effect("counts what was redacted, by kind, and says whether log lines are", () =>
    Effect.gen(function*() {
      yield* Effect.log("pwd=hunter2a").pipe(Effect.provide(Logger.layer([])))
      yield* Effect.void.pipe(Effect.withSpan("a", { attributes: { password: "hunter2b", note: "token=abcd1234" } }))
      const { redaction } = yield* components
      assert.deepStrictEqual(redaction?.counts, { password: 1, token: 1 })
      assert.include(redaction?.why, "from spans and log lines")
    }).pipe(Effect.provide(watched())))

  it.effect("says that log lines are left as they are where they are", () =>
    Effect.gen(function*() {
      assert.include((yield* components)["redaction"]?.why, "log lines are left as they are")
    }).pipe(Effect.provide(watched({ env: { TRACING_REDACT_LOGS: "false" } }))))

  it.effect("is degraded while spans wait for an exporter, with since when, why and what to do", () =>
    Effect.gen(function*() {
      const tracing = yield* Tracing
      yield* TestClock.adjust("1 hour")
      yield* Effect.void.pipe(Effect.withSpan("a"))
      yield* TestClock.adjust(6000)
      const broken = (yield* components)["exporter broken"]!
      assert.strictEqual(broken.status, "degraded")
      assert.strictEqual(broken.since, "1970-01-01T01:00:05.000Z")
      assert.include(broken.why, "it wants credentials. 1 span waiting, 0 lost")
      assert.include(broken.what_to_do!, "doctor")
      assert.deepStrictEqual(broken.counts, { delivered: 0, waiting: 1, rejected: 0, dropped: 0 })
      assert.strictEqual((yield* overview).status, "degraded")
      assert.isTrue(tracing.enabled)
    }).pipe(Effect.provide(watched({ env: { TRACING_SHUTDOWN_TIMEOUT_MS: "0" }, exporters: [failing(true)] }))))

  it.effect("is down where spans are lost for good", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(Effect.withSpan("a"))
      yield* TestClock.adjust(6000)
      const broken = (yield* components)["exporter broken"]!
      assert.strictEqual(broken.status, "down")
      assert.strictEqual(broken.counts["dropped"], 1)
      assert.strictEqual((yield* overview).status, "down")
    }).pipe(Effect.provide(watched({ exporters: [failing(false)] }))))

  it.effect("names every part, and what is off", () =>
    Effect.gen(function*() {
      const all = yield* components
      assert.deepStrictEqual(
        Object.entries(all).map(([name, { status }]) => `${name}: ${status}`),
        [
          "distributed_tracer: healthy",
          "exporter: off",
          "sampler: healthy",
          "propagation: off",
          "spool: off",
          "http: healthy",
          "sql: off",
          "redaction: healthy"
        ]
      )
      assert.include(all["sampler"]!.why, "TraceIdRatio{0.5}")
      assert.include(all["sampler"]!.why, "errors")
    }).pipe(Effect.provide(watched({
      env: { TRACING_INSTRUMENT_SQL: "false", OTEL_PROPAGATORS: "none", TRACING_SAMPLING_RATE: "0.5" }
    }))))

  it.effect("tells of an instrumentation that throws", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(Effect.withSpan("a"))
      const { distributed_tracer: tracer } = yield* components
      assert.strictEqual(tracer!.status, "degraded")
      assert.include(tracer!.why, "mine")
    }).pipe(Effect.provide(watched({
      instrumentations: [{
        name: "mine",
        kinds: ["internal"],
        onFinish: () => {
          throw new Error("bug")
        }
      }]
    }))))
})

describe("Observability.tracingStatus", () => {
  it.effect("tells what sampling was changed to, beside the settings of the start", () =>
    Effect.gen(function*() {
      const { sampling_control: atStart } = yield* status
      assert.deepInclude(atStart, { adjusted: false, ratio: 0.5, sampler: "parentbased_traceidratio", rules: 0 })
      const control = yield* SamplingControl
      yield* control.adjust({ ratio: 0.1, keepSlowMillis: 200, rules: [{ name: "GET *", rate: 1 }] })
      const changed = yield* status
      assert.deepInclude(changed.sampling_control, { adjusted: true, ratio: 0.1, keep_slow_ms: 200, rules: 1 })
      assert.strictEqual(changed.settings.find(({ name }) => name === "sampling.ratio")?.value, "0.5")
      assert.match((yield* components)["sampler"]!.why, /TraceIdRatio\{0\.1\}.*; changed since the start$/)
      yield* control.reset
      assert.deepStrictEqual((yield* status).sampling_control, atStart)
    }).pipe(Effect.provide(watched({ env: { TRACING_SAMPLING_RATE: "0.5" } }))))

  it.effect("counts traces that were held and let go for want of room", () =>
    Effect.gen(function*() {
      const child = Effect.withSpan(Effect.void, "child")
      const held = child.pipe(Effect.andThen(Effect.never), Effect.withSpan("held"))
      const open = yield* Effect.forkChild(held, { startImmediately: true })
      yield* child.pipe(Effect.withSpan("no room"))
      yield* Fiber.interrupt(open)
      const { ledger } = yield* status
      assert.strictEqual(ledger.evicted_traces, 1)
      const { sampler } = yield* components
      assert.deepInclude(sampler!.counts, { evicted: ledger.evicted, evicted_traces: 1 })
      assert.strictEqual(sampler!.status, "degraded")
    }).pipe(Effect.provide(watched({ env: { TRACING_SAMPLING_RATE: "0.000001", TRACING_HELD_TRACES: "1" } }))))

  it.effect("tells settings with their sources and hides secrets", () =>
    Effect.gen(function*() {
      const { initialized, settings, warnings } = yield* status
      assert.isTrue(initialized)
      assert.deepInclude(settings, {
        name: "serviceName",
        value: "blog",
        source: "variable",
        variable: "TRACING_SERVICE_NAME"
      })
      assert.notInclude(JSON.stringify(yield* status), "s3cret")
      assert.isTrue(warnings.some(({ message }) => message.includes("did you mean TRACING_SAMPLING_RATE")))
    }).pipe(Effect.provide(watched({
      env: {
        TRACING_SERVICE_NAME: "blog",
        OTEL_EXPORTER_OTLP_HEADERS: "authorization=s3cret",
        TRACING_SAMPLNG_RATE: "1"
      }
    }))))

  it.effect("tells the trace of who asks, and of nobody outside of one", () =>
    Effect.gen(function*() {
      assert.isNull((yield* status).current_trace_id)
      const [told, span] = yield* Effect.withSpan(Effect.all([status, Effect.currentSpan]), "asking")
      assert.strictEqual(told.current_trace_id, span.traceId)
    }).pipe(Effect.provide(watched())))

  it.effect("balances the ledger, and tells the last error and the last export", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(Effect.withSpan("a"))
      yield* TestClock.adjust(6000)
      const { last_error, last_export, ledger } = yield* status
      assert.strictEqual(ledger.started, 1)
      assert.strictEqual(ledger.lost, 1)
      assert.strictEqual(ledger.dropped["permanent_answer"], 1)
      assert.deepInclude(last_error, { exporter: "broken", reason: "status 401", time: "1970-01-01T00:00:05.000Z" })
      assert.isNull(last_export)
    }).pipe(Effect.provide(watched({ exporters: [failing(false)] }))))

  it.effect("is what its schema says, as are overview and components", () =>
    Effect.gen(function*() {
      yield* Effect.fail("no").pipe(Effect.withSpan("a"), Effect.exit)
      yield* Schema.decodeUnknownEffect(TracingStatus)(JSON.parse(JSON.stringify(yield* status)))
      yield* Schema.decodeUnknownEffect(SystemOverview)(JSON.parse(JSON.stringify(yield* overview)))
      yield* Schema.decodeUnknownEffect(ComponentStatuses)(JSON.parse(JSON.stringify(yield* components)))
    }).pipe(Effect.provide(watched({ env: { TRACING_SHUTDOWN_TIMEOUT_MS: "0" }, exporters: [failing(true)] }))))
})
