import { Schema } from "effect"
import { HttpApiError } from "effect/http-api"

/**
 * Says that there is no job of that id.
 *
 * @category errors
 * @since 0.1.0
 */
export class JobNotFound extends HttpApiError.Problem<JobNotFound>()("JobNotFound", {
  type: "urn:scraper-api:job-not-found",
  status: 404,
  title: "There is no such job."
}, {
  id: Schema.Int
}) {}

/**
 * Says that a job cannot be cancelled because it has ended.
 *
 * @category errors
 * @since 0.1.0
 */
export class JobEnded extends HttpApiError.Problem<JobEnded>()("JobEnded", {
  type: "urn:scraper-api:job-ended",
  status: 409,
  title: "The job has ended already."
}, {
  id: Schema.Int,
  state: Schema.String
}) {}
