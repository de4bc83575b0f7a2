import * as Clock from "effect/Clock"
import * as Fiber from "effect/Fiber"

const defaultClock = Clock.Clock.defaultValue()

/** Nanoseconds since the Unix epoch by the running fiber's clock, or outside of fibers by Effect's default one. */
export const now = (): bigint => (Fiber.getCurrent()?.getRef(Clock.Clock) ?? defaultClock).currentTimeNanosUnsafe()
