import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"

type AnyFiber = Fiber.Fiber<unknown, unknown>

// The fiber whose operation was evaluated last, whether that still goes on, and the nearest fiber with a span around it: there is one
// if an operation runs another fiber synchronously (`Effect.runSync` inside `Effect.sync`). Effect itself remembers only the
// innermost. Nearly always the next operation is the same fiber's, and two writes are all it costs.
let running: AnyFiber | undefined
let isBusy = false
let enclosing: AnyFiber | undefined

// Fibers without a span that have waited. Whoever wakes one evaluates it in an operation of his own, but is not around it.
const woken = new WeakSet<AnyFiber>()

/** The fiber with a span in charge of what an operation starts that goes on now, if one does. */
const inCharge = (): AnyFiber | undefined =>
  !isBusy ? undefined : running?.cache.span === undefined ? enclosing : running

/** The nearest fiber with a span in one of whose operations this one was started, if that operation still runs. */
export const enclosingFiber = (fiber: AnyFiber): AnyFiber | undefined =>
  isBusy && running === fiber ? enclosing : inCharge()

/** A fiber goes to sleep. */
export const suspends = (fiber: AnyFiber): void => {
  if (fiber.cache.span === undefined) woken.add(fiber)
}

/** How an operation is evaluated; what it is read from has as many shapes as Effect has operations, so it is read once. */
type Evaluate<X> = Tracer.EffectPrimitive<X>["~effect/Effect/evaluate"]

/** Evaluates an operation of a fiber and remembers meanwhile which fiber that is. */
export const evaluateIn = <X>(evaluate: Evaluate<X>, primitive: Tracer.EffectPrimitive<X>, fiber: AnyFiber): X => {
  const outer = running
  const outerEnclosing = enclosing
  const isInside = isBusy && outer !== fiber
  if (outer !== fiber) {
    enclosing = woken.has(fiber) ? undefined : inCharge()
    running = fiber
  }
  isBusy = true
  if (!isInside) {
    // If this throws, the fiber's next operation comes at once and finds itself: nothing has to be put right.
    const next = evaluate.call(primitive, fiber)
    isBusy = false
    return next
  }
  try {
    return evaluate.call(primitive, fiber)
  } finally {
    running = outer
    enclosing = outerEnclosing
    isBusy = true
  }
}
