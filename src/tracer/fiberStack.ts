import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"

type AnyFiber = Fiber.Fiber<unknown, unknown>

// The fiber whose operation is being evaluated, and the one around it if an operation runs another fiber synchronously
// (`Effect.runSync` inside `Effect.sync`). Effect itself remembers only the innermost.
let running: AnyFiber | undefined
let enclosing: AnyFiber | undefined

/** The fiber in one of whose operations the running fiber was started, if that operation still runs. */
export const enclosingFiber = (): AnyFiber | undefined => enclosing

/** Evaluates an operation of a fiber and remembers meanwhile which fiber that is. */
export const evaluateIn = <X>(primitive: Tracer.EffectPrimitive<X>, fiber: AnyFiber): X => {
  const outerRunning = running
  const outerEnclosing = enclosing
  if (outerRunning !== fiber) {
    running = fiber
    enclosing = outerRunning
  }
  try {
    return primitive["~effect/Effect/evaluate"](fiber)
  } finally {
    running = outerRunning
    enclosing = outerEnclosing
  }
}
