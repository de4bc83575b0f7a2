import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Latch, Layer, ManagedRuntime, Queue, Stream, Tracer } from "effect"
import { RecordedSpans, TestTracing, tree } from "effect-tracing/testing"
import type { TestServices } from "./support.ts"
import { activeName, byHand, contextWithoutSpan, delay, gives, recordingLayer } from "./support.ts"

const numbers = Array.from({ length: 100 }, (_, i) => i)

const disablePropagation = Context.make(Tracer.DisablePropagation, true)

// Runs as a program of its own, as a callback of a library would.
const runAnew = (program: Effect.Effect<void, unknown>): Promise<void> => Effect.runPromise(program)

const named = Effect.fn("named")(function*() {
  yield* Effect.promise(async () => {
    await delay(1)
    byHand("by hand")
  })
})

const handsAroundAnAwait = async (): Promise<void> => {
  byHand("before")
  await delay(1)
  byHand("after")
}

describe("the active span", () => {
  describe("in synchronous code", () => {
    it.live("is the fiber's span in Effect.sync", () =>
      gives(
        Effect.gen(function*() {
          yield* Effect.sync(() => byHand("by hand"))
          assert.strictEqual(yield* Effect.sync(activeName), "outer")
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  by hand"]
      ))

    it.live("is none outside of spans", () =>
      gives(
        Effect.gen(function*() {
          assert.isUndefined(yield* Effect.sync(activeName))
          yield* Effect.sync(() => byHand("by hand"))
        }),
        ["by hand"]
      ))

    it.live("is the inner span inside, and the outer one again after it", () =>
      gives(
        Effect.gen(function*() {
          yield* Effect.sync(() => byHand("a")).pipe(Effect.withSpan("inner"))
          yield* Effect.sync(() => byHand("b"))
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  inner", "    a", "  b"]
      ))

    it.live("is the outer fiber's span in Effect.runSync inside Effect.sync", () =>
      gives(
        Effect.sync(() => {
          Effect.runSync(Effect.sync(() => byHand("by hand")))
          byHand("after")
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  by hand", "  after"]
      ))

    it.live("is the outermost fiber's span, however many fibers without one are in between", () =>
      gives(
        Effect.gen(function*() {
          const context = yield* Effect.context()
          const run = Effect.runSyncWith(contextWithoutSpan(context))
          yield* Effect.sync(() => run(Effect.sync(() => run(Effect.sync(() => byHand("by hand"))))))
          yield* Effect.sync(() => run(Effect.sync(() => run(Effect.void.pipe(Effect.withSpan("by Effect"))))))
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  by hand", "  by Effect"]
      ))
  })

  describe("in asynchronous code", () => {
    it.live("is the fiber's span in Effect.promise before and after each await", () =>
      gives(
        Effect.promise(async () => {
          byHand("before")
          await Promise.resolve()
          byHand("after a microtask")
          await delay(1)
          byHand("after a timer")
          await Promise.all([1, 2].map(async (i) => {
            await delay(i)
            byHand(`all ${i}`)
          }))
          byHand("after all")
        }).pipe(Effect.withSpan("outer")),
        [
          "outer",
          "  before",
          "  after a microtask",
          "  after a timer",
          "  all 1",
          "  all 2",
          "  after all"
        ]
      ))

    it.live("is the fiber's span in Effect.tryPromise up to its failure, and in the handler", () =>
      gives(
        Effect.tryPromise(async () => {
          await delay(1)
          byHand("before the failure")
          throw new Error("no")
        }).pipe(
          Effect.catch(() => Effect.sync(() => byHand("in the handler"))),
          Effect.withSpan("outer")
        ),
        ["outer", "  before the failure", "  in the handler"]
      ))

    it.live("is the fiber's span in Effect.callback, resumed at once or later", () =>
      gives(
        Effect.gen(function*() {
          yield* Effect.callback<void>((resume) => {
            byHand("at once")
            resume(Effect.sync(() => byHand("resumed at once")))
          })
          yield* Effect.callback<void>((resume) => {
            setTimeout(() => {
              byHand("later")
              resume(Effect.sync(() => byHand("resumed later")))
            }, 1)
          })
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  at once", "  resumed at once", "  later", "  resumed later"]
      ))

    it.live("is that of each fiber when a hundred take turns", () =>
      gives(
        Effect.forEach(
          numbers,
          (i) =>
            Effect.gen(function*() {
              assert.strictEqual(yield* Effect.sync(activeName), `fiber ${i}`)
              yield* Effect.yieldNow
              const seen = yield* Effect.promise(async () => {
                await Promise.resolve()
                return activeName()
              })
              assert.strictEqual(seen, `fiber ${i}`)
              yield* Effect.sleep(i % 3)
              yield* Effect.sync(() => byHand(`hand ${i}`))
            }).pipe(Effect.withSpan(`fiber ${i}`)),
          { concurrency: "unbounded", discard: true }
        ).pipe(Effect.withSpan("outer")),
        ["outer", ...numbers.flatMap((i) => [`  fiber ${i}`, `    hand ${i}`])]
      ))

    it.live("stays through the scheduler's yields in a long loop", () =>
      gives(
        Effect.gen(function*() {
          for (let i = 0; i < 10_000; i++) yield* Effect.void
          assert.strictEqual(yield* Effect.sync(activeName), "loop")
        }).pipe((loop) =>
          Effect.all([Effect.withSpan(loop, "loop"), Effect.withSpan(Effect.sync(() => byHand("b")), "other")], {
            concurrency: 2
          })
        ),
        ["loop", "other", "  b"]
      ))

    it.live("is no other fiber's when a fiber without a span is woken by one that has one", () =>
      gives(
        Effect.gen(function*() {
          const [woken, open, jobs] = [
            yield* Deferred.make<void>(),
            yield* Latch.make(),
            yield* Queue.unbounded<number>()
          ]
          const waiting = [Deferred.await(woken), open.await, Queue.take(jobs)].map((wait, i) =>
            Effect.andThen(wait, Effect.sync(() => byHand(`hand ${i}`)).pipe(Effect.withSpan(`worker ${i}`)))
          )
          const workers = yield* Effect.forEach(waiting, (work) => Effect.forkChild(work, { startImmediately: true }))
          yield* Effect.all([Deferred.succeed(woken, undefined), open.open, Queue.offer(jobs, 1)]).pipe(
            Effect.withSpan("waker")
          )
          yield* Fiber.joinAll(workers)
        }),
        ["waker", "worker 0", "  hand 0", "worker 1", "  hand 1", "worker 2", "  hand 2"]
      ))

    it.live("is none after the first await of what Effect.sync starts and nobody awaits", () =>
      gives(
        Effect.gen(function*() {
          const work = yield* Effect.sync(() => ({ done: handsAroundAnAwait() }))
          yield* Effect.promise(() => work.done)
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  before", "after"]
      ))
  })

  describe("after a fiber started inside an operation that left it without a word", () => {
    /** What is active next to such a fiber, whose program it is, started by one that has no span. */
    const isNoneAfter = (program: (tracer: Tracer.Tracer) => Effect.Effect<void>) =>
      Effect.gen(function*() {
        const run = Effect.runForkWith(yield* Effect.context<TestServices>())
        const tracer = yield* Tracer.Tracer
        const fiber = yield* Effect.sync(() => run(program(tracer)))
        assert.isUndefined(yield* Effect.sync(activeName))
        yield* Effect.sync(() => byHand("by hand"))
        yield* Fiber.interrupt(fiber)
      })

    it.live("is none where that one died of what is no effect", () =>
      gives(
        isNoneAfter(() =>
          Effect.withSpan(Effect.flatMap(Effect.void, (): Effect.Effect<void> => JSON.parse("{}")), "dies")
        ),
        ["by hand"]
      ))

    it.live("is none where that one waits under another tracer", () =>
      gives(
        isNoneAfter(() => Effect.never.pipe(Effect.withTracer(Tracer.nativeTracer), Effect.withSpan("waits"))),
        ["waits", "by hand"]
      ))

    it.live("is none where that one threw itself out of the part that has a tracer", () =>
      gives(
        isNoneAfter((tracer) =>
          Effect.void.pipe(
            Effect.withTracer(tracer),
            Effect.map(() => {
              throw new Error("out")
            }),
            Effect.catchCause(() => Effect.never),
            Effect.withSpan("elsewhere"),
            Effect.withTracer(Tracer.nativeTracer)
          )
        ),
        ["by hand"]
      ))
  })

  describe("in forked fibers", () => {
    it.live("is inherited by children and by detached fibers", () =>
      gives(
        Effect.gen(function*() {
          const child = yield* Effect.forkChild(Effect.promise(async () => {
            await delay(1)
            byHand("child")
          }))
          const detached = yield* Effect.forkDetach(
            Effect.andThen(Effect.sleep(2), Effect.sync(() => byHand("detached")))
          )
          yield* Fiber.joinAll([child, detached])
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  child", "  detached"]
      ))

    it.live("is inherited by a fiber that outlives the span, as the span it was forked in", () =>
      gives(
        Effect.gen(function*() {
          const fiber = yield* Effect.forkDetach(
            Effect.andThen(Effect.sleep(2), Effect.void.pipe(Effect.withSpan("late")))
          ).pipe(Effect.withSpan("short"))
          yield* Fiber.join(fiber)
        }),
        ["short", "  late"]
      ))
  })

  describe("in runs inside runs", () => {
    it.live("is the parent of Effect.runPromise inside Effect.promise, which provides the same layer again", () =>
      Effect.gen(function*() {
        const { layer, spans } = recordingLayer()
        const inner = Effect.sync(() => byHand("by hand")).pipe(Effect.withSpan("inner"), Effect.provide(layer))
        yield* Effect.gen(function*() {
          yield* Effect.promise(() => runAnew(inner)).pipe(Effect.withSpan("at once"))
          yield* Effect.promise(() => delay(1).then(() => runAnew(inner))).pipe(Effect.withSpan("later"))
        }).pipe(Effect.provide(layer))
        assert.deepStrictEqual(tree(spans), ["at once", "  inner", "    by hand", "later", "  inner", "    by hand"])
      }))

    it.live("is the parent of ManagedRuntime.runPromise inside Effect.promise", () =>
      Effect.gen(function*() {
        const runtime = ManagedRuntime.make(Layer.succeedContext(contextWithoutSpan(yield* Effect.context())))
        yield* Effect.promise(async () => {
          await delay(1)
          await runtime.runPromise(Effect.andThen(Effect.sleep(1), Effect.withSpan(Effect.void, "inner")))
        }).pipe(Effect.withSpan("outer"))
        yield* runtime.disposeEffect
        const spans = yield* RecordedSpans
        assert.deepStrictEqual(yield* spans.tree, ["outer", "  inner"])
      }).pipe(Effect.provide(TestTracing.layer())))

    it.live("is the parent of spans in Effect.runSync inside Effect.sync", () =>
      Effect.gen(function*() {
        const run = Effect.runSyncWith(contextWithoutSpan(yield* Effect.context()))
        yield* Effect.sync(() => run(Effect.void.pipe(Effect.withSpan("inner")))).pipe(Effect.withSpan("outer"))
        const spans = yield* RecordedSpans
        assert.deepStrictEqual(yield* spans.tree, ["outer", "  inner"])
      }).pipe(Effect.provide(TestTracing.layer())))

    it.live("is only linked to once it has ended", () =>
      Effect.gen(function*() {
        const run = Effect.runPromiseWith(contextWithoutSpan(yield* Effect.context()))
        const late = yield* Effect.promise(async () => ({
          done: delay(5).then(() => run(Effect.withSpan(Effect.void, "late")))
        }))
          .pipe(Effect.withSpan("short"))
        yield* Effect.promise(() => late.done)
        const spans = yield* RecordedSpans
        assert.deepStrictEqual(yield* spans.tree, ["short", "late"])
        const [short, linking] = [yield* spans.named("short"), yield* spans.named("late")]
        assert.deepStrictEqual(linking.links.map((link) => link.spanId), [short.spanId])
        assert.notStrictEqual(linking.traceId, short.traceId)
      }).pipe(Effect.provide(TestTracing.layer())))

    it.live("is not adopted where a root span is asked for", () =>
      Effect.gen(function*() {
        const run = Effect.runPromiseWith(contextWithoutSpan(yield* Effect.context()))
        yield* Effect.promise(() => run(Effect.withSpan(Effect.void, "own", { root: true }))).pipe(
          Effect.withSpan("outer")
        )
        const spans = yield* RecordedSpans
        assert.deepStrictEqual(yield* spans.tree, ["outer", "own"])
      }).pipe(Effect.provide(TestTracing.layer())))
  })

  describe("with Effect's own ways to make spans", () => {
    it.live("is that of Effect.fn", () =>
      gives(
        named(),
        ["named", "  by hand"]
      ))

    it.live("is that of Effect.withSpanScoped, which ends with its scope", () =>
      gives(
        Effect.scoped(
          Effect.gen(function*() {
            yield* Effect.addFinalizer(() => Effect.sync(() => byHand("finalizer")))
            yield* Effect.sync(() => byHand("by hand"))
          }).pipe(Effect.withSpanScoped("scoped"))
        ),
        ["scoped", "  by hand", "  finalizer"]
      ))

    it.live("is not that of Effect.useSpan, which hands its span over without entering it", () =>
      gives(
        Effect.useSpan("used", (span) =>
          Effect.gen(function*() {
            yield* Effect.sync(() => byHand("beside"))
            yield* Effect.withParentSpan(Effect.sync(() => byHand("below")), span)
          })),
        ["used", "  below", "beside"]
      ))

    it.live("is that of a layer while it is built", () =>
      gives(
        Effect.sync(() => byHand("by hand")).pipe(
          Effect.provide(
            Layer.effectDiscard(Effect.promise(async () => {
              await delay(1)
              byHand("while building")
            })).pipe(Layer.withSpan("layer"))
          ),
          Effect.withSpan("outer")
        ),
        ["outer", "  layer", "    while building", "  by hand"]
      ))

    it.live("is that of the nearest span that propagates", () =>
      gives(
        Effect.gen(function*() {
          yield* Effect.sync(() => byHand("before"))
          yield* Effect.promise(async () => {
            await delay(1)
            byHand("after")
          })
        }).pipe(
          Effect.withSpan("hidden", { annotations: disablePropagation }),
          Effect.withSpan("outer")
        ),
        ["outer", "  before", "  after"]
      ))

    it.live("is that of each element in a stream with concurrency and buffers", () =>
      gives(
        Stream.range(1, 4).pipe(
          Stream.mapEffect(
            (i) =>
              Effect.promise(async () => {
                await delay(5 - i)
                byHand(`hand ${i}`)
              }).pipe(Effect.withSpan(`element ${i}`)),
            { concurrency: 2 }
          ),
          Stream.buffer({ capacity: 2 }),
          Stream.tap(() => Effect.sync(() => assert.strictEqual(activeName(), "run"))),
          Stream.runDrain,
          Effect.withSpan("run")
        ),
        ["run", ...[1, 2, 3, 4].flatMap((i) => [`  element ${i}`, `    hand ${i}`])]
      ))

    it.live("is that of Stream.withSpan in each step of the stream", () =>
      gives(
        Stream.range(1, 2).pipe(
          Stream.mapEffect((i) => Effect.sync(() => byHand(`hand ${i}`))),
          Stream.withSpan("stream"),
          Stream.runDrain
        ),
        ["stream", "  hand 1", "  hand 2"]
      ))
  })
})
