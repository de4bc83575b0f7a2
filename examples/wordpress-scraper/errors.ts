import { Runtime, Schema } from "effect"

/**
 * Says why a run cannot begin or go on: wrong usage or settings, an unreachable site or database. Its message is for the
 * person at the keyboard: it says what to do. Ends the program with exit code 2.
 *
 * @category errors
 * @since 0.1.0
 */
export class CannotRun extends Schema.TaggedError<CannotRun>()("CannotRun", {
  message: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = 2
}

/**
 * Says that a run is over and some of its items were not obtained; the report has named them. Ends the program with exit
 * code 1.
 *
 * @category errors
 * @since 0.1.0
 */
export class ItemsFailed extends Schema.TaggedError<ItemsFailed>()("ItemsFailed", {
  count: Schema.Int
}) {
  override readonly [Runtime.errorExitCode] = 1
}

/**
 * Says why one request did not lead to an answer that could be read, after all its attempts.
 *
 * @category errors
 * @since 0.1.0
 */
export class RequestFailed extends Schema.TaggedError<RequestFailed>()("RequestFailed", {
  url: Schema.String,
  /**
   * - `unreachable`: no answer at all (refused, unknown host, timeout)
   * - `refused`: an answer that will not change by asking again, or did not change by asking often
   * - `unreadable`: an answer cut short, too large or not what was asked for
   * - `robots`: robots.txt forbids the request, so that it was never made
   */
  kind: Schema.Literals(["unreachable", "refused", "unreadable", "robots"]),
  message: Schema.String
}) {}
