import { Duration, Effect, Schema } from "effect"
import { Trace, Work } from "effect-tracing"
import type { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import type { Fetcher } from "../../wordpress-scraper/network/Fetcher.ts"
import type { Politeness } from "../../wordpress-scraper/network/Politeness.ts"
import { Tally } from "../../wordpress-scraper/pipeline/Tally.ts"
import type { Claim, Ending } from "../queue/Claims.ts"
import { Claims } from "../queue/Claims.ts"
import { queue } from "../queue/queue.ts"
import { giveUp, scrapeSite } from "./scrapeSite.ts"

/** Says that an attempt stops because somebody cancelled the job. */
class Cancelled extends Schema.TaggedError<Cancelled>()("Cancelled", {
  carrier: Schema.Record(Schema.String, Schema.String)
}) {}

/** Says that an attempt stops because its lease has ended and the job may be another worker's. */
class LeaseLost extends Schema.TaggedError<LeaseLost>()("LeaseLost", {}) {}

/** Renews the lease, several times in its length, until there is a reason to stop. Longer than the lease it does not fail. */
const keepLease = Effect.fnUntraced(function*(
  claim: Claim,
  leaseSeconds: number,
  tally: Tally
): Effect.fn.Return<never, Cancelled | LeaseLost | SqlError, Claims> {
  const claims = yield* Claims
  while (true) {
    yield* Effect.sleep(Duration.seconds(Math.min(1, leaseSeconds / 4)))
    const heard = yield* claims.heartbeat(
      claim,
      leaseSeconds,
      tally.discovered === 0 ? undefined : { done: tally.done, discovered: tally.discovered }
    )
    if (heard._tag === "cancel") return yield* new Cancelled({ carrier: heard.carrier })
    if (heard._tag === "lost") return yield* new LeaseLost()
  }
})

/** The job is another worker's by now: nothing is written any more. */
const lost = Effect.fnUntraced(function*(claim: Claim) {
  yield* Effect.annotateCurrentSpan({ "job.outcome": "lost" })
  yield* Effect.logWarning(`Job ${claim.id}, attempt ${claim.attempt}: its lease ended, and another worker took it`)
})

/** Notes the end of an attempt in the database, in its span and in the log. */
const conclude = Effect.fnUntraced(function*(claim: Claim, ending: Ending) {
  const claims = yield* Claims
  const now = yield* claims.end(claim, ending)
  if (now === "lost") return yield* lost(claim)
  if (now === "ended" && ending._tag !== "succeeded") yield* giveUp(claim.url)
  yield* Effect.annotateCurrentSpan({ "job.outcome": ending._tag })
  const how = ending._tag === "failed" ? `failed: ${ending.error}` : ending._tag
  const next = now === "queued" ? " (back in the queue)" : ""
  yield* Effect.logInfo(`Job ${claim.id}, attempt ${claim.attempt} ${how}${next}`)
})

/**
 * Makes one attempt at a job, as a trace of its own.
 *
 * **Details**
 *
 * ```text
 * process scrape_jobs       consumer; links to `send scrape_jobs` of the request and to the attempts before
 *   INSERT scrape_job_attempts
 *   begin_run, discover … what the pipeline does
 *   sql.transaction > UPDATE scrape_jobs, UPDATE scrape_job_attempts
 * ```
 *
 * The correlation id of the request is that of the attempt: of its spans, its log lines, and its requests to hosts of one's own.
 * Interrupted (the worker stops), it gives the job back.
 *
 * @category constructors
 * @since 0.1.0
 */
export const attempt = Effect.fnUntraced(function*(
  claim: Claim,
  leaseSeconds: number
): Effect.fn.Return<void, SqlError, Claims | Fetcher | Politeness | SqlClient.SqlClient> {
  const claims = yield* Claims
  const tally = new Tally()

  const run = Effect.gen(function*() {
    yield* Effect.forEach(
      claim.before,
      ({ attempt, carrier }) => Trace.linkTo(carrier, { "link.type": "attempt", "job.attempt": attempt })
    )
    yield* claims.begin(claim)
    yield* Effect.logInfo(`Job ${claim.id}, attempt ${claim.attempt}: ${claim.url}`)
    // The one part that may be interrupted: what is begun is ended, in the database too.
    const result = yield* Effect.interruptible(Effect.raceFirst(
      scrapeSite(claim.url, claim.limit ?? undefined, tally),
      keepLease(claim, leaseSeconds, tally)
    ))
    yield* conclude(claim, { _tag: "succeeded", result })
  }).pipe(
    Effect.catchTag("Cancelled", ({ carrier }) =>
      Effect.gen(function*() {
        yield* Trace.linkTo(carrier, { "link.type": "cancel" })
        yield* conclude(claim, { _tag: "cancelled" })
      })),
    Effect.tapErrorTag("CannotRun", (error) => conclude(claim, { _tag: "failed", error: error.message })),
    Effect.tapErrorTag("LeaseLost", () => lost(claim)),
    Effect.onInterrupt(() => Effect.ignore(conclude(claim, { _tag: "released" })))
  )

  yield* run.pipe(
    Work.message({
      ...queue,
      id: String(claim.id),
      client: claim.worker,
      carrier: claim.carrier,
      attributes: { "job.attempt": claim.attempt, "job.waited": claim.waited }
    }),
    // Span, database and log have it: the worker goes on.
    Effect.catchTag(["CannotRun", "LeaseLost"], () => Effect.void)
  )
}, Effect.uninterruptible)
