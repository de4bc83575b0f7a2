import { Array, Context, DateTime, Effect, Layer, Option, Stream } from "effect"
import type { Outcome } from "effect-tracing/scraper"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import { Blog } from "../wordpress/Blog.ts"
import type { ItemReference, ItemType } from "../wordpress/Item.ts"
import type { Run } from "./Runs.ts"

/** How many items are fetched from the database at once, and how many are written at once. */
const batch = 500

/**
 * An item that waits to be scraped.
 *
 * @category models
 * @since 0.1.0
 */
export interface QueuedItem extends ItemReference {
  /** Whether the site listed it; if not, it is stored and perhaps deleted on the site by now. */
  readonly listed: boolean
}

/**
 * What came of an item.
 *
 * @category models
 * @since 0.1.0
 */
export interface Settled {
  readonly outcome: Outcome
  readonly reason: string | undefined
  readonly traceId: string
}

interface Row {
  readonly ordinal: number
  readonly key: string
  readonly type: ItemType
  readonly wordpress_id: number | null
  readonly url: string
  readonly listed: boolean
}

/**
 * Keeps what was discovered and what is done in the database, so that nothing is lost with the process and a site of any
 * size fits in memory.
 *
 * @category services
 * @since 0.1.0
 */
export class Queue extends Context.Service<Queue, {
  /** Takes up what a listing names. What this run has done already stays done. */
  readonly add: (run: Run, items: ReadonlyArray<ItemReference>) => Effect.Effect<void, SqlError>
  /** Takes up what is stored and was not listed: deleted on the site, or missed by a listing that shifted. Says how many. */
  readonly addUnlisted: (run: Run) => Effect.Effect<number, SqlError>
  readonly settle: (run: Run, item: ItemReference, settled: Settled) => Effect.Effect<void, SqlError>
  /** Forgets an item that turned out to be none. */
  readonly forget: (item: ItemReference) => Effect.Effect<void, SqlError>
  /** How many items the run has to do, and what came of those it did before it was interrupted. */
  readonly counts: (run: Run) => Effect.Effect<Readonly<Record<Outcome | "pending", number>>, SqlError>
  readonly pending: (run: Run) => Stream.Stream<QueuedItem, SqlError>
}>()("wordpress-scraper/storage/Queue") {
  static readonly layer: Layer.Layer<Queue, never, SqlClient.SqlClient | Blog> = Layer.effect(
    Queue,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { home } = yield* Blog

      const add = Effect.fnUntraced(function*(run: Run, items: ReadonlyArray<ItemReference>) {
        for (const some of Array.chunksOf(items, batch)) {
          const rows = Array.map(some, (item) => ({
            site: run.site,
            key: item.key,
            run_id: run.id,
            path: home.pathOf(item.url),
            type: item.type,
            wordpress_id: item.wordpressId ?? null,
            url: item.url,
            listed: true
          }))
          yield* sql`
            INSERT INTO scrape_items ${sql.insert(rows)}
            ON CONFLICT (site, key) DO UPDATE SET
              run_id = excluded.run_id, path = excluded.path, type = excluded.type, wordpress_id = excluded.wordpress_id,
              url = excluded.url, listed = true,
              outcome = CASE WHEN scrape_items.run_id = excluded.run_id THEN scrape_items.outcome END,
              reason = CASE WHEN scrape_items.run_id = excluded.run_id THEN scrape_items.reason END`
        }
      })

      const addUnlisted = Effect.fnUntraced(function*(run: Run) {
        const added = yield* sql`
          INSERT INTO scrape_items (site, key, run_id, path, type, wordpress_id, url, listed)
          SELECT site, key, ${run.id}::bigint, path, type, wordpress_id, url, false FROM posts
          WHERE site = ${run.site} AND deleted_at IS NULL
            AND NOT EXISTS (SELECT FROM scrape_items i WHERE i.run_id = ${run.id}::bigint AND i.key = posts.key)
            AND NOT EXISTS (SELECT FROM scrape_items i WHERE i.run_id = ${run.id}::bigint AND i.path = posts.path)
          ON CONFLICT (site, key) DO UPDATE SET
            run_id = excluded.run_id, path = excluded.path, url = excluded.url, listed = false, outcome = NULL, reason = NULL
          RETURNING key`
        return added.length
      })

      const settle = Effect.fnUntraced(function*(run: Run, item: ItemReference, settled: Settled) {
        const now = DateTime.toDateUtc(yield* DateTime.now)
        yield* sql`
          UPDATE scrape_items SET
            outcome = ${settled.outcome}, reason = ${settled.reason ?? null}, trace_id = ${settled.traceId},
            finished_at = ${now}
          WHERE site = ${run.site} AND key = ${item.key}`
      })

      const forget = (item: ItemReference) =>
        Effect.asVoid(sql`DELETE FROM scrape_items WHERE site = ${home.site} AND key = ${item.key}`)

      const counts = Effect.fnUntraced(function*(run: Run) {
        const rows = yield* sql<{ readonly outcome: Outcome | "pending"; readonly count: number }>`
          SELECT coalesce(outcome, 'pending') AS outcome, count(*)::integer AS count FROM scrape_items
          WHERE run_id = ${run.id} AND (listed OR outcome IS DISTINCT FROM 'gone') GROUP BY 1`
        const found = { scraped: 0, unchanged: 0, gone: 0, failed: 0, pending: 0 }
        for (const row of rows) found[row.outcome] = row.count
        return found
      })

      const pending = (run: Run): Stream.Stream<QueuedItem, SqlError> =>
        Stream.paginate(0, (after) =>
          Effect.map(
            sql<Row>`
              SELECT ordinal::float8 AS ordinal, key, type, wordpress_id::float8 AS wordpress_id, url, listed
              FROM scrape_items
              WHERE run_id = ${run.id} AND outcome IS NULL AND scrape_items.ordinal > ${after}
              ORDER BY scrape_items.ordinal LIMIT ${batch}`,
            (rows) => [
              rows.map((row): QueuedItem => ({
                key: row.key,
                type: row.type,
                wordpressId: row.wordpress_id ?? undefined,
                url: row.url,
                listed: row.listed
              })),
              rows.length < batch ? Option.none() : Option.some(rows.at(-1)!.ordinal)
            ]
          ))

      return Queue.of({ add, addUnlisted, settle, forget, counts, pending })
    })
  )
}
