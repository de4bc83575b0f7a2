import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiMiddleware, HttpApiSchema, OpenApi } from "effect/http-api"
import { Job, JobState, NewJob } from "./Job.ts"
import { JobEnded, JobNotFound } from "./problems.ts"

/** What PostgreSQL's `integer` holds. */
const JobId = Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 2_147_483_647 }))

const byId = { id: JobId }

/**
 * The endpoints about jobs.
 *
 * @category api
 * @since 0.1.0
 */
export class JobsGroup extends HttpApiGroup.make("jobs")
  .add(
    HttpApiEndpoint.post("submit", "/jobs", {
      payload: NewJob,
      success: HttpApiSchema.WithHeaders(Job.pipe(HttpApiSchema.status(202)), { location: Schema.String })
    }).annotate(OpenApi.Summary, "Submit a job"),
    HttpApiEndpoint.get("list", "/jobs", {
      query: {
        state: Schema.optionalKey(JobState),
        limit: Schema.optionalKey(
          Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 100 }))
        ),
        before: Schema.optionalKey(JobId)
      },
      success: Schema.Array(Job)
    }).annotate(OpenApi.Summary, "List jobs, the newest first").annotate(
      OpenApi.Description,
      "At most `limit` (20) of them; `before` an id for those that follow."
    ),
    HttpApiEndpoint.get("read", "/jobs/:id", { params: byId, success: Job, error: JobNotFound })
      .annotate(OpenApi.Summary, "Read a job and its result"),
    HttpApiEndpoint.post("cancel", "/jobs/:id/cancel", {
      params: byId,
      success: Job.pipe(HttpApiSchema.status(202)),
      error: [JobNotFound, JobEnded]
    }).annotate(OpenApi.Summary, "Cancel a job").annotate(
      OpenApi.Description,
      "A job that waits is cancelled at once, one that runs within a second."
    )
  )
  .annotate(OpenApi.Description, "Jobs that scrape a WordPress blog into PostgreSQL.")
{}

/**
 * The service as its clients know it. What is wrong with a request is told by RFC 9457 problems.
 *
 * @category api
 * @since 0.1.0
 */
export class Api extends HttpApi.make("scraper-api")
  .add(JobsGroup)
  .middleware(HttpApiMiddleware.ProblemDetails)
  // All that is wrong is told at once, and a misspelt field is not passed over.
  .annotate(HttpApi.PayloadParseOptions, { errors: "all", onExcessProperty: "error" })
  .annotateMerge(OpenApi.annotations({ title: "Scraper API", version: "0.1.0" }))
{}
