import { Context, Effect, Layer, Option } from "effect"
import { Trace } from "effect-tracing"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import type { ScrapeResult } from "../api/Job.ts"
import type { Carrier } from "./queue.ts"

/** The first pause before another attempt, in seconds; each is twice as long. */
const firstPause = 2
const longestPause = 300

/**
 * A job in the hands of a worker, until its lease ends.
 *
 * @category models
 * @since 0.1.0
 */
export interface Claim {
  readonly id: number
  readonly url: string
  readonly limit: number | null
  readonly attempt: number
  readonly maxAttempts: number
  readonly worker: string
  readonly carrier: Carrier
  /** From the moment it could have begun until it did, in seconds. */
  readonly waited: number
  /** The attempts before, the oldest first. */
  readonly before: ReadonlyArray<{ readonly attempt: number; readonly carrier: Carrier }>
}

/**
 * How far an attempt is.
 *
 * @category models
 * @since 0.1.0
 */
export interface Progress {
  readonly done: number
  readonly discovered: number
}

/**
 * What a heartbeat is answered: go on, stop because somebody asked to, or stop because the job is another worker's by now.
 *
 * @category models
 * @since 0.1.0
 */
export type Heard =
  | { readonly _tag: "goOn" | "lost" }
  | { readonly _tag: "cancel"; readonly carrier: Carrier }

/**
 * How an attempt ended.
 *
 * @category models
 * @since 0.1.0
 */
export type Ending =
  | { readonly _tag: "succeeded"; readonly result: ScrapeResult }
  | { readonly _tag: "failed"; readonly error: string }
  | { readonly _tag: "cancelled" }
  /** The worker stops and gives the job back; the attempt does not count. */
  | { readonly _tag: "released" }

/**
 * The queue as workers see it. A claim is a lease: a worker that is not heard of for its length has lost the job to the next.
 *
 * @category services
 * @since 0.1.0
 */
export class Claims extends Context.Service<Claims, {
  /** Takes the job whose turn it is; `None` where there is none. Not traced: looking into an empty queue is no story. */
  readonly claim: (worker: string, leaseSeconds: number) => Effect.Effect<Option.Option<Claim>, SqlError>
  /** Notes that an attempt begins, with its trace, so that the next can link to it. */
  readonly begin: (claim: Claim) => Effect.Effect<void, SqlError>
  /** Renews the lease and tells how far the job is. Not traced either. */
  readonly heartbeat: (
    claim: Claim,
    leaseSeconds: number,
    progress: Progress | undefined
  ) => Effect.Effect<Heard, SqlError>
  /** Notes how an attempt ended, and says where the job is now: a failed one waits for its next attempt if it has one left. */
  readonly end: (claim: Claim, ending: Ending) => Effect.Effect<"queued" | "ended" | "lost", SqlError>
}>()("scraper-api/queue/Claims") {
  static readonly layer: Layer.Layer<Claims, never, SqlClient.SqlClient> = Layer.effect(
    Claims,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      /** Jobs whose last worker died, and that were cancelled meanwhile or have no attempt left. */
      const bury = sql`
        UPDATE scrape_jobs SET
          state = CASE WHEN cancel_carrier IS NULL THEN 'failed' ELSE 'cancelled' END,
          error = CASE WHEN cancel_carrier IS NULL THEN 'Its worker was lost, ' || attempt || ' times.' END,
          ended_at = now(), lease_until = NULL
        WHERE state = 'running' AND lease_until < now() AND (cancel_carrier IS NOT NULL OR attempt >= max_attempts)`

      const claim = Effect.fnUntraced(
        function*(worker: string, leaseSeconds: number) {
          yield* bury
          const claimed = yield* sql<Claim>`
            UPDATE scrape_jobs SET
              state = 'running', attempt = attempt + 1, worker = ${worker},
              lease_until = now() + make_interval(secs => ${leaseSeconds})
            FROM (
              SELECT id, greatest(run_after, lease_until) AS since FROM scrape_jobs AS waiting
              WHERE (state = 'queued' AND run_after <= now() AND NOT EXISTS (
                  SELECT FROM scrape_jobs AS busy WHERE busy.site = waiting.site AND busy.state = 'running'))
                OR (state = 'running' AND lease_until < now())
              ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
            ) AS next
            WHERE scrape_jobs.id = next.id
            RETURNING scrape_jobs.id, url, item_limit AS "limit", attempt, max_attempts AS "maxAttempts", worker, carrier,
              extract(epoch FROM now() - next.since)::float8 AS waited,
              (SELECT coalesce(jsonb_agg(jsonb_build_object('attempt', past.attempt, 'carrier', past.carrier)
                ORDER BY past.attempt), '[]') FROM scrape_job_attempts AS past WHERE past.job_id = scrape_jobs.id) AS before`
          return Option.fromUndefinedOr(claimed[0])
        },
        // Another worker claimed a job of the same site a moment ago: the index says so, and this one's turn comes.
        Effect.catchIf((error) => error.reason._tag === "UniqueViolation", () => Effect.succeedNone),
        Effect.withTracerEnabled(false)
      )

      const begin = Effect.fnUntraced(function*(claim: Claim) {
        const carrier = yield* Trace.carrier
        const traceId = yield* Effect.match(Trace.current, {
          onSuccess: ({ traceId }) => traceId,
          onFailure: () => null
        })
        if (claim.before.length > 0) {
          yield* sql`
            UPDATE scrape_job_attempts SET outcome = 'lost', ended_at = now()
            WHERE job_id = ${claim.id} AND outcome IS NULL`
        }
        yield* sql`
          INSERT INTO scrape_job_attempts (job_id, attempt, worker, carrier, trace_id)
          VALUES (${claim.id}, ${claim.attempt}, ${claim.worker}, ${JSON.stringify(carrier)}::jsonb, ${traceId})`
      })

      /** Whoever lost the lease must not write any more: the number of the attempt tells. */
      const mine = (claim: Claim) => sql`id = ${claim.id} AND attempt = ${claim.attempt} AND state = 'running'`

      const heartbeat = Effect.fnUntraced(
        function*(claim: Claim, leaseSeconds: number, progress: Progress | undefined) {
          const [job] = yield* sql<{ readonly cancel: Carrier | null }>`
            UPDATE scrape_jobs SET
              lease_until = now() + make_interval(secs => ${leaseSeconds}),
              progress = ${progress === undefined ? null : JSON.stringify(progress)}::jsonb
            WHERE ${mine(claim)} RETURNING cancel_carrier AS cancel`
          const heard: Heard = job === undefined
            ? { _tag: "lost" }
            : job.cancel === null
            ? { _tag: "goOn" }
            : { _tag: "cancel", carrier: job.cancel }
          return heard
        },
        Effect.withTracerEnabled(false)
      )

      const end = Effect.fnUntraced(function*(claim: Claim, ending: Ending) {
        const error = ending._tag === "failed" ? ending.error : null
        const again = ending._tag === "released" || (ending._tag === "failed" && claim.attempt < claim.maxAttempts)
        const pause = ending._tag === "failed" ? Math.min(longestPause, firstPause * 2 ** (claim.attempt - 1)) : 0
        const updated = yield* sql`
          UPDATE scrape_jobs SET
            state = ${again ? "queued" : ending._tag},
            max_attempts = max_attempts + ${ending._tag === "released" ? 1 : 0},
            run_after = now() + make_interval(secs => ${pause}),
            ended_at = CASE WHEN ${!again} THEN now() END, lease_until = NULL, worker = NULL, progress = NULL,
            result = ${ending._tag === "succeeded" ? JSON.stringify(ending.result) : null}::jsonb, error = ${error}
          WHERE ${mine(claim)} RETURNING id`
        if (updated.length === 0) return "lost"
        yield* sql`
          UPDATE scrape_job_attempts SET outcome = ${ending._tag}, error = ${error}, ended_at = now()
          WHERE job_id = ${claim.id} AND attempt = ${claim.attempt}`
        return again ? "queued" : "ended"
      }, sql.withTransaction)

      return Claims.of({ claim, begin, heartbeat, end })
    })
  )
}
