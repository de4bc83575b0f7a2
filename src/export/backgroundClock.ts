import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** The clock of the machine, whatever clock the program runs on: for bounds that must hold even under a test clock. */
export const realClock: Clock.Clock = Context.get(Context.empty(), Clock.Clock)

/** What a Node timer takes: 31 bits of milliseconds, nearly 25 days. */
export const longestTimer = 2 ** 31 - 1

const ringAfter = (millis: number, ring: () => void, keepsAlive: boolean): () => void => {
  let left = millis
  let timer: NodeJS.Timeout
  const wait = (): void => {
    const next = Math.min(Math.max(0, left), longestTimer)
    left -= next
    timer = setTimeout(left > 0 ? wait : ring, next)
    if (!keepsAlive) timer.unref()
  }
  wait()
  return () => clearTimeout(timer)
}

const backgroundClock: Clock.Clock = {
  currentTimeMillisUnsafe: () => realClock.currentTimeMillisUnsafe(),
  currentTimeMillis: realClock.currentTimeMillis,
  currentTimeNanosUnsafe: () => realClock.currentTimeNanosUnsafe(),
  currentTimeNanos: realClock.currentTimeNanos,
  monotonicTimeNanosUnsafe: () => realClock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: realClock.monotonicTimeNanos,
  sleep: (duration) =>
    Effect.callback((resume) => Effect.sync(ringAfter(Duration.toMillis(duration), () => resume(Effect.void), false)))
}

/**
 * Finds the clock for work in the background: the same time, but sleeping on it does not keep the process alive. A clock that
 * the program has put in place of Effect's own, such as a `TestClock`, is left as it is.
 */
export const clockFor = (clock: Clock.Clock): Clock.Clock => clock === realClock ? backgroundClock : clock

/**
 * Rings after that time on that clock, unless what is returned is called first. On the machine's clock that is a timer, a
 * fraction of what a fiber that sleeps costs.
 */
export const setAlarm = (clock: Clock.Clock, millis: number, ring: () => void): () => void => {
  if (clock === backgroundClock || clock === realClock) return ringAfter(millis, ring, clock === realClock)
  const fiber = Effect.runFork(Effect.andThen(clock.sleep(Duration.millis(millis)), Effect.sync(ring)))
  return () => fiber.interruptUnsafe()
}
