import { Effect } from "effect"
import { HttpTracing } from "effect-tracing/http"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { Jobs } from "../queue/Jobs.ts"
import { Api } from "./Api.ts"

/** The job's id on the request's own span, so that a backend finds all requests about a job. */
const about = (id: number) => HttpTracing.route({ attributes: { "job.id": id } })

/**
 * Answers the requests of {@link Api}. Nothing in here is about tracing but the job's id: spans, status, correlation id and the
 * headers of the answers are the layer's. A failing database is a defect: 500, and the trace says why.
 *
 * @category layers
 * @since 0.1.0
 */
export const JobsHandlers = HttpApiBuilder.group(
  Api,
  "jobs",
  Effect.fnUntraced(function*(handlers) {
    const jobs = yield* Jobs
    return handlers.handleAll({
      submit: Effect.fnUntraced(function*({ payload }) {
        const job = yield* Effect.orDie(jobs.submit(payload))
        yield* Effect.logInfo(`Job ${job.id} submitted: ${job.url}`)
        return HttpApiSchema.withHeaders({ body: job, headers: { location: `/jobs/${job.id}` } })
      }),
      list: ({ query }) => Effect.orDie(jobs.list(query)),
      read: ({ params }) => Effect.catchTag(jobs.read(params.id), "SqlError", Effect.die).pipe(about(params.id)),
      cancel: Effect.fnUntraced(function*({ params }) {
        const job = yield* Effect.catchTag(jobs.cancel(params.id), "SqlError", Effect.die).pipe(about(params.id))
        yield* Effect.logInfo(`Job ${job.id} is to be cancelled`)
        return job
      })
    })
  })
)
