import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** The clock of the machine, whatever clock the program runs on: for bounds that must hold even under a test clock. */
export const realClock: Clock.Clock = Context.get(Context.empty(), Clock.Clock)

/** What a Node timer takes: 31 bits of milliseconds, nearly 25 days. */
export const longestTimer = 2 ** 31 - 1

const sleepMillis = (millis: number): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    const timer = setTimeout(
      () => resume(millis > longestTimer ? sleepMillis(millis - longestTimer) : Effect.void),
      Math.min(Math.max(0, millis), longestTimer)
    )
    timer.unref()
    return Effect.sync(() => clearTimeout(timer))
  })

const backgroundClock: Clock.Clock = {
  currentTimeMillisUnsafe: () => realClock.currentTimeMillisUnsafe(),
  currentTimeMillis: realClock.currentTimeMillis,
  currentTimeNanosUnsafe: () => realClock.currentTimeNanosUnsafe(),
  currentTimeNanos: realClock.currentTimeNanos,
  monotonicTimeNanosUnsafe: () => realClock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: realClock.monotonicTimeNanos,
  sleep: (duration) => sleepMillis(Duration.toMillis(duration))
}

/**
 * Finds the clock for work in the background: the same time, but sleeping on it does not keep the process alive. A clock that
 * the program has put in place of Effect's own, such as a `TestClock`, is left as it is.
 */
export const clockFor = (clock: Clock.Clock): Clock.Clock => clock === realClock ? backgroundClock : clock
