import { Effect, Option } from "effect"
import type { SqlClient } from "effect/sql"
import { hostname } from "node:os"
import type { Fetcher } from "../../wordpress-scraper/network/Fetcher.ts"
import type { Politeness } from "../../wordpress-scraper/network/Politeness.ts"
import { Claims } from "../queue/Claims.ts"
import { attempt } from "./attempt.ts"

/** How long an idle worker waits before it looks again. */
const idle = "250 millis"

/** How long it waits after the database failed. */
const trouble = "2 seconds"

/**
 * How many workers there are in this process, and for how long a job is theirs without a sign of life.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkersOptions {
  readonly workers: number
  readonly leaseSeconds: number
}

/**
 * Takes jobs from the queue and works on them, for ever: a worker that fails at one goes on with the next.
 *
 * @category constructors
 * @since 0.1.0
 */
export const workers = (
  options: WorkersOptions
): Effect.Effect<void, never, Claims | Fetcher | Politeness | SqlClient.SqlClient> => {
  const work = Effect.fnUntraced(function*(number: number) {
    const claims = yield* Claims
    const name = `${hostname()}/${process.pid}/${number}`
    // Between the claim and the attempt nothing may come in, or the job would wait for its lease to end.
    const next = Effect.uninterruptible(Effect.gen(function*() {
      const claim = yield* claims.claim(name, options.leaseSeconds)
      if (Option.isSome(claim)) yield* attempt(claim.value, options.leaseSeconds)
      return Option.isSome(claim)
    }))
    return yield* next.pipe(
      Effect.catchCause((cause) => Effect.as(Effect.logError(`Worker ${name} failed; it goes on`, cause), undefined)),
      Effect.tap((worked) => worked === true ? Effect.void : Effect.sleep(worked === false ? idle : trouble)),
      Effect.forever
    )
  })
  return Effect.forEach(Array.from({ length: options.workers }, (_, index) => index + 1), work, {
    concurrency: "unbounded",
    discard: true
  })
}
