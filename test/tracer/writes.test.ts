import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Logger, Tracer } from "effect"
import { Trace, Tracing } from "effect-tracing"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { library, recorded, spanNamed } from "./support.ts"

const balance = Effect.flatMap(Tracing, (tracing) => tracing.ledger)

const limited = (env: Record<string, string>) => ({ env })

describe("a span", () => {
  it.effect("has the attributes of withSpan, of annotations around it and inside it", () =>
    Effect.map(
      recorded(
        Effect.annotateCurrentSpan({ c: [1, 2], d: "x" }).pipe(
          Effect.withSpan("span", { attributes: { a: 1 } }),
          Effect.annotateSpans("b", true)
        )
      ),
      (spans) =>
        assert.deepStrictEqual(spanNamed(spans, "span").attributes.toRecord(), { b: true, a: 1, c: [1, 2], d: "x" })
    ))

  it.effect("links to the spans it is told of, at its start and later, with attributes", () =>
    Effect.map(
      recorded(Effect.gen(function*() {
        const other = yield* Effect.makeSpan("other")
        const remote = Tracer.externalSpan({ traceId: "0123456789abcdef0123456789abcdef", spanId: "0123456789abcdef" })
        yield* Effect.useSpan(
          "span",
          { links: [{ span: other, attributes: { why: "start" } }] },
          (span) => Effect.sync(() => span.addLinks([{ span: remote, attributes: {} }]))
        ).pipe(Effect.linkSpans(remote, { why: "around" }))
        other.end(1n, Exit.void)
      })),
      (spans) => {
        const [span, other] = [spanNamed(spans, "span"), spanNamed(spans, "other")]
        assert.deepStrictEqual(span.links.map((link) => [link.spanId, link.attributes?.get("why")]), [
          ["0123456789abcdef", "around"],
          [other.spanId, "start"],
          ["0123456789abcdef", undefined]
        ])
      }
    ))

  it.effect("has events with the time and the attributes they were given", () =>
    Effect.map(
      recorded(Effect.withSpan(Trace.event("post_parsed", { words: 3 }), "span")),
      (spans) => {
        const [event] = spanNamed(spans, "span").events
        assert.isDefined(event)
        assert.strictEqual(event.name, "post_parsed")
        assert.deepStrictEqual(event.attributes?.toRecord(), { words: 3 })
      }
    ))

  it.effect("never has a negative duration, whatever the clock did", () =>
    Effect.map(
      recorded(
        Effect.useSpan("span", (span) => Effect.sync(() => span.end(span.status.startTime - 1_000_000_000n, Exit.void)))
      ),
      (spans) => {
        const span = spanNamed(spans, "span")
        assert.strictEqual(span.endTime, span.startTime)
        assert.strictEqual(span.durationMillis, 0)
      }
    ))

  it.effect("says after its end that it has ended, and lets the exit go", () =>
    Effect.gen(function*() {
      const span = yield* Effect.useSpan("span", (span) =>
        Effect.exit(Effect.as(Effect.fail("secret"), span)).pipe(Effect.as(span)))
      assert.strictEqual(span.status._tag, "Ended")
      assert.deepStrictEqual(span.status._tag === "Ended" ? span.status.exit : undefined, Exit.void)
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("ignores and counts what is written to it after its end, and a second end", () =>
    Effect.gen(function*() {
      const span = yield* Effect.useSpan("span", (span) => Effect.succeed(span))
      const before = yield* balance
      span.attribute("late", 1)
      span.event("late", 1n)
      span.addLinks([{ span, attributes: {} }])
      span.end(5n, Exit.fail("late"))
      assert.strictEqual((yield* balance).lateWrites - before.lateWrites, 4)
      const recorded = yield* (yield* RecordedSpans).named("span")
      assert.strictEqual(recorded.attributes.size + recorded.events.length + recorded.links.length, 0)
      assert.strictEqual(recorded.statusCode, "unset")
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("the limits of a span", () => {
  it.effect("keep so many attributes and count the others", () =>
    Effect.map(
      recorded(
        Effect.annotateCurrentSpan({ a: 1, b: 2, c: 3, d: 4 }).pipe(Effect.withSpan("span")),
        limited({ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "2" })
      ),
      (spans) => {
        const { attributes } = spanNamed(spans, "span")
        assert.deepStrictEqual([...attributes.keys()], ["a", "b"])
        assert.strictEqual(attributes.dropped, 2)
      }
    ))

  it.effect("cut long texts, in attributes, events and links", () =>
    Effect.map(
      recorded(
        Effect.gen(function*() {
          const span = yield* Effect.currentSpan
          yield* Effect.annotateCurrentSpan("long", "abcdef")
          yield* Trace.event("event", { long: "abcdef" })
          span.addLinks([{ span, attributes: { long: "abcdef" } }])
        }).pipe(Effect.withSpan("span")),
        limited({ OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "3" })
      ),
      (spans) => {
        const span = spanNamed(spans, "span")
        assert.strictEqual(span.attributes.get("long"), "abc")
        assert.strictEqual(span.events[0]?.attributes?.get("long"), "abc")
        assert.strictEqual(span.links[0]?.attributes?.get("long"), "abc")
      }
    ))

  it.effect("keep so many events and links, with so many attributes each, and count the others", () =>
    Effect.map(
      recorded(
        Effect.gen(function*() {
          const span = yield* Effect.currentSpan
          for (let i = 0; i < 5; i++) {
            yield* Trace.event(`event ${i}`, { a: 1, b: 2, c: 3 })
            span.addLinks([{ span, attributes: { a: 1, b: 2 } }])
          }
        }).pipe(Effect.withSpan("span")),
        limited({
          OTEL_SPAN_EVENT_COUNT_LIMIT: "2",
          OTEL_SPAN_LINK_COUNT_LIMIT: "3",
          OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: "2",
          OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: "1"
        })
      ),
      (spans) => {
        const span = spanNamed(spans, "span")
        assert.deepStrictEqual([span.events.length, span.droppedEvents], [2, 3])
        assert.deepStrictEqual([span.links.length, span.droppedLinks], [3, 2])
        assert.deepStrictEqual([span.events[0]?.attributes?.size, span.events[0]?.attributes?.dropped], [2, 1])
        assert.deepStrictEqual([span.links[0]?.attributes?.size, span.links[0]?.attributes?.dropped], [1, 1])
      }
    ))

  it.effect("hold for spans by hand as well", () =>
    Effect.map(
      recorded(
        Effect.sync(() => library().startSpan("span", { attributes: { a: "abc", b: 2 } }).end()),
        limited({ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "1", OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: "2" })
      ),
      (spans) => assert.deepStrictEqual(spanNamed(spans, "span").attributes.toRecord(), { a: "ab" })
    ))
})

describe("a log line inside a span", () => {
  const logging = Effect.logWarning("disk nearly full").pipe(
    Effect.annotateLogs("disk", "sda"),
    Effect.withSpan("span"),
    Effect.provide(Logger.layer([Logger.tracerLogger]))
  )

  it.effect("is an event named log, with message, severity and annotations", () =>
    Effect.map(recorded(logging), (spans) => {
      const [event, ...more] = spanNamed(spans, "span").events
      assert.strictEqual(more.length, 0)
      assert.isDefined(event)
      assert.strictEqual(event.name, "log")
      assert.deepStrictEqual(event.attributes?.toRecord(), {
        "log.severity": "WARN",
        "log.message": "disk nearly full",
        disk: "sda"
      })
    }))

  it.effect("is cut where it is long", () =>
    Effect.map(
      recorded(
        Effect.log("x".repeat(5000)).pipe(
          Effect.withSpan("span"),
          Effect.provide(Logger.layer([Logger.tracerLogger]))
        )
      ),
      (spans) =>
        assert.strictEqual(String(spanNamed(spans, "span").events[0]?.attributes?.get("log.message")).length, 1024)
    ))

  it.effect("leaves no event with TRACING_LOG_EVENTS=false, while other events stay", () =>
    Effect.map(
      recorded(
        Effect.andThen(Trace.event("kept"), Effect.log("hello")).pipe(
          Effect.withSpan("span"),
          Effect.provide(Logger.layer([Logger.tracerLogger]))
        ),
        limited({ TRACING_LOG_EVENTS: "false" })
      ),
      (spans) => assert.deepStrictEqual(spanNamed(spans, "span").events.map((event) => event.name), ["kept"])
    ))

  it.effect("loses its secrets", () =>
    Effect.map(
      recorded(
        Effect.log("login with password=hunter2 done").pipe(
          Effect.withSpan("span"),
          Effect.provide(Logger.layer([Logger.tracerLogger]))
        )
      ),
      (spans) =>
        assert.notInclude(String(spanNamed(spans, "span").events[0]?.attributes?.get("log.message")), "hunter2")
    ))
})
