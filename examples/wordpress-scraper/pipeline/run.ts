import { Effect, Stream } from "effect"
import { Trace } from "effect-tracing"
import type { SqlClient } from "effect/sql"
import { CannotRun } from "../errors.ts"
import type { Robots } from "../network/Robots.ts"
import { Progress } from "../report/Progress.ts"
import { databaseFailed } from "../storage/database.ts"
import type { Posts } from "../storage/Posts.ts"
import { Queue } from "../storage/Queue.ts"
import type { QueuedItem } from "../storage/Queue.ts"
import { Runs } from "../storage/Runs.ts"
import type { Run } from "../storage/Runs.ts"
import { Blog } from "../wordpress/Blog.ts"
import type { Source } from "../wordpress/Source.ts"
import { scrapeItem } from "./scrapeItem.ts"
import type { Tally } from "./Tally.ts"

/** A site that does not answer so many items in a row is down: what is left is for another run. */
const maxUnanswered = 10

/** What a run is asked to do. */
export interface RunOptions {
  /** At most so many items, the newest; all if undefined. */
  readonly limit: number | undefined
  readonly concurrency: number
}

/** Finds out how the blog can be read and lists everything there is to read. */
const discover = Effect.fn("discover")(function*(run: Run, limit: number | undefined) {
  const blog = yield* Blog
  const queue = yield* Queue
  const progress = yield* Progress
  const source = yield* blog.open
  yield* progress.say(`Reading ${blog.home.url} through its ${source.description}`)
  let found = 0
  yield* source.list(limit ?? Infinity, (items) => {
    found += items.length
    return Effect.andThen(queue.add(run, items), progress.discovering(found))
  }).pipe(
    Effect.catchTag(
      "RequestFailed",
      (error) =>
        Effect.fail(
          new CannotRun({ message: `Cannot list the posts of ${blog.home.url}: ${error.message} (${error.url}).` })
        )
    )
  )
  // What a limited listing does not name may well be there.
  const unlisted = limit === undefined ? yield* queue.addUnlisted(run) : 0
  yield* Effect.annotateCurrentSpan({ "scraper.discovered": found, "scraper.unlisted": unlisted })
  return source
})

const scrapeOne = (source: Source, run: Run, tally: Tally, item: QueuedItem) =>
  scrapeItem(source, run, item).pipe(
    Effect.matchEffect({
      onSuccess: (done) =>
        Effect.sync(() => {
          if (done._tag === "scraped" || done._tag === "unchanged") return tally.add(done._tag)
          if (done._tag === "gone" && item.listed) return tally.addGone({ url: item.url, reason: done.reason })
          // Neither was part of what the site lists.
          tally.discovered--
          if (done._tag === "gone") tally.deleted++
        }),
      onFailure: (error): Effect.Effect<void, CannotRun> => {
        if (error._tag === "SqlError") return Effect.fail(databaseFailed(error))
        tally.fail({ url: item.url, reason: error.message }, error.kind !== "unreachable")
        return tally.unanswered < maxUnanswered ? Effect.void : Effect.fail(
          new CannotRun({
            message: `The site stopped answering: ${error.message}. What was stored is kept; run again to go on.`
          })
        )
      }
    }),
    Effect.andThen(Effect.flatMap(Progress, (progress) => progress.scraping(tally)))
  )

/**
 * Scrapes a blog: lists its posts and pages, reads and stores each of them, and marks what was deleted.
 *
 * **Details**
 *
 * ```text
 * scrape run
 *   migrate_database
 *   begin_run
 *   discover
 *     read_robots_txt > GET
 *     find_rest_api > GET
 *     list_wordpress_posts > GET, INSERT scrape_items
 *     list_wordpress_pages > GET, INSERT scrape_items
 *   SELECT scrape_items
 *
 * scrape_wordpress_post    one trace each, with a link to the run
 * ```
 *
 * The counts go to `tally`, so that they are there also when the run is interrupted.
 *
 * @category constructors
 * @since 0.1.0
 */
export const scrape = Effect.fnUntraced(
  function*(tally: Tally, options: RunOptions): Effect.fn.Return<
    Source,
    CannotRun,
    Blog | Posts | Progress | Queue | Robots | Runs | SqlClient.SqlClient
  > {
    const runs = yield* Runs
    const queue = yield* Queue
    const progress = yield* Progress
    const { traceId } = yield* Effect.orElseSucceed(Trace.current, () => ({ traceId: "" }))
    return yield* Effect.gen(function*() {
      const run = yield* runs.begin(options.limit, traceId)
      if (run.resumed) yield* progress.say("Going on with the run that was interrupted")
      const source = yield* discover(run, options.limit)
      const counts = yield* queue.counts(run)
      tally.alreadyDone = counts.scraped + counts.unchanged
      tally.unchanged = tally.alreadyDone
      tally.gone = counts.gone
      tally.discovered = tally.done + counts.pending
      yield* Stream.runDrain(
        Stream.mapEffect(queue.pending(run), (item) => scrapeOne(source, run, tally, item), {
          concurrency: options.concurrency,
          unordered: true
        })
      )
      yield* runs.finish(run)
      return source
    }).pipe(
      Effect.catchTag("SqlError", (error) => Effect.fail(databaseFailed(error)))
    )
  }
)
