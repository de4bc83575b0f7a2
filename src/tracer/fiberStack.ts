import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"

type AnyFiber = Fiber.Fiber<unknown, unknown>

// The fiber whose operation is being evaluated, and the nearest one with a span around it if an operation runs another
// fiber synchronously (`Effect.runSync` inside `Effect.sync`). Effect itself remembers only the innermost.
let running: AnyFiber | undefined
let enclosing: AnyFiber | undefined

// Fibers without a span that have waited. Whoever wakes one evaluates it in an operation of his own, but is not around it.
const woken = new WeakSet<AnyFiber>()

/** The nearest fiber with a span in one of whose operations this one was started, if that operation still runs. */
export const enclosingFiber = (fiber: AnyFiber): AnyFiber | undefined =>
  running === fiber || running?.cache.span === undefined ? enclosing : running

/** A fiber goes to sleep. */
export const suspends = (fiber: AnyFiber): void => {
  if (fiber.cache.span === undefined) woken.add(fiber)
}

const around = (fiber: AnyFiber): AnyFiber | undefined =>
  running === undefined || woken.has(fiber) ? undefined : running.cache.span === undefined ? enclosing : running

/** Evaluates an operation of a fiber and remembers meanwhile which fiber that is. */
export const evaluateIn = <X>(primitive: Tracer.EffectPrimitive<X>, fiber: AnyFiber): X => {
  const outerRunning = running
  const outerEnclosing = enclosing
  if (outerRunning !== fiber) {
    enclosing = around(fiber)
    running = fiber
  }
  try {
    return primitive["~effect/Effect/evaluate"](fiber)
  } finally {
    running = outerRunning
    enclosing = outerEnclosing
  }
}
