import { assert, describe, it } from "@effect/vitest"
import { Effect, References } from "effect"
import { Trace } from "effect-tracing"
import { TestClock } from "effect/testing"
import { byHand, library, recorded, spanNamed } from "./support.ts"

const seconds = (count: number): bigint => BigInt(count) * 1_000_000_000n

describe("the clock of a span", () => {
  it.effect("is the fiber's: under TestClock a span has its times, to the nanosecond, and lasts as long as it says", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(5000)
      const spans = yield* recorded(
        Effect.gen(function*() {
          yield* TestClock.adjust("2 seconds")
          yield* Effect.withSpan(TestClock.adjust("1500 millis"), "inner")
          yield* TestClock.adjust("1 hour")
        }).pipe(Effect.withSpan("outer"))
      )
      const inner = spanNamed(spans, "inner")
      const outer = spanNamed(spans, "outer")
      assert.deepStrictEqual([inner.startTime, inner.endTime], [seconds(7), 8_500_000_000n])
      assert.strictEqual(inner.durationMillis, 1500)
      assert.deepStrictEqual([outer.startTime, outer.endTime], [seconds(5), 3_608_500_000_000n])
    }))

  it.effect("times events and log lines as well", () =>
    Effect.gen(function*() {
      const spans = yield* recorded(
        Effect.gen(function*() {
          yield* TestClock.adjust("3 seconds")
          yield* Trace.event("parsed")
          yield* TestClock.adjust("1 second")
          yield* Effect.log("done")
        }).pipe(Effect.withSpan("span"))
      )
      assert.deepStrictEqual(spanNamed(spans, "span").events.map(({ time }) => time), [seconds(3), seconds(4)])
    }))

  it.effect("holds for spans and events made by hand in a fiber with OpenTelemetry's API, unless they bring a time", () =>
    Effect.gen(function*() {
      const spans = yield* recorded(
        Effect.gen(function*() {
          yield* TestClock.adjust("9 seconds")
          byHand("by hand")
          const span = library().startSpan("with times", { startTime: [1, 5] })
          span.addEvent("now")
          span.addEvent("then", [2, 0])
          span.end([3, 0])
        })
      )
      const own = spanNamed(spans, "by hand")
      assert.deepStrictEqual([own.startTime, own.endTime], [seconds(9), seconds(9)])
      const timed = spanNamed(spans, "with times")
      assert.deepStrictEqual([timed.startTime, timed.endTime], [1_000_000_005n, seconds(3)])
      assert.deepStrictEqual(timed.events.map(({ time }) => time), [seconds(9), seconds(2)])
    }))

  it.effect("holds for spans that are made without being entered, and for those that nobody ends", () =>
    Effect.gen(function*() {
      const spans = yield* recorded(
        Effect.gen(function*() {
          const span = yield* Effect.makeSpan("made")
          yield* Effect.makeSpanScoped("scoped")
          yield* TestClock.adjust("4 seconds")
          span.end(seconds(2), yield* Effect.exit(Effect.void))
        })
      )
      assert.deepStrictEqual(spanNamed(spans, "made").endTime, seconds(2))
      const scoped = spanNamed(spans, "scoped")
      assert.deepStrictEqual([scoped.startTime, scoped.endTime], [0n, seconds(4)])
    }))

  it.effect("never makes a negative duration, though the clock is set back", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(10_000)
      const spans = yield* recorded(Effect.withSpan(TestClock.setTime(1000), "set back"))
      const span = spanNamed(spans, "set back")
      assert.deepStrictEqual([span.startTime, span.endTime], [seconds(10), seconds(10)])
    }))

  it.effect("is not read at all where timing is turned off", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(10_000)
      const spans = yield* recorded(
        Effect.withSpan(Effect.void, "untimed").pipe(Effect.provideService(References.TracerTimingEnabled, false))
      )
      const span = spanNamed(spans, "untimed")
      assert.deepStrictEqual([span.startTime, span.endTime], [0n, 0n])
    }))
})
