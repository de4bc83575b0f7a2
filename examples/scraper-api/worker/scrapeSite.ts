import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import type { CannotRun } from "../../wordpress-scraper/errors.ts"
import type { Fetcher } from "../../wordpress-scraper/network/Fetcher.ts"
import type { Politeness } from "../../wordpress-scraper/network/Politeness.ts"
import { Robots } from "../../wordpress-scraper/network/Robots.ts"
import { scrape } from "../../wordpress-scraper/pipeline/run.ts"
import type { Tally } from "../../wordpress-scraper/pipeline/Tally.ts"
import { Progress } from "../../wordpress-scraper/report/Progress.ts"
import { Posts } from "../../wordpress-scraper/storage/Posts.ts"
import { Queue } from "../../wordpress-scraper/storage/Queue.ts"
import { Runs } from "../../wordpress-scraper/storage/Runs.ts"
import { Blog } from "../../wordpress-scraper/wordpress/Blog.ts"
import { Home } from "../../wordpress-scraper/wordpress/Home.ts"
import { ScrapeResult } from "../api/Job.ts"

/** Items of one job that are under way at once; the requests to its host stay one polite rate apart. */
const concurrency = 4

/** Says what the pipeline says to the person who watches as log lines, which carry the ids of the job's trace. */
const progress = Layer.succeed(Progress, {
  say: (text) => Effect.logInfo(text),
  discovering: () => Effect.void,
  scraping: () => Effect.void
})

/** The parts that are about one blog. Politeness is not among them: all jobs share it. */
const partsOf = (url: string) =>
  Layer.mergeAll(Posts.layer, Queue.layer, Runs.layer, progress).pipe(
    Layer.provideMerge(Blog.layer(url)),
    Layer.provideMerge(Robots.layerNoDependencies)
  )

/**
 * Scrapes a blog with the pipeline of the WordPress scraper. Interrupted, it has stored what it had, and the next attempt goes on
 * from there.
 *
 * **Details**
 *
 * ```text
 * (the caller's span)
 *   begin_run, discover, SELECT scrape_items, UPDATE scrape_runs
 *
 * scrape_wordpress_post    one trace each, with a link to the caller's span
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const scrapeSite = (
  url: string,
  limit: number | undefined,
  tally: Tally
): Effect.Effect<ScrapeResult, CannotRun, Fetcher | Politeness | SqlClient.SqlClient> =>
  scrape(tally, { limit, concurrency }).pipe(
    // Local, because jobs of other blogs run beside this one.
    Effect.provide(partsOf(url), { local: true }),
    Effect.map(() =>
      new ScrapeResult({
        discovered: tally.discovered,
        scraped: tally.scraped,
        unchanged: tally.unchanged,
        gone: tally.gone,
        failed: tally.failures
      })
    )
  )

/**
 * Closes the account of a blog whose job ended before it was done, so that the next job begins anew.
 *
 * @category constructors
 * @since 0.1.0
 */
export const giveUp = (url: string): Effect.Effect<void, SqlError, SqlClient.SqlClient> =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.asVoid(
      sql`UPDATE scrape_runs SET finished_at = now() WHERE site = ${new Home(url).site} AND finished_at IS NULL`
    ))
