import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"

class Answer extends Context.Service<Answer, number>()("bench/Answer") {}

/** Services as any program has some: a look-up in a context that has none at all is cheaper. */
export const services: Context.Context<never> = Context.makeUnsafe(
  new Map(Array.from({ length: 8 }, (_, i) => [`bench/Service${i}`, {}]))
)

/**
 * Uses each kind of operation that programs are made of once.
 *
 * Where an engine has seen no more than four kinds of object it writes code for just these. A benchmark of two kinds of operation
 * is twice as fast that way as the same operations in any real program, until a tracer's own layer brings the others.
 */
export const exercise: Effect.Effect<void> = Effect.gen(function*() {
  yield* Effect.fail("no").pipe(Effect.catch(() => Effect.void))
  yield* Effect.die("no").pipe(Effect.catchCause((cause) => Effect.succeed(Cause.squash(cause))))
  yield* Effect.callback<void>((resume) => {
    const immediate = setImmediate(() => resume(Effect.void))
    return Effect.sync(() => clearImmediate(immediate))
  })
  yield* Effect.promise(() => Promise.resolve(1)).pipe(Effect.timeout("1 second"), Effect.orDie)
  yield* Effect.yieldNow
  const deferred = yield* Deferred.make<number>()
  const waiting = yield* Effect.forkChild(Deferred.await(deferred))
  yield* Deferred.succeed(deferred, 1)
  yield* Fiber.join(waiting)
  yield* Fiber.interrupt(yield* Effect.forkChild(Effect.never))
  yield* Effect.scoped(Effect.acquireRelease(Effect.succeed(1), () => Effect.void))
  yield* Effect.uninterruptibleMask((restore) => restore(Effect.suspend(() => Effect.void)))
  yield* Effect.forEach([1, 2, 3], () => Effect.sleep(0), { concurrency: 2, discard: true })
  yield* Answer.pipe(Effect.provide(Layer.effect(Answer, Effect.sync(() => 42))))
  yield* Effect.fail("no").pipe(Effect.retry(Schedule.recurs(1)), Effect.exit)
  yield* Effect.onExit(Effect.void, () => Effect.void)
})
