import { Effect } from "effect"
import { Trace, Work } from "effect-tracing"
import { Scraper } from "effect-tracing/scraper"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import { RequestFailed } from "../errors.ts"
import { Robots } from "../network/Robots.ts"
import { Posts } from "../storage/Posts.ts"
import { Queue } from "../storage/Queue.ts"
import type { QueuedItem } from "../storage/Queue.ts"
import type { Run } from "../storage/Runs.ts"
import type { Source } from "../wordpress/Source.ts"

/**
 * What came of an item that did not fail.
 *
 * @category models
 * @since 0.1.0
 */
export type Done =
  | { readonly _tag: "scraped" | "unchanged" | "not an item" }
  | { readonly _tag: "gone"; readonly reason: string }

/**
 * Scrapes one item: reads it, stores it and notes that it is done, as a trace of its own.
 *
 * **Details**
 *
 * ```text
 * scrape_wordpress_post   link to the run; scraper.outcome, scraper.attempts, scraper.waited
 *   GET                   one for each attempt
 *   sql.transaction
 *     SELECT posts
 *     INSERT posts        not when unchanged
 *     UPDATE scrape_items
 * ```
 *
 * The transaction cannot be interrupted: an item is either stored and done, or neither.
 *
 * @category constructors
 * @since 0.1.0
 */
export const scrapeItem = (
  source: Source,
  run: Run,
  item: QueuedItem
): Effect.Effect<Done, RequestFailed | SqlError, Posts | Queue | Robots | SqlClient.SqlClient> =>
  Effect.gen(function*(): Effect.fn.Return<
    Done,
    RequestFailed | SqlError,
    Posts | Queue | Robots | SqlClient.SqlClient
  > {
    const sql = yield* SqlClient.SqlClient
    const queue = yield* Queue
    const posts = yield* Posts
    const robots = yield* Robots
    const { traceId } = yield* Effect.orElseSucceed(Trace.current, () => ({ traceId: "" }))
    const store = <A, E>(effect: Effect.Effect<A, E>) => Effect.uninterruptible(sql.withTransaction(effect))

    const read = Effect.gen(function*() {
      // Who does not want a page to be visited does not want its text fetched by a side door either.
      if (URL.canParse(item.url) && !(yield* robots.allows(new URL(item.url)))) {
        return yield* new RequestFailed({ url: item.url, kind: "robots", message: "robots.txt forbids it" })
      }
      return yield* source.read(item)
    })

    const reading = yield* Effect.tapError(read, (error) =>
      Effect.andThen(
        Scraper.outcome("failed", error.message),
        Effect.uninterruptible(queue.settle(run, item, { outcome: "failed", reason: error.message, traceId }))
      ))
    switch (reading._tag) {
      case "NotAnItem":
        yield* queue.forget(item)
        return { _tag: "not an item" }
      case "Gone":
        yield* Scraper.outcome("gone", reading.reason)
        yield* store(Effect.andThen(
          posts.markDeleted(item),
          queue.settle(run, item, { outcome: "gone", reason: reading.reason, traceId })
        ))
        return { _tag: "gone", reason: reading.reason }
      case "Read": {
        const outcome = yield* store(Effect.tap(
          posts.store(item, reading.item, traceId),
          (outcome) => queue.settle(run, item, { outcome, reason: undefined, traceId })
        ))
        yield* Scraper.outcome(outcome)
        return { _tag: outcome }
      }
    }
  }).pipe(
    Work.item(`scrape_wordpress_${item.type}`, {
      attributes: Scraper.item({ url: item.url, type: item.type, id: item.wordpressId })
    })
  )
