import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** Effect's hook around each operation of a fiber. */
export type ContextHook = NonNullable<Tracer.Tracer["context"]>

// The fiber that runs, and the nearest fiber with a span around it: there is one if an operation runs another fiber synchronously
// (`Effect.runSync` inside `Effect.sync`). Effect itself remembers only the innermost.
let running: AnyFiber | undefined
let enclosing: AnyFiber | undefined

/** The same of the fibers in whose operations that one runs, the outermost first. */
const around: Array<{ readonly running: AnyFiber; readonly enclosing: AnyFiber | undefined }> = []

// Fibers without a span that have waited. Whoever wakes one evaluates it in an operation of his own, but is not around it.
const woken = new WeakSet<AnyFiber>()

const stepOut = (): void => {
  const outer = around.pop()
  running = outer?.running
  enclosing = outer?.enclosing
}

/**
 * Whether a fiber has gone without a last operation: one that is given something that is no effect dies, and one may throw itself
 * out of where it has a tracer.
 */
const isGone = (fiber: AnyFiber): boolean => fiber.pollUnsafe() !== undefined || fiber.cache.tracerContext === undefined

const settle = (): void => {
  for (let inner = running; inner !== undefined && isGone(inner); inner = running) stepOut()
}

/** The fiber with a span in charge of what an operation starts that goes on now, if one does. */
const inCharge = (): AnyFiber | undefined => running?.cache.span === undefined ? enclosing : running

/** The nearest fiber with a span in one of whose operations this one was started, if that operation still runs. */
export const enclosingFiber = (fiber: AnyFiber): AnyFiber | undefined => {
  settle()
  return running === fiber ? enclosing : inCharge()
}

const stepIn = (fiber: AnyFiber): void => {
  settle()
  if (running === fiber) return
  const charged = woken.has(fiber) ? undefined : inCharge()
  if (running !== undefined) around.push({ running, enclosing })
  enclosing = charged
  running = fiber
}

/** Steps out of a fiber, and of what is left in it. */
const leave = (fiber: AnyFiber): void => {
  for (let inner = running; inner !== undefined; inner = running) {
    stepOut()
    if (inner === fiber) return
  }
}

// All asynchronous operations of Effect share it. Compared with what has to be read of each operation anyway.
const asyncEvaluate = Reflect.get(Effect.callback<never>(() => {}), "~effect/Effect/evaluate")

/**
 * Makes the hook that remembers which fiber runs.
 *
 * **Details**
 *
 * It is called for every operation inside and outside of spans, and nearly always the next operation is the same fiber's in the
 * same context: two comparisons before it and two after are all it costs then.
 *
 * @param onContext called before the operations of a fiber in a context that is none of the few seen last; it may set another
 * @param evaluateAround evaluates an asynchronous operation of a fiber
 */
export const makeContextHook = (
  onContext: (fiber: AnyFiber) => void,
  evaluateAround: <X>(fiber: AnyFiber, evaluate: () => X) => X
): ContextHook => {
  let seen: AnyFiber["context"] | undefined
  // Who comes out of a span is again in the context it had before.
  const lately: Array<AnyFiber["context"] | undefined> = [undefined, undefined, undefined, undefined]
  let next = 0

  const see = (fiber: AnyFiber): void => {
    if (!lately.includes(fiber.context)) {
      onContext(fiber)
      lately[next] = fiber.context
      next = (next + 1) & 3
    }
    seen = fiber.context
  }

  /** The operation has ended that was the last one of its fiber for now, or that has changed the fiber's context. */
  const after = (fiber: AnyFiber, next: unknown): void => {
    // What comes next is an effect, unless the fiber waits or is done: then it is a symbol.
    if (typeof next !== "symbol" && fiber.cache.tracerContext === hook) see(fiber)
    // If it does not end or wait, it has another tracer now: this one sees no more of it.
    else leave(fiber)
  }

  const evaluateAsync: ContextHook = (primitive, fiber) => {
    const next = evaluateAround(fiber, () => primitive["~effect/Effect/evaluate"](fiber))
    if (typeof next === "symbol" && fiber.cache.span === undefined) woken.add(fiber)
    if (typeof next === "symbol" || fiber.context !== seen) after(fiber, next)
    return next
  }

  // No closure in it: what one captures is allocated anew at each call, also where it is not made.
  const hook: ContextHook = (primitive, fiber) => {
    if (fiber !== running) {
      stepIn(fiber)
      if (fiber.context !== seen) see(fiber)
    }
    const evaluate = primitive["~effect/Effect/evaluate"]
    if (evaluate === asyncEvaluate) return evaluateAsync(primitive, fiber)
    const next = evaluate.call(primitive, fiber)
    if (typeof next === "symbol" || fiber.context !== seen) after(fiber, next)
    return next
  }
  return hook
}
