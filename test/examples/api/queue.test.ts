import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { NewJob } from "../../../examples/scraper-api/api/Job.ts"
import { Claims } from "../../../examples/scraper-api/queue/Claims.ts"
import type { Claim } from "../../../examples/scraper-api/queue/Claims.ts"
import { Jobs } from "../../../examples/scraper-api/queue/Jobs.ts"
import { storage } from "../../../examples/scraper-api/storage.ts"
import { embeddedPostgres } from "../../../examples/wordpress-scraper/embedded/postgres.ts"

const database = Layer.unwrap(Effect.map(embeddedPostgres, ({ url }) => storage(url)))

let sites = 0
const newSite = () => `https://site-${++sites}.example`

const submit = (options: Partial<NewJob> = {}) =>
  Effect.flatMap(Jobs, (jobs) => jobs.submit(new NewJob({ url: newSite(), ...options })))

const read = (id: number) => Effect.flatMap(Jobs, (jobs) => jobs.read(id))

/** Takes the next job, whose lease is over at once where it is 0. */
const claim = Effect.fnUntraced(function*(leaseSeconds = 60) {
  const claims = yield* Claims
  const claimed = yield* claims.claim("worker", leaseSeconds)
  if (Option.isSome(claimed)) yield* claims.begin(claimed.value)
  return Option.getOrUndefined(claimed)
})

const heartbeat = (claim: Claim) => Effect.flatMap(Claims, (claims) => claims.heartbeat(claim, 60, undefined))

const end = (claim: Claim, ending: Parameters<Claims["Service"]["end"]>[1]) =>
  Effect.flatMap(Claims, (claims) => claims.end(claim, ending))

/** Each test has the queue to itself. */
const empty = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`TRUNCATE scrape_jobs CASCADE`)

layer(database, { timeout: 60_000, excludeTestServices: true })((it) => {
  describe("the queue of jobs", () => {
    it.effect("hands out jobs by priority, then by age, one a site at a time", () =>
      Effect.gen(function*() {
        yield* empty
        const url = newSite()
        const normal = yield* submit({ url })
        const sameSite = yield* submit({ url, priority: "high" })
        const low = yield* submit({ priority: "low" })
        const first = yield* claim()
        assert.strictEqual(first?.id, sameSite.id)
        assert.strictEqual((yield* claim())?.id, low.id)
        assert.isUndefined(yield* claim())
        assert.strictEqual(yield* end(first!, { _tag: "cancelled" }), "ended")
        assert.strictEqual((yield* claim())?.id, normal.id)
      }))

    it.effect("takes a job back from a worker that is not heard of, and listens to it no more", () =>
      Effect.gen(function*() {
        yield* empty
        const { id } = yield* submit()
        const first = (yield* claim(0))!
        const second = (yield* claim())!
        assert.deepStrictEqual([second.id, second.attempt], [id, 2])
        assert.deepStrictEqual(second.before.map(({ attempt }) => attempt), [1])
        assert.strictEqual((yield* heartbeat(first))._tag, "lost")
        assert.strictEqual(yield* end(first, { _tag: "failed", error: "too late" }), "lost")
        assert.strictEqual((yield* heartbeat(second))._tag, "goOn")
        const job = yield* read(id)
        assert.deepStrictEqual([job.state, job.error], ["running", null])
        assert.deepStrictEqual(job.attempts.map(({ outcome }) => outcome), ["lost", null])
      }))

    it.effect("tries a failed job again after a pause, until it has no attempt left", () =>
      Effect.gen(function*() {
        yield* empty
        const sql = yield* SqlClient.SqlClient
        const { id } = yield* submit({ maxAttempts: 2 })
        assert.strictEqual(yield* end((yield* claim())!, { _tag: "failed", error: "refused" }), "queued")
        assert.isUndefined(yield* claim())
        yield* sql`UPDATE scrape_jobs SET run_after = now()`
        assert.strictEqual(yield* end((yield* claim())!, { _tag: "failed", error: "refused again" }), "ended")
        const job = yield* read(id)
        assert.deepStrictEqual([job.state, job.error], ["failed", "refused again"])
        assert.deepStrictEqual(job.attempts.map(({ error }) => error), ["refused", "refused again"])
      }))

    it.effect("does not count an attempt whose worker gave the job back", () =>
      Effect.gen(function*() {
        yield* empty
        const { id } = yield* submit({ maxAttempts: 1 })
        assert.strictEqual(yield* end((yield* claim())!, { _tag: "released" }), "queued")
        assert.strictEqual((yield* claim())?.id, id)
      }))

    it.effect("gives up a job that its worker took down with it each time, or that was cancelled meanwhile", () =>
      Effect.gen(function*() {
        yield* empty
        const jobs = yield* Jobs
        const deadly = yield* submit({ maxAttempts: 1 })
        yield* claim(0)
        assert.isUndefined(yield* claim())
        assert.strictEqual((yield* read(deadly.id)).state, "failed")
        const unwanted = yield* submit()
        const claimed = (yield* claim(0))!
        assert.deepInclude(yield* jobs.cancel(unwanted.id), { state: "running", cancelRequested: true })
        assert.strictEqual((yield* heartbeat(claimed))._tag, "cancel")
        yield* Effect.flatMap(SqlClient.SqlClient, (sql) => sql`UPDATE scrape_jobs SET lease_until = now()`)
        assert.isUndefined(yield* claim())
        assert.strictEqual((yield* read(unwanted.id)).state, "cancelled")
      }))
  })
})
