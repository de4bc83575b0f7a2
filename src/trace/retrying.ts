import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { describeError } from "../tracer/index.ts"
import { event } from "./event.ts"

/**
 * Tells each retry of a schedule as an event `attempting_retry` of the span around the retry.
 *
 * **Details**
 *
 * The event has `retry.attempt` (number, 1 for the first retry), `retry.delay_ms` (number, the wait before it, in milliseconds) and
 * `error.type` (string, of the failure that led to it). The span around is failed only if the retries are exhausted: an attempt that
 * is to be told apart has a span of its own, inside.
 *
 * ```text
 * fetch_post         attempting_retry, attempting_retry
 *   attempt          error
 *   attempt          error
 *   attempt
 * ```
 *
 * **Example**
 *
 * ```ts
 * import { Effect, Schedule } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * export const fetchPost = Effect.fail("busy").pipe(
 *   Effect.withSpan("attempt"),
 *   Effect.retry(Trace.retrying(Schedule.max([Schedule.exponential("100 millis"), Schedule.recurs(3)]))),
 *   Effect.withSpan("fetch_post")
 * )
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const retrying = <Output, Input, Error, Env>(
  schedule: Schedule.Schedule<Output, Input, Error, Env>
): Schedule.Schedule<Output, Input, Error, Env> =>
  // Of what goes through a schedule, only the delay of a retry to come has a hook that is not called at its end.
  Schedule.modifyDelay(schedule, ({ attempt, duration, input }) =>
    Effect.as(
      event("attempting_retry", {
        "retry.attempt": attempt,
        "retry.delay_ms": Duration.toMillis(duration),
        "error.type": describeError(input).type
      }),
      duration
    ))
