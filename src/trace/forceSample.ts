import * as Effect from "effect/Effect"
import { LiveSpan } from "../tracer/index.ts"

/**
 * Keeps the current trace whatever the sampling rate: all of it, what has begun before included, and tells the services
 * called from now on. Outside a span, and where nothing records (rate 0), it does nothing.
 *
 * @category sampling
 * @since 0.1.0
 */
export const forceSample: Effect.Effect<void> = Effect.withFiber((fiber) => {
  const { span } = fiber.cache
  if (span instanceof LiveSpan) span.forceSample()
  return Effect.void
})
