import * as Effect from "effect/Effect"

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
