import { assert, describe, it } from "@effect/vitest"
import { Console, Effect, Logger, References } from "effect"
import { CorrelationId, Trace, type Tracing } from "effect-tracing"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { formatWithOptions } from "node:util"

type Line = Readonly<Record<string, unknown>>

/** What a logger of annotations printed for a program. */
const printed = <A, E>(
  program: Effect.Effect<A, E, RecordedSpans | Tracing>,
  logger: Logger.Logger<unknown, unknown>
) =>
  Effect.gen(function*() {
    const lines: Array<unknown> = []
    const collecting = Logger.map(logger, (line) => {
      lines.push(line)
    })
    const result = yield* program.pipe(Effect.provide([Logger.layer([collecting]), TestTracing.layer()]))
    return { lines, result }
  })

const idsAndLog = Effect.gen(function*() {
  const { spanId, traceId } = yield* Trace.current
  yield* Effect.log("hello")
  return { trace_id: traceId, span_id: spanId, trace_flags: "03" }
})

const inSpan = Effect.withSpan(idsAndLog, "span")

const annotationsOf = (line: unknown): Line => (line as { readonly annotations: Line }).annotations

describe("a log line inside a span", () => {
  it.effect("has the ids in structured logs", () =>
    Effect.gen(function*() {
      const { lines, result } = yield* printed(inSpan, Logger.formatStructured)
      assert.deepStrictEqual(annotationsOf(lines[0]), result)
    }))

  it.effect("has the ids and the correlation id in JSON", () =>
    Effect.gen(function*() {
      const { lines, result } = yield* printed(
        Effect.provideService(inSpan, CorrelationId, "order-1"),
        Logger.formatJson
      )
      assert.deepStrictEqual(annotationsOf(JSON.parse(String(lines[0]))), { ...result, correlation_id: "order-1" })
    }))

  it.effect("has the ids in logfmt", () =>
    Effect.gen(function*() {
      const { lines, result } = yield* printed(inSpan, Logger.formatLogFmt)
      assert.include(
        String(lines[0]),
        ` trace_id=${result.trace_id} span_id=${result.span_id} trace_flags=03`
      )
    }))

  it.effect.each(
    [["default", Logger.defaultLogger], ["pretty", Logger.consolePretty({ mode: "tty", colors: false })]] as const
  )(
    "has the ids on the console of the %s logger",
    ([, logger]) =>
      Effect.gen(function*() {
        let text = ""
        const print = (...parts: ReadonlyArray<unknown>) => {
          text += `${formatWithOptions({}, ...parts)}\n`
        }
        const { span_id, trace_id } = yield* inSpan.pipe(
          Effect.provide([Logger.layer([logger]), TestTracing.layer()]),
          Effect.provideService(Console.Console, Object.assign(Object.create(console), { log: print }))
        )
        assert.include(text, trace_id)
        assert.include(text, span_id)
      })
  )

  it.effect("has those of its own span, whichever span the annotations around it were made in", () =>
    Effect.gen(function*() {
      const both = Effect.gen(function*() {
        const outer = yield* idsAndLog
        const inner = yield* inSpan
        return [outer, inner]
      }).pipe(Effect.annotateLogs("a", 1), Effect.withSpan("outer"), Effect.annotateLogs("b", "2"))
      const { lines, result } = yield* printed(both, Logger.formatStructured)
      assert.deepStrictEqual(lines.map(annotationsOf), result.map((ids) => Object.assign(ids, { b: "2", a: 1 })))
    }))

  it.effect("keeps the annotations from around the layer", () =>
    Effect.gen(function*() {
      const { lines, result } = yield* Effect.annotateLogs(printed(inSpan, Logger.formatStructured), "service", "shop")
      assert.deepStrictEqual(annotationsOf(lines[0]), { ...result, service: "shop" })
    }))

  it.effect("does not repeat the ids in the event of its span", () =>
    Effect.gen(function*() {
      yield* Effect.withSpan(Effect.annotateLogs(Effect.log("hello"), "a", 1), "span").pipe(
        Effect.provideService(CorrelationId, "order-1")
      )
      const { events } = yield* (yield* RecordedSpans).named("span")
      assert.deepStrictEqual(events[0]?.attributes?.toRecord(), {
        "log.severity": "INFO",
        "log.message": "hello",
        a: 1
      })
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("a log line outside of spans", () => {
  it.effect("has no ids and no empty places for them", () =>
    Effect.gen(function*() {
      const { lines } = yield* printed(Effect.log("hello"), Logger.formatStructured)
      assert.deepStrictEqual(annotationsOf(lines[0]), {})
      const annotated = yield* printed(Effect.annotateLogs(Effect.log("hello"), "a", 1), Logger.formatStructured)
      assert.deepStrictEqual(annotationsOf(annotated.lines[0]), { a: 1 })
      const keys = yield* Effect.map(References.CurrentLogAnnotations, Reflect.ownKeys).pipe(
        Effect.annotateLogs("a", 1),
        Effect.provide(TestTracing.layer())
      )
      assert.deepStrictEqual(keys, ["a"])
    }))

  it.effect("has none either where tracing is turned off", () =>
    Effect.gen(function*() {
      const { lines } = yield* printed(
        Effect.log("hello").pipe(Effect.withSpan("off"), Effect.withTracerEnabled(false)),
        Logger.formatStructured
      )
      assert.deepStrictEqual(annotationsOf(lines[0]), {})
    }))

  it.effect("has the correlation id where there is one", () =>
    Effect.gen(function*() {
      const { lines } = yield* printed(
        Effect.provideService(Effect.log("hello"), CorrelationId, "order-1"),
        Logger.formatStructured
      )
      assert.deepStrictEqual(annotationsOf(lines[0]), { correlation_id: "order-1" })
    }))

  it.effect("has nothing for the ids in the JSON of annotated logs", () =>
    Effect.gen(function*() {
      const { lines } = yield* printed(Effect.annotateLogs(Effect.log("hello"), "a", 1), Logger.formatJson)
      assert.deepStrictEqual(annotationsOf(JSON.parse(String(lines[0]))), { a: 1 })
    }))
})
