import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

/**
 * Opens what requests need when the first one does, once for all that come meanwhile, and again when it is no longer good
 * or could not be opened.
 */
export const keepOpen = <A, E>(open: Effect.Effect<A, E>, isGood: (opened: A) => boolean): {
  readonly get: Effect.Effect<A, E>
  readonly current: () => A | undefined
} => {
  const turn = Semaphore.makeUnsafe(1)
  let opened: A | undefined
  const getOr = (otherwise: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => opened !== undefined && isGood(opened) ? Effect.succeed(opened) : otherwise)
  return {
    // What is open already is not queued for.
    get: getOr(turn.withPermit(getOr(Effect.map(open, (fresh) => opened = fresh)))),
    current: () => opened
  }
}
