import * as OtelTracer from "@effect/opentelemetry/OtelTracer"
import { assert, describe, it } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node"
import { Cause, Effect, Exit, Layer, Scope, Tracer } from "effect"
import { Trace, Tracing } from "effect-tracing"
import { RecordedSpans, TestTracing, tree } from "effect-tracing/testing"
import { LiveSpan } from "effect-tracing/tracer"
import { byHand, gives, library, recorded, recordingLayer, spanNamed } from "./support.ts"

const isRegistered = Effect.sync(() => {
  const span = library().startSpan("probe", { root: true })
  span.end()
  return span.isRecording() || Otel.isSpanContextValid(span.spanContext())
})

describe("the services of @effect/opentelemetry", () => {
  it.effect("OtelTracer.currentOtelSpan is the current span", () =>
    Effect.map(
      recorded(
        Effect.gen(function*() {
          const span = yield* OtelTracer.currentOtelSpan
          const current = yield* Effect.currentSpan
          assert.strictEqual(span.spanContext().spanId, current.spanId)
          assert.strictEqual(span.spanContext().traceId, current.traceId)
          span.setAttribute("by", "OpenTelemetry").addEvent("event")
          span.updateName("renamed")
        }).pipe(Effect.withSpan("span"))
      ),
      (spans) => {
        const span = spanNamed(spans, "renamed")
        assert.strictEqual(span.attributes.get("by"), "OpenTelemetry")
        assert.deepStrictEqual(span.events.map((event) => event.name), ["event"])
      }
    ))

  it.effect("OtelTracer and OtelTracerProvider make spans of this pipeline", () =>
    Effect.gen(function*() {
      const [tracer, provider] = [yield* OtelTracer.OtelTracer, yield* OtelTracer.OtelTracerProvider]
      yield* Effect.sync(() => {
        tracer.startSpan("by the tracer").end()
        provider.getTracer("mine", "1.2.3").startSpan("by the provider").end()
      }).pipe(Effect.withSpan("outer"))
      const spans = yield* RecordedSpans
      assert.deepStrictEqual(yield* spans.tree, ["outer", "  by the tracer", "  by the provider"])
      assert.deepStrictEqual((yield* spans.named("by the provider")).scope, {
        name: "mine",
        version: "1.2.3",
        schemaUrl: undefined
      })
      assert.strictEqual((yield* spans.named("by the tracer")).scope.name, "effect-tracing")
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("OtelTracer.withSpanContext continues a remote trace", () =>
    Effect.map(
      recorded(
        Effect.void.pipe(
          Effect.withSpan("span"),
          OtelTracer.withSpanContext({ traceId: remote.traceId, spanId: remote.spanId, traceFlags: 1 })
        )
      ),
      (spans) => {
        const span = spanNamed(spans, "span")
        assert.deepStrictEqual([span.traceId, span.parentSpanId, span.parentIsRemote], [
          remote.traceId,
          remote.spanId,
          true
        ])
      }
    ))
})

const remote = { traceId: "0123456789abcdef0123456789abcdef", spanId: "fedcba9876543210" }

describe("TracingLive provided twice", () => {
  it.effect("nested is one pipeline and one trace", () =>
    Effect.gen(function*() {
      const { layer, spans } = recordingLayer()
      yield* Effect.void.pipe(
        Effect.withSpan("inner"),
        Effect.provide(layer),
        Effect.withSpan("outer"),
        Effect.provide(layer)
      )
      assert.deepStrictEqual(tree(spans), ["outer", "  inner"])
    }))

  it.effect("side by side and at once is one pipeline, closed with its last user", () =>
    Effect.gen(function*() {
      const { layer, spans } = recordingLayer()
      const ledgers = yield* Effect.forEach(
        [1, 2, 3],
        (i) =>
          Effect.gen(function*() {
            yield* Effect.withSpan(Effect.yieldNow, `span ${i}`)
            return (yield* (yield* Tracing).ledger).started
          }).pipe(Effect.provide(layer)),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(tree(spans).toSorted(), ["span 1", "span 2", "span 3"])
      assert.strictEqual(Math.max(...ledgers), 3)
      assert.isFalse(yield* isRegistered)
    }))

  it.effect("with different settings is two pipelines", () =>
    Effect.gen(function*() {
      const [one, two] = [recordingLayer(), recordingLayer({ TRACING_SERVICE_NAME: "two" })]
      yield* Effect.void.pipe(
        Effect.withSpan("inner"),
        Effect.provide(two.layer),
        Effect.withSpan("outer"),
        Effect.provide(one.layer)
      )
      assert.deepStrictEqual([tree(one.spans), tree(two.spans)], [["outer"], ["inner"]])
      assert.strictEqual(two.spans[0]?.parentSpanId, one.spans[0]?.spanId)
    }))
})

describe("OpenTelemetry's globals", () => {
  it.effect("are ours while a layer lives, and free again after it", () =>
    Effect.gen(function*() {
      assert.isFalse(yield* isRegistered)
      yield* Effect.gen(function*() {
        assert.isTrue(yield* isRegistered)
        assert.deepStrictEqual(Otel.propagation.fields(), ["traceparent", "tracestate", "baggage"])
      }).pipe(Effect.provide(TestTracing.layer()))
      assert.isFalse(yield* isRegistered)
      assert.deepStrictEqual(Otel.propagation.fields(), [])
    }))

  it.effect("pass to the next pipeline when the first one goes", () =>
    Effect.gen(function*() {
      const [one, two] = [recordingLayer(), recordingLayer({ TRACING_SERVICE_NAME: "two" })]
      const scope = yield* Scope.make()
      yield* Layer.buildWithScope(one.layer, scope)
      yield* Effect.gen(function*() {
        yield* Effect.sync(() => byHand("in the first"))
        yield* Scope.close(scope, Exit.void)
        yield* Effect.sync(() => byHand("in the second"))
      }).pipe(Effect.provide(two.layer))
      assert.deepStrictEqual([tree(one.spans), tree(two.spans)], [["in the first"], ["in the second"]])
    }))

  it.effect("of another SDK that was first stay its own, which a warning tells", () =>
    Effect.gen(function*() {
      const other = yield* Effect.acquireRelease(
        Effect.sync(() => {
          const provider = new NodeTracerProvider({ spanProcessors: [] })
          provider.register()
          return provider
        }),
        (provider) =>
          Effect.promise(() => provider.shutdown()).pipe(Effect.ensuring(Effect.sync(() => {
            Otel.trace.disable()
            Otel.context.disable()
            Otel.propagation.disable()
          })))
      )
      yield* Effect.gen(function*() {
        yield* Effect.sync(() => byHand("theirs")).pipe(Effect.withSpan("ours"))
        assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, ["ours"])
        const warnings = yield* (yield* Tracing).warnings
        assert.deepStrictEqual(
          warnings.filter((warning) => warning.key === "globals").map((warning) => warning.count),
          [1]
        )
      }).pipe(Effect.provide(TestTracing.layer()))
      assert.strictEqual((Otel.trace.getTracerProvider() as Otel.ProxyTracerProvider).getDelegate(), other)
    }).pipe(Effect.scoped))
})

describe("tracing that is disabled", () => {
  const program = Effect.gen(function*() {
    const span = yield* Effect.currentSpan
    yield* Trace.event("event")
    yield* Trace.forceSample
    yield* Effect.sync(() => byHand("by hand"))
    return [span.name, span instanceof LiveSpan, yield* Effect.tracer]
  }).pipe(Effect.withSpan("span"))

  for (const env of [{ TRACING_ENABLED: "false" }, { OTEL_SDK_DISABLED: "true" }]) {
    it.effect(`by ${Object.keys(env)[0]} gives the same results, without spans, by Effect's own tracer`, () =>
      Effect.gen(function*() {
        const [name, isLive, tracer] = yield* program
        assert.deepStrictEqual([name, isLive], ["span", false])
        assert.strictEqual(tracer, Tracer.nativeTracer)
        assert.deepStrictEqual(yield* (yield* RecordedSpans).all, [])
        assert.isFalse(yield* isRegistered)
        const tracing = yield* Tracing
        assert.isFalse(tracing.enabled)
        assert.strictEqual((yield* tracing.ledger).started, 0)
        const span = (yield* OtelTracer.OtelTracer).startSpan("no-op")
        assert.isFalse(span.isRecording())
      }).pipe(Effect.provide(TestTracing.layer({ env }))))
  }

  it.effect("fails and dies as it would", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* Effect.flip(Effect.withSpan(Effect.fail("no"), "span")), "no")
      const exit = yield* Effect.exit(Effect.withSpan(Effect.die("bug"), "span"))
      assert.strictEqual(Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined, "bug")
    }).pipe(Effect.provide(TestTracing.layer({ env: { TRACING_ENABLED: "false" } }))))
})

describe("a span that is not to be recorded", () => {
  it.effect("by sampled: false is not, nor is anything below it, while its neighbours are", () =>
    gives(
      Effect.gen(function*() {
        yield* Effect.sync(() => byHand("by hand")).pipe(
          Effect.withSpan("below"),
          Effect.withSpan("hidden", { sampled: false })
        )
        yield* Effect.withSpan(Effect.void, "beside")
      }).pipe(Effect.withSpan("outer")),
      ["outer", "  beside"]
    ))

  it.effect("by sampled: false stays so under a sampler that samples everything", () =>
    gives(
      Effect.sync(() => byHand("by hand")).pipe(Effect.withSpan("hidden", { sampled: false })),
      [],
      { env: { OTEL_TRACES_SAMPLER: "always_on" } }
    ))

  it.effect("by sampled: false is not kept for an error either", () =>
    gives(
      Effect.exit(
        Effect.gen(function*() {
          yield* Effect.sync(() => library().startSpan("by hand").setStatus({ code: Otel.SpanStatusCode.ERROR }).end())
          return yield* Effect.fail("no")
        }).pipe(Effect.withSpan("below"), Effect.withSpan("hidden", { sampled: false }))
      ),
      [],
      { env: { TRACING_SAMPLING_RATE: "0.5" } }
    ))

  it.effect("by MinimumTraceLevel is not, while spans of a higher level are", () =>
    gives(
      Effect.void.pipe(
        Effect.withSpan("detail", { level: "Debug" }),
        Effect.andThen(Effect.withSpan(Effect.void, "step", { level: "Error" })),
        Effect.provideService(Tracer.MinimumTraceLevel, "Warn")
      ),
      ["step"]
    ))

  it.effect("by withTracerEnabled(false) is not, and what is enabled again below it goes on above it", () =>
    gives(
      Effect.void.pipe(
        Effect.withSpan("below"),
        Effect.withTracerEnabled(true),
        Effect.withSpan("hidden"),
        Effect.withTracerEnabled(false),
        Effect.withSpan("outer")
      ),
      ["outer", "  below"]
    ))

  it.effect("by an unsampled parent is where the program insists with sampled: true", () =>
    gives(
      Effect.void.pipe(Effect.withSpan("insists", { sampled: true }), Effect.withSpan("hidden", { sampled: false })),
      ["insists"]
    ))
})

describe("a remote parent", () => {
  const under = (parent: Tracer.AnySpan, env: Record<string, string> = {}) =>
    recorded(Effect.void.pipe(Effect.withSpan("below"), Effect.withSpan("span", { parent })), { env })

  it.effect("that is sampled is continued", () =>
    Effect.map(under(Tracer.externalSpan(remote)), (spans) => {
      assert.deepStrictEqual(tree(spans), ["span", "  below"])
      const span = spanNamed(spans, "span")
      assert.deepStrictEqual([span.traceId, span.parentSpanId], [remote.traceId, remote.spanId])
      assert.isTrue(span.isLocalRoot)
      assert.isFalse(spanNamed(spans, "below").isLocalRoot)
    }))

  it.effect("that is unsampled is followed: nothing is exported", () =>
    Effect.map(under(Tracer.externalSpan({ ...remote, sampled: false })), (spans) => assert.deepStrictEqual(spans, [])))

  it.effect("that is unsampled does not bind a sampler that looks at no parent", () =>
    Effect.map(
      under(Tracer.externalSpan({ ...remote, sampled: false }), { OTEL_TRACES_SAMPLER: "always_on" }),
      (spans) => assert.deepStrictEqual(tree(spans), ["span", "  below"])
    ))

  for (
    const [what, ids] of [
      ["an all-zero trace id", { ...remote, traceId: "0".repeat(32) }],
      ["a short span id", { ...remote, spanId: "abc" }],
      ["ids that are no digits", { traceId: "noop", spanId: "noop" }]
    ] as const
  ) {
    it.effect(`with ${what} is no parent: the span is a root with a valid id of its own`, () =>
      Effect.map(under(Tracer.externalSpan(ids)), (spans) => {
        const span = spanNamed(spans, "span")
        assert.isUndefined(span.parentSpanId)
        assert.match(span.traceId, /^(?!0{32})[0-9a-f]{32}$/)
        assert.deepStrictEqual(tree(spans), ["span", "  below"])
      }))
  }
})
