import { Context, DateTime, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import { Blog } from "../wordpress/Blog.ts"

/**
 * A run as the database knows it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Run {
  readonly id: number
  readonly site: string
  /** Whether it goes on with a run that was interrupted. */
  readonly resumed: boolean
}

/**
 * Keeps account of runs, so that one that was interrupted can be gone on with.
 *
 * @category services
 * @since 0.1.0
 */
export class Runs extends Context.Service<Runs, {
  /** Goes on with the interrupted run of this site, if it was asked for the same, or begins a new one. */
  readonly begin: (limit: number | undefined, traceId: string) => Effect.Effect<Run, SqlError>
  readonly finish: (run: Run) => Effect.Effect<void, SqlError>
}>()("wordpress-scraper/storage/Runs") {
  static readonly layer: Layer.Layer<Runs, never, SqlClient.SqlClient | Blog> = Layer.effect(
    Runs,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { site } = (yield* Blog).home

      const begin = Effect.fnUntraced(
        function*(limit: number | undefined, traceId: string): Effect.fn.Return<Run, SqlError> {
          const interrupted = yield* sql<{ readonly id: number; readonly item_limit: number | null }>`
            SELECT id::integer AS id, item_limit FROM scrape_runs
            WHERE site = ${site} AND finished_at IS NULL ORDER BY scrape_runs.id DESC LIMIT 1`
          const last = interrupted[0]
          if (last !== undefined && last.item_limit === (limit ?? null)) {
            yield* sql`UPDATE scrape_runs SET trace_id = ${traceId} WHERE id = ${last.id}`
            yield* sql`
              UPDATE scrape_items SET outcome = NULL, reason = NULL, finished_at = NULL
              WHERE run_id = ${last.id} AND outcome = 'failed'`
            return { id: last.id, site, resumed: true }
          }
          const now = DateTime.toDateUtc(yield* DateTime.now)
          const begun = yield* sql<{ readonly id: number }>`
            INSERT INTO scrape_runs (site, item_limit, started_at, trace_id)
            VALUES (${site}, ${limit ?? null}, ${now}, ${traceId}) RETURNING id::integer AS id`
          return { id: begun[0]!.id, site, resumed: false }
        },
        sql.withTransaction,
        Effect.withSpan("begin_run")
      )

      const finish = Effect.fnUntraced(function*(run: Run): Effect.fn.Return<void, SqlError> {
        const now = DateTime.toDateUtc(yield* DateTime.now)
        yield* sql`UPDATE scrape_runs SET finished_at = ${now} WHERE site = ${run.site} AND finished_at IS NULL`
      })

      return Runs.of({ begin, finish })
    })
  )
}
