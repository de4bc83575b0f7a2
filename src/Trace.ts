/**
 * The verbs used inside a program.
 *
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { LiveSpan } from "./tracer/index.ts"

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
 * @category accessors
 * @since 0.1.0
 */
export const current: Effect.Effect<TraceContext, Cause.NoSuchElementError> = Effect.map(
  Effect.currentSpan,
  (span) => ({
    traceId: span.traceId,
    spanId: span.spanId,
    traceFlags: span instanceof LiveSpan ? span.traceFlags : span.sampled ? 1 : 0,
    traceState: span instanceof LiveSpan ? span.traceState : undefined,
    sampled: span.sampled
  })
)

/**
 * Adds an event to the current span: something that happened at this moment. Outside a span it does nothing.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * export const parsePost = Effect.fn("parse_post")(function*(html: string) {
 *   const words = html.split(/\s+/).length
 *   yield* Trace.event("post_parsed", { words })
 *   return words
 * })
 * ```
 *
 * @param name low in cardinality: `post_parsed`, not the post's title
 * @category annotations
 * @since 0.1.0
 */
export const event = (name: string, attributes?: Readonly<Record<string, unknown>>): Effect.Effect<void> =>
  Effect.clockWith((clock) => eventAt(name, clock.currentTimeNanosUnsafe(), attributes))

const eventAt = (
  name: string,
  time: bigint,
  attributes: Readonly<Record<string, unknown>> | undefined
): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const { span } = fiber.cache
    if (span?._tag === "Span") span.event(name, time, attributes === undefined ? undefined : { ...attributes })
    return Effect.void
  })

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
