import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { LiveSpan, visibleSpan } from "../tracer/index.ts"

/**
 * Where in which trace the program is.
 *
 * @category models
 * @since 0.1.0
 */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string
  /** W3C trace flags, as outgoing headers have them: 1 sampled, 2 random. */
  readonly traceFlags: number
  /** W3C `tracestate`. */
  readonly traceState: string | undefined
  /** Whether the span records. */
  readonly sampled: boolean
}

/**
 * Reads the current span's context, for a log line, an error page or a message to another program. Fails with
 * `NoSuchElementError` outside a span.
 *
 * **Details**
 *
 * Where tracing is turned off (`Effect.withTracerEnabled(false)`) it is the span around that part, as for outgoing headers.
 *
 * @category accessors
 * @since 0.1.0
 */
export const current: Effect.Effect<TraceContext, Cause.NoSuchElementError> = Effect.withFiber((fiber) => {
  const span = visibleSpan(fiber)
  if (span?._tag !== "Span") return Effect.fail(new Cause.NoSuchElementError("There is no span here"))
  return Effect.succeed({
    traceId: span.traceId,
    spanId: span.spanId,
    traceFlags: span instanceof LiveSpan ? span.traceFlags : span.sampled ? 1 : 0,
    traceState: span instanceof LiveSpan ? span.traceState : undefined,
    sampled: span.sampled
  })
})
