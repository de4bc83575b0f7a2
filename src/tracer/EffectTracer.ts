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
 * @category constructors
 * @since 0.1.0
 */
export const makeEffectTracer = (
  runtime: TracerRuntime,
  contextManager: FiberContextManager,
  traceLoggers: (fiber: Fiber.Fiber<unknown, unknown>) => void
): Tracer.Tracer =>
  Tracer.make({
    span: (options) => startSpan(runtime, options, Fiber.getCurrent()),
    context: (primitive, fiber) => {
      traceLoggers(fiber)
      const evaluate = primitive["~effect/Effect/evaluate"]
      if (evaluate !== evaluateAsync) return evaluateIn(evaluate, primitive, fiber)
      const next = contextManager.withFiber(fiber, () => evaluateIn(evaluate, primitive, fiber))
      // What comes next is an effect, unless the fiber waits for its callback: then it is a symbol.
      if (typeof next === "symbol") suspends(fiber)
      return next
    }
  })
