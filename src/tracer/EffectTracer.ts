import * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import { fiberContextManager } from "./FiberContextManager.ts"
import { makeContextHook } from "./fiberStack.ts"
import { startSpan } from "./startSpan.ts"
import type { TracerRuntime } from "./TracerRuntime.ts"

/**
 * Makes Effect's `Tracer` over a pipeline.
 *
 * @param onContext called before an operation of a fiber whose context is none of the few seen last; nearly always it is one
 * @category constructors
 * @since 0.1.0
 */
export const makeEffectTracer = (
  runtime: TracerRuntime,
  onContext: (fiber: Fiber.Fiber<unknown, unknown>) => void
): Tracer.Tracer =>
  Tracer.make({
    span: (options) => startSpan(runtime, options, Fiber.getCurrent()),
    context: makeContextHook(onContext, (fiber, evaluate) => fiberContextManager.withFiber(fiber, evaluate))
  })
