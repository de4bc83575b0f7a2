import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import type { FiberContextManager } from "./FiberContextManager.ts"
import { evaluateIn, suspends } from "./fiberStack.ts"
import { startSpan } from "./startSpan.ts"
import type { TracerRuntime } from "./TracerRuntime.ts"

// All asynchronous operations of Effect share it. Compared with what has to be read of each operation anyway.
const evaluateAsync = Reflect.get(Effect.callback<never>(() => {}), "~effect/Effect/evaluate")

/**
 * Makes Effect's `Tracer` over a pipeline.
 *
 * @param onContext called before an operation of a fiber whose context is not the one seen last; nearly always it is
 * @category constructors
 * @since 0.1.0
 */
export const makeEffectTracer = (
  runtime: TracerRuntime,
  contextManager: FiberContextManager,
  onContext: (fiber: Fiber.Fiber<unknown, unknown>) => void
): Tracer.Tracer => {
  let seen: Context.Context<never> | undefined
  return Tracer.make({
    span: (options) => startSpan(runtime, options, Fiber.getCurrent()),
    context: (primitive, fiber) => {
      if (fiber.context !== seen) {
        onContext(fiber)
        seen = fiber.context
      }
      const evaluate = primitive["~effect/Effect/evaluate"]
      if (evaluate !== evaluateAsync) return evaluateIn(evaluate, primitive, fiber)
      const next = contextManager.withFiber(fiber, () => evaluateIn(evaluate, primitive, fiber))
      // What comes next is an effect, unless the fiber waits for its callback: then it is a symbol.
      if (typeof next === "symbol") suspends(fiber)
      return next
    }
  })
}
