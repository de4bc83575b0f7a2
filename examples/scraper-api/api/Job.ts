import { Schema } from "effect"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * How soon a job's turn comes: before all others of a lower priority.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Priority = Schema.Literals(["low", "normal", "high"])

/**
 * Where a job is in its life. The last three are its ends.
 *
 * @category schemas
 * @since 0.1.0
 */
export const JobState = Schema.Literals(["queued", "running", "succeeded", "failed", "cancelled"])

const WebAddress = Schema.String.check(
  Schema.makeFilter(
    (text: string) => URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol),
    { expected: "a web address such as https://blog.example" }
  )
)

/**
 * What a client asks for.
 *
 * @category schemas
 * @since 0.1.0
 */
export class NewJob extends Schema.Class<NewJob>("NewJob")({
  /** The home page of the blog. */
  url: WebAddress,
  /** At most so many posts and pages, the newest; all where it is left out. */
  limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100_000 }))),
  priority: Schema.optionalKey(Priority),
  /** How often it may be tried, 3 where it is left out. */
  maxAttempts: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10 })))
}) {}

/**
 * One try at a job by one worker. Its trace tells all of it.
 *
 * **Details**
 *
 * - `succeeded`, `failed`, `cancelled`: how it ended
 * - `released`: its worker was stopped, and gave the job back
 * - `lost`: its worker was not heard of any more
 *
 * @category schemas
 * @since 0.1.0
 */
export class Attempt extends Schema.Class<Attempt>("Attempt")({
  number: Count,
  worker: Schema.String,
  traceId: Schema.NullOr(Schema.String),
  startedAt: Schema.DateTimeUtcFromString,
  endedAt: Schema.NullOr(Schema.DateTimeUtcFromString),
  outcome: Schema.NullOr(Schema.Literals(["succeeded", "failed", "cancelled", "released", "lost"])),
  error: Schema.NullOr(Schema.String)
}) {}

/**
 * What came of the posts and pages of a blog: `scraped + unchanged + gone + failed.length` is `discovered`.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ScrapeResult extends Schema.Class<ScrapeResult>("ScrapeResult")({
  discovered: Count,
  scraped: Count,
  unchanged: Count,
  gone: Count,
  failed: Schema.Array(Schema.Struct({ url: Schema.String, reason: Schema.String }))
}) {}

/**
 * A job as clients see it.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Job extends Schema.Class<Job>("Job")({
  id: Schema.Int,
  url: Schema.String,
  limit: Schema.NullOr(Count),
  priority: Priority,
  state: JobState,
  cancelRequested: Schema.Boolean,
  /** Ties together the request, the log lines and every span of the job. */
  correlationId: Schema.NullOr(Schema.String),
  /** The trace of the request that submitted it. */
  traceId: Schema.NullOr(Schema.String),
  submittedAt: Schema.DateTimeUtcFromString,
  endedAt: Schema.NullOr(Schema.DateTimeUtcFromString),
  maxAttempts: Count,
  attempts: Schema.Array(Attempt),
  progress: Schema.NullOr(Schema.Struct({ done: Count, discovered: Count })),
  result: Schema.NullOr(ScrapeResult),
  error: Schema.NullOr(Schema.String)
}) {}
