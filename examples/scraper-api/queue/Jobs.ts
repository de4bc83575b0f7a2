import { Context, Effect, Layer, Schema } from "effect"
import { CorrelationId, Trace } from "effect-tracing"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import { Home } from "../../wordpress-scraper/wordpress/Home.ts"
import { Job } from "../api/Job.ts"
import type { JobState, NewJob, Priority } from "../api/Job.ts"
import { JobEnded, JobNotFound } from "../api/problems.ts"
import { queue } from "./queue.ts"

const ranks: Readonly<Record<typeof Priority.Type, number>> = { low: 0, normal: 1, high: 2 }

const usualAttempts = 3
const usualPage = 20

/** Which jobs to list. */
export interface ListOptions {
  readonly state?: typeof JobState.Type | undefined
  readonly limit?: number | undefined
  readonly before?: number | undefined
}

const decodeJobs = Schema.decodeUnknownEffect(Schema.Array(Job))

/**
 * The queue as the API sees it: jobs are put in, looked at and cancelled.
 *
 * @category services
 * @since 0.1.0
 */
export class Jobs extends Context.Service<Jobs, {
  /**
   * Puts a job into the queue, with the trace context of the message in the row.
   *
   * **Details**
   *
   * ```text
   * POST /jobs
   *   send scrape_jobs       producer: the span that the job's trace links to
   *     INSERT scrape_jobs
   *   SELECT scrape_jobs
   * ```
   */
  readonly submit: (job: NewJob) => Effect.Effect<Job, SqlError>
  /** Jobs, the newest first. */
  readonly list: (options: ListOptions) => Effect.Effect<ReadonlyArray<Job>, SqlError>
  readonly read: (id: number) => Effect.Effect<Job, SqlError | JobNotFound>
  /** Cancels a job that waits; asks the worker of one that runs to stop. */
  readonly cancel: (id: number) => Effect.Effect<Job, SqlError | JobNotFound | JobEnded>
}>()("scraper-api/queue/Jobs") {
  static readonly layer: Layer.Layer<Jobs, never, SqlClient.SqlClient> = Layer.effect(
    Jobs,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      /** The database writes jobs as clients see them. */
      const select = Effect.fnUntraced(function*(options: ListOptions & { readonly id?: number }) {
        const conditions = sql.and([
          ...(options.id === undefined ? [] : [sql`jobs.id = ${options.id}`]),
          ...(options.state === undefined ? [] : [sql`jobs.state = ${options.state}`]),
          ...(options.before === undefined ? [] : [sql`jobs.id < ${options.before}`])
        ])
        const rows = yield* sql<{ readonly job: unknown }>`
          SELECT jsonb_build_object(
            'id', id, 'url', url, 'limit', item_limit,
            'priority', (ARRAY['low', 'normal', 'high'])[priority + 1],
            'state', state, 'cancelRequested', cancel_carrier IS NOT NULL,
            'correlationId', correlation_id, 'traceId', trace_id,
            'submittedAt', submitted_at, 'endedAt', ended_at, 'maxAttempts', max_attempts,
            'progress', progress, 'result', result, 'error', error,
            'attempts', (
              SELECT coalesce(jsonb_agg(jsonb_build_object(
                'number', attempt, 'worker', worker, 'traceId', trace_id, 'startedAt', started_at,
                'endedAt', ended_at, 'outcome', outcome, 'error', error
              ) ORDER BY attempt), '[]') FROM scrape_job_attempts WHERE job_id = jobs.id
            )
          ) AS job
          FROM scrape_jobs AS jobs WHERE ${conditions}
          ORDER BY jobs.id DESC LIMIT ${options.limit ?? usualPage}`
        // A row that is no job is a mistake of ours, and nobody's to handle.
        return yield* Effect.orDie(decodeJobs(rows.map(({ job }) => job)))
      })

      const find = Effect.fnUntraced(function*(id: number) {
        const [job] = yield* select({ id })
        return job ?? (yield* new JobNotFound({ id }))
      })

      const send = ({ limit, maxAttempts = usualAttempts, priority = "normal", url }: NewJob) =>
        Effect.gen(function*() {
          const carrier = JSON.stringify(yield* Trace.carrier)
          const correlationId = yield* CorrelationId
          const traceId = yield* Effect.match(Trace.current, {
            onSuccess: ({ traceId }) => traceId,
            // With tracing turned off there is none.
            onFailure: () => null
          })
          const [sent] = yield* sql<{ readonly id: number }>`
            INSERT INTO scrape_jobs
              (url, site, item_limit, priority, max_attempts, carrier, correlation_id, trace_id)
            VALUES (
              ${url}, ${new Home(url).site}, ${limit ?? null}, ${ranks[priority]}, ${maxAttempts}, ${carrier}::jsonb,
              ${correlationId ?? null}, ${traceId}
            ) RETURNING id`
          return sent!.id
        }).pipe(
          Trace.message({ ...queue, operation: "send", id: String, attributes: { "job.priority": priority } })
        )

      const cancel = Effect.fnUntraced(function*(id: number) {
        const carrier = JSON.stringify(yield* Trace.carrier)
        const cancelled = yield* sql`
          UPDATE scrape_jobs SET
            cancel_carrier = coalesce(cancel_carrier, ${carrier}::jsonb),
            ended_at = CASE WHEN state = 'queued' THEN now() END,
            state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
          WHERE id = ${id} AND state IN ('queued', 'running') RETURNING id`
        const job = yield* find(id)
        if (cancelled.length === 0) return yield* new JobEnded({ id, state: job.state })
        return job
      })

      return Jobs.of({
        submit: (job) => Effect.flatMap(send(job), (id) => Effect.catchTag(find(id), "JobNotFound", Effect.die)),
        list: select,
        read: find,
        cancel
      })
    })
  )
}
