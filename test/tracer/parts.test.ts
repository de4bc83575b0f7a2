import { assert, describe, it } from "@effect/vitest"
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace-base"
import { BatchSpanProcessor, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { Effect } from "effect"
import { Tracing } from "effect-tracing"
import { ExportError, fromOpenTelemetry, type SpanExporter } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import { alwaysOn, type Sampler } from "effect-tracing/sampling"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import type { Instrumentation } from "effect-tracing/tracer"
import { makeRecorder, spanNamed } from "./support.ts"

const boom = (): never => {
  throw new Error("boom")
}

const warnings = Effect.flatMap(Tracing, (tracing) => tracing.warnings)

const nested = Effect.succeed("result").pipe(Effect.withSpan("inner"), Effect.withSpan("outer"))

/** Runs the nested spans twice and holds them to being there, and one warning to having been given, so often where that is known. */
const goesOn = (options: Parameters<typeof TestTracing.layer>[0], key: string, times?: number) =>
  Effect.gen(function*() {
    assert.strictEqual(yield* nested, "result")
    assert.strictEqual(yield* nested, "result")
    const spans = yield* RecordedSpans
    assert.deepStrictEqual(yield* spans.tree, ["outer", "  inner", "outer", "  inner"])
    const warning = (yield* warnings).find((given) => given.key === key)
    assert.isDefined(warning)
    assert.include(warning.message, "boom")
    if (times !== undefined) assert.strictEqual(warning.count, times)
  }).pipe(Effect.provide(TestTracing.layer(options)))

describe("a part that throws is told once and the span goes on:", () => {
  it.effect("an instrumentation as spans start", () =>
    goesOn({ instrumentations: [{ name: "bad", kinds: ["internal"], onStart: boom }] }, "instrumentation bad", 4))

  it.effect("an instrumentation as fibers get contexts", () =>
    goesOn({ instrumentations: [{ name: "bad", kinds: [], onContext: boom }] }, "instrumentation bad"))

  it.effect("an instrumentation as spans end", () =>
    goesOn({ instrumentations: [{ name: "bad", kinds: ["internal"], onFinish: boom }] }, "instrumentation bad", 4))

  it.effect("a processor", () => {
    class Bad implements SpanProcessor {
      onStart = boom
      onEnd = boom
      forceFlush = (): Promise<void> => Promise.reject(new Error("boom"))
      shutdown = (): Promise<void> => Promise.reject(new Error("boom"))
    }
    return goesOn({ spanProcessors: [new Bad()] }, "processor Bad", 8)
  })

  it.effect("a sampler", () => goesOn({ sampler: { ...alwaysOn, description: "Bad", decide: boom } }, "sampler", 2))

  it.effect("a sampler that is asked for each span", () =>
    goesOn({ sampler: { ...alwaysOn, scope: "span", description: "Bad", decide: boom } }, "sampler", 4))

  it.effect("an exporter, while another gets all spans", () => {
    const recorder = makeRecorder()
    const bad: SpanExporter = { name: "bad", export: () => Effect.sync(boom), shutdown: Effect.void }
    return Effect.gen(function*() {
      yield* nested
      yield* Effect.flatMap(Tracing, (tracing) => tracing.flush)
      assert.strictEqual(recorder.spans.length, 2)
      assert.isTrue((yield* warnings).some((given) => given.message.includes("boom")))
    }).pipe(Effect.provide(TestTracing.layer({ exporters: [bad, recorder] })))
  })

  it.effect("an exporter that fails for good", () => {
    const failing: SpanExporter = {
      name: "failing",
      export: () =>
        Effect.fail(new ExportError({ reason: "no", message: "boom", retryable: false, retryAfterMillis: undefined })),
      shutdown: Effect.void
    }
    return Effect.gen(function*() {
      assert.strictEqual(yield* nested, "result")
      yield* Effect.flatMap(Tracing, (tracing) => tracing.flush)
      assert.strictEqual((yield* warnings).filter((given) => given.message.includes("boom")).length, 1)
    }).pipe(Effect.provide(TestTracing.layer({ exporters: [failing] })))
  })
})

describe("an instrumentation", () => {
  it.effect("names spans, gives them attributes, remembers, and says how they ended, for its kinds only", () => {
    const seen: Array<unknown> = []
    const instrumentation: Instrumentation = {
      name: "test",
      kinds: ["client"],
      onStart: (start) => {
        start.name = `${start.name} renamed`
        start.attributes = { early: true, both: "instrumentation" }
        start.memo = { started: start.name }
      },
      onFinish: (span) => {
        seen.push(span.memo, span.attributes.get("both"))
        span.name = `${span.name} twice`
        span.attributes.set("late", span.endTime >= span.startTime)
        return { status: "error", message: "as the instrumentation says", errorType: "teapot", exception: false }
      }
    }
    return Effect.gen(function*() {
      yield* Effect.void.pipe(
        Effect.withSpan("call", { kind: "client", attributes: { both: "program" } }),
        Effect.withSpan("outer")
      )
      const spans = yield* (yield* RecordedSpans).all
      const call = spanNamed(spans, "call renamed twice")
      assert.deepStrictEqual(call.attributes.toRecord(), {
        early: true,
        both: "program",
        late: true,
        "error.type": "teapot"
      })
      assert.deepStrictEqual([call.statusCode, call.statusMessage], ["error", "as the instrumentation says"])
      assert.strictEqual(call.events.length, 0)
      assert.deepStrictEqual(seen, [{ started: "call renamed" }, "program"])
      assert.strictEqual(spanNamed(spans, "outer").statusCode, "unset")
    }).pipe(Effect.provide(TestTracing.layer({ instrumentations: [instrumentation] })))
  })

  it.effect("may be told of a failure and call it none, or tell its exception", () => {
    const verdict = (exception: boolean): Instrumentation => ({
      name: "test",
      kinds: ["internal"],
      onFinish: () => ({ status: exception ? "error" : "unset", exception })
    })
    const events = (exception: boolean) =>
      Effect.gen(function*() {
        yield* Effect.exit(Effect.withSpan(Effect.fail("no"), "span"))
        const span = yield* (yield* RecordedSpans).named("span")
        return [span.statusCode, span.events.length]
      }).pipe(Effect.provide(TestTracing.layer({ instrumentations: [verdict(exception)] })))
    return Effect.gen(function*() {
      assert.deepStrictEqual(yield* events(false), ["unset", 0])
      assert.deepStrictEqual(yield* events(true), ["error", 1])
    })
  })
})

/** Keeps what it was shown, also after its shutdown. */
class KeepingExporter extends InMemorySpanExporter {
  readonly kept: Array<ReadableSpan> = []
  override export(...[spans, done]: Parameters<InMemorySpanExporter["export"]>): void {
    this.kept.push(...spans)
    super.export(spans, done)
  }
}

const shown = (span: ReadableSpan | undefined) => ({
  name: span?.name,
  attributes: span?.attributes,
  service: span?.resource.attributes["service.name"],
  scope: span?.instrumentationScope.name,
  ended: span?.ended
})

describe("processors and exporters of OpenTelemetry", () => {
  const program = Effect.annotateCurrentSpan("password", "hunter2").pipe(
    Effect.withSpan("inner", { attributes: { a: 1 } }),
    Effect.withSpan("outer")
  )
  const config = { serviceName: "shop" }

  it.effect("SimpleSpanProcessor gets each span as it ends, redacted, with parent, resource and scope", () => {
    const exporter = new KeepingExporter()
    return Effect.gen(function*() {
      yield* program
      const [inner, outer] = exporter.kept
      assert.deepStrictEqual(shown(inner), {
        name: "inner",
        attributes: { a: 1, password: inner?.attributes.password },
        service: "shop",
        scope: "effect-tracing",
        ended: true
      })
      assert.notInclude(String(inner?.attributes.password), "hunter2")
      assert.strictEqual(inner?.parentSpanContext?.spanId, outer?.spanContext().spanId)
      assert.isUndefined(outer?.parentSpanContext)
    }).pipe(Effect.provide(TestTracing.layer({ config, spanProcessors: [new SimpleSpanProcessor(exporter)] })))
  })

  it.effect("BatchSpanProcessor has delivered everything when the layer is closed", () => {
    const exporter = new KeepingExporter()
    return Effect.gen(function*() {
      yield* Effect.provide(program, TestTracing.layer({ spanProcessors: [new BatchSpanProcessor(exporter)] }))
      assert.deepStrictEqual(exporter.kept.map((span) => span.name), ["inner", "outer"])
    })
  })

  it.effect("a processor sees a span as it starts, with its attributes, and may write to it", () => {
    const seen: Array<unknown> = []
    const processor: SpanProcessor = {
      onStart: (span: Span) => {
        seen.push([span.name, span.attributes, span.isRecording(), span.parentSpanContext === undefined])
        span.setAttribute("from.processor", true)
      },
      onEnd: () => {},
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve()
    }
    return Effect.gen(function*() {
      yield* Effect.void.pipe(Effect.withSpan("inner", { attributes: { a: 1 } }), Effect.withSpan("outer"))
      const spans = yield* (yield* RecordedSpans).all
      assert.strictEqual(spanNamed(spans, "inner").attributes.get("from.processor"), true)
      assert.strictEqual(spanNamed(spans, "outer").attributes.get("from.processor"), true)
      assert.deepStrictEqual(seen, [["outer", {}, true, true], ["inner", { a: 1 }, true, false]])
    }).pipe(Effect.provide(TestTracing.layer({ spanProcessors: [processor] })))
  })

  it.effect("a processor sees what is recorded without being sampled", () => {
    const exporter = new KeepingExporter()
    const sampler: Sampler = { ...alwaysOn, description: "RecordOnly", decide: () => ({ decision: "record" }) }
    const names: Array<string> = []
    const processor: SpanProcessor = {
      onStart: () => {},
      onEnd: (span) => void names.push(span.name),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve()
    }
    return Effect.gen(function*() {
      yield* nested
      assert.deepStrictEqual(names, ["inner", "outer"])
      // The SDK's own processors pass over spans without the sampled flag.
      assert.deepStrictEqual(exporter.kept, [])
      assert.deepStrictEqual(yield* (yield* RecordedSpans).all, [])
    }).pipe(
      Effect.provide(TestTracing.layer({ sampler, spanProcessors: [processor, new SimpleSpanProcessor(exporter)] }))
    )
  })

  it.effect("fromOpenTelemetry delivers through an exporter of OpenTelemetry", () => {
    const exporter = new KeepingExporter()
    const resource = { attributes: Attributes.fromRecord({ "service.name": "shop" }), schemaUrl: undefined }
    return Effect.gen(function*() {
      yield* Effect.provide(program, TestTracing.layer({ exporters: [fromOpenTelemetry(exporter, { resource })] }))
      assert.deepStrictEqual(exporter.kept.map((span) => [span.name, span.resource.attributes["service.name"]]), [
        ["inner", "shop"],
        ["outer", "shop"]
      ])
    })
  })
})
