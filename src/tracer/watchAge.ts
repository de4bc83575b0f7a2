import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/**
 * Looks now and then, until the scope closes, for what has grown older than an age: four times in it, at least once a minute.
 *
 * @param maxAgeMillis milliseconds; `Infinity` for no limit
 * @param look is given the age in nanoseconds
 */
export const watchAge = (
  maxAgeMillis: number,
  look: (maxAgeNanos: bigint) => void
): Effect.Effect<void, never, Scope.Scope> => {
  if (maxAgeMillis === Infinity) return Effect.void
  const maxAgeNanos = BigInt(Math.round(maxAgeMillis * 1e6))
  const period = Math.min(Math.max(maxAgeMillis / 4, 100), 60_000)
  return Effect.acquireRelease(
    // A plain timer, because one of Effect's would keep the process alive.
    Effect.sync(() => setInterval(() => look(maxAgeNanos), period).unref()),
    (timer) => Effect.sync(() => clearInterval(timer))
  ).pipe(Effect.asVoid)
}
