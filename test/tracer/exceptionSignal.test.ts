import { assert, describe, it } from "@effect/vitest"
import { Data, Effect, Logger, References } from "effect"
import { CorrelationId } from "effect-tracing"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"

interface Line {
  readonly message: unknown
  readonly level: string
  readonly annotations: Readonly<Record<string, unknown>>
}

class NoRoute extends Data.TaggedError("NoRoute")<{ readonly message: string }> {}

const failing = Effect.fail(new NoRoute({ message: "no route for token=hunter2x" })).pipe(
  Effect.withSpan("inner"),
  Effect.withSpan("outer"),
  Effect.ignore
)

/** The lines and the events of a failing program under this setting. */
const signals = (
  setting: string | undefined,
  env: Record<string, string> = {},
  program: Effect.Effect<void> = failing
) =>
  Effect.gen(function*() {
    const lines: Array<Line> = []
    const collecting = Logger.map(Logger.formatStructured, (line) => void lines.push(line))
    return yield* Effect.gen(function*() {
      yield* program
      const spans = yield* RecordedSpans
      const all = yield* spans.all
      return { lines, all, events: all.flatMap(({ events, name }) => events.map((event) => `${name}: ${event.name}`)) }
    }).pipe(Effect.provide([
      Logger.layer([collecting, Logger.tracerLogger]),
      TestTracing.layer({
        env: { ...env, ...(setting === undefined ? undefined : { OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: setting }) }
      })
    ]))
  })

describe("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", () => {
  it.effect("unset leaves exceptions events of spans and logs nothing", () =>
    Effect.gen(function*() {
      const { events, lines } = yield* signals(undefined)
      assert.deepStrictEqual(events, ["inner: exception"])
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("logs makes them log lines of the span they arose in, once, redacted, and no events", () =>
    Effect.gen(function*() {
      const { all, events, lines } = yield* signals(
        "logs",
        {},
        Effect.provideService(failing, CorrelationId, "order-1")
      )
      assert.deepStrictEqual(events, [])
      const [inner] = all
      assert.isDefined(inner)
      assert.strictEqual(lines.length, 1)
      const { annotations, level, message } = lines[0]!
      assert.strictEqual(level, "ERROR")
      assert.strictEqual(message, "NoRoute: no route for token=[redacted:token]")
      const { "exception.stacktrace": stack, ...rest } = annotations
      assert.deepStrictEqual(rest, {
        trace_id: inner.trace.hex,
        span_id: inner.spanId,
        trace_flags: "03",
        correlation_id: "order-1",
        "exception.type": "NoRoute",
        "exception.message": "no route for token=[redacted:token]"
      })
      assert.match(String(stack), /^NoRoute: no route for token=\[redacted:token\]\n +at /)
    }))

  it.effect("logs/dup makes them both", () =>
    Effect.gen(function*() {
      const { events, lines } = yield* signals("logs/dup")
      assert.deepStrictEqual(events, ["inner: exception"])
      assert.deepStrictEqual(lines.map(({ message }) => message), ["NoRoute: no route for token=[redacted:token]"])
    }))

  it.effect("leaves status and error.type of the spans as they are", () =>
    Effect.gen(function*() {
      const statuses = (setting: string | undefined) =>
        Effect.map(signals(setting), ({ all }) =>
          all.map(({ attributes, name, statusCode }) => [name, statusCode, attributes.get("error.type")]))
      assert.deepStrictEqual(yield* statuses("logs"), yield* statuses(undefined))
    }))

  it.effect("obeys the least level that the program logs", () =>
    Effect.gen(function*() {
      const { lines } = yield* signals("logs", {}, Effect.provideService(failing, References.MinimumLogLevel, "Fatal"))
      assert.deepStrictEqual(lines, [])
    }))

  it.effect.each(["events", "log", "logs,logs/dup"])(
    "warns about %s and goes on with events",
    (setting) =>
      Effect.gen(function*() {
        const { events, lines } = yield* signals(setting)
        assert.deepStrictEqual(events, ["inner: exception"])
        assert.deepStrictEqual(lines, [])
      })
  )
})
