import * as Effect from "effect/Effect"

/**
 * What is known of the errors of an effect beyond their type.
 *
 * @category models
 * @since 0.1.0
 */
export interface ErrorOptions {
  /** What went wrong, low in cardinality: `network`, `validation`, `rate_limit`. Attribute `error.category`. */
  readonly category: string
  /** Whether trying again may help. Attribute `error.recoverable`. */
  readonly recoverable?: boolean | undefined
}

/**
 * Says on the current span, should the effect fail, what sort of error it was: attributes `error.category` (string) and
 * `error.recoverable` (boolean). Status, `error.type` and the exception are recorded anyway.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * export const fetchPost = Effect.fail("rate limited").pipe(
 *   Trace.error({ category: "rate_limit", recoverable: true }),
 *   Effect.withSpan("fetch_post")
 * )
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const error = (options: ErrorOptions) => <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.onError(self, () =>
    Effect.annotateCurrentSpan({
      "error.category": options.category,
      ...(options.recoverable === undefined ? undefined : { "error.recoverable": options.recoverable })
    }))
