import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Conventions } from "effect-tracing/conventions"
import { embeddedPostgres } from "../../../examples/wordpress-scraper/embedded/postgres.ts"
import { serve } from "../../../examples/wordpress-scraper/site/index.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { rows } from "../scraper/database.ts"
import { start } from "./child.ts"
import { ask, decodeJob, jobThat, post, ready } from "./client.ts"
import { leadsTo, linksOf, received } from "./spans.ts"

/** A site that takes its time, so that there is a middle to be killed in. */
const slowSite = serve({ faults: "none", latencyMillis: [150, 170], troubles: { latency: true } })

describe("a worker of the scraper API", () => {
  it.live(
    "that is killed loses its job to another, whose attempt goes on and is linked to the first",
    () =>
      Effect.gen(function*() {
        const receiver = yield* makeOtlpReceiver()
        const site = yield* slowSite
        const database = yield* embeddedPostgres
        const env = { TRACING_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: "100" }
        const service = yield* start(["--workers", "0", "--database-url", database.url], env)
        const { url } = yield* ready(service)
        const worker = ["worker", "--database-url", database.url, "--lease", "2"]

        const first = yield* start(worker, env)
        yield* post(`${url}/jobs`, `{"url":"${site.url}"}`, { "x-correlation-id": "killed-1" })
        yield* jobThat(`${url}/jobs/1`, ({ progress }) => progress !== null && progress.done > 5)
        yield* first.kill("SIGKILL")
        yield* first.exitCode

        const second = yield* start(worker, env)
        yield* jobThat(`${url}/jobs/1`, ({ attempts }) => attempts.length === 2)
        // Stopped as it should be, a worker gives its job back: nobody waits for the lease.
        yield* second.kill("SIGTERM")
        assert.strictEqual(yield* second.exitCode, 0, second.stderr())
        assert.strictEqual(decodeJob((yield* ask(`${url}/jobs/1`)).json).state, "queued")

        const third = yield* start(worker, env)
        const job = yield* jobThat(`${url}/jobs/1`, ({ endedAt }) => endedAt !== null)
        assert.strictEqual(job.state, "succeeded", job.error ?? "")
        assert.deepStrictEqual(job.attempts.map(({ outcome }) => outcome), ["lost", "released", "succeeded"])
        assert.strictEqual(new Set(job.attempts.map(({ worker }) => worker)).size, 3)
        const { discovered, failed, gone, scraped, unchanged } = job.result!
        assert.strictEqual(scraped + unchanged + gone, discovered)
        assert.deepStrictEqual(failed, [])
        // What the first had stored was not read again.
        assert.isAbove(unchanged, 5)
        const [stored] = yield* rows<{ count: number }>(
          database.url,
          "SELECT count(DISTINCT wordpress_id)::integer AS count FROM posts"
        )
        assert.strictEqual(stored?.count, discovered - gone)

        for (const process of [third, service]) {
          yield* process.kill("SIGTERM")
          assert.strictEqual(yield* process.exitCode, 0, process.stderr())
        }
        const spans = received(receiver)
        assert.deepStrictEqual(Conventions.check(spans), [])
        const [lost, released, succeeded] = job.attempts.map(({ traceId }) => traceId ?? undefined)
        // The first died with its process; what it had done by then is there.
        assert.isTrue(spans.some((span) => span.traceId === lost && span.name === "begin_run"))
        const attempts = spans.filter((span) => span.name === "process scrape_jobs")
        assert.deepStrictEqual(attempts.map(({ traceId }) => traceId), [released, succeeded])
        const send = spans.find((span) => span.name === "send scrape_jobs")!
        for (const attempt of attempts) {
          assert.isTrue(leadsTo(linksOf(attempt, "message")[0], send))
          assert.strictEqual(attempt.attributes.get("correlation.id"), "killed-1")
        }
        assert.deepStrictEqual(
          attempts.map((attempt) =>
            linksOf(attempt, "attempt").map(({ attributes, traceId }) =>
              `${String(attributes?.get("job.attempt"))} ${traceId}`
            )
          ),
          [[`1 ${lost}`], [`1 ${lost}`, `2 ${released}`]]
        )
        const began = spans.find((span) => span.traceId === lost && span.name === "begin_run")
        assert.strictEqual(linksOf(attempts[0]!, "attempt")[0]?.spanId, began?.parentSpanId)
        assert.strictEqual(attempts[0]?.attributes.get("effect.fiber.interrupted"), true)
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "stops within seconds when its job is cancelled, and its attempt is linked to who asked for it",
    () =>
      Effect.gen(function*() {
        const receiver = yield* makeOtlpReceiver()
        const site = yield* slowSite
        const service = yield* start([], { TRACING_OTLP_ENDPOINT: receiver.url })
        const { url } = yield* ready(service)
        const body = `{"url":"${site.url}"}`
        yield* post(`${url}/jobs`, body)
        yield* jobThat(`${url}/jobs/1`, ({ progress }) => progress !== null && progress.done > 0)
        // One job a site at a time, whoever has time for it.
        yield* post(`${url}/jobs`, body)
        const cancelled = yield* post(`${url}/jobs/1/cancel`, "")
        assert.deepInclude(cancelled.json, { state: "running", cancelRequested: true })
        assert.strictEqual(decodeJob((yield* ask(`${url}/jobs/2`)).json).state, "queued")
        const job = yield* jobThat(`${url}/jobs/1`, ({ endedAt }) => endedAt !== null)
        assert.strictEqual(job.state, "cancelled")
        assert.deepStrictEqual(job.attempts.map(({ outcome }) => outcome), ["cancelled"])
        yield* jobThat(`${url}/jobs/2`, ({ state }) => state === "running")
        // The job under way is given back, and the process ends well.
        yield* service.kill("SIGINT")
        assert.strictEqual(yield* service.exitCode, 0, service.stderr())
        assert.match(service.stderr(), /none was lost/u)

        const spans = received(receiver)
        const attempt = spans.find((span) => span.traceId === job.attempts[0]?.traceId && !span.hasParent)!
        assert.strictEqual(attempt.statusCode, "unset")
        assert.strictEqual(attempt.attributes.get("job.outcome"), "cancelled")
        const request = spans.find((span) => span.name === "POST /jobs/:id/cancel")!
        assert.isTrue(leadsTo(linksOf(attempt, "cancel")[0], request))
        assert.strictEqual(request.attributes.get("job.id"), 1)
      }).pipe(Effect.scoped),
    120_000
  )
})

describe("npm run example:api", () => {
  it.live("says in one line what cannot be", () =>
    Effect.gen(function*() {
      const wrong: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
        [["--port", "99999"], /--port/u],
        [["--workers", "-1"], /--workers/u],
        [["worker"], /--database-url/u],
        [["worker", "--database-url", "nonsense"], /postgres:\/\//u],
        [["worker", "--database-url", "postgres://me:secret@127.0.0.1:9/blog"], /Cannot use the database/u],
        [["--database-url", "mysql://here"], /postgres:\/\//u]
      ]
      yield* Effect.forEach(wrong, ([args, message]) =>
        Effect.gen(function*() {
          const child = yield* start(args, { TRACING_EXIT_REPORT: "loss" })
          assert.strictEqual(yield* child.exitCode, 2, child.stderr())
          const lines = child.stderr().trimEnd().split("\n").filter((line) => !line.startsWith("timestamp="))
          assert.strictEqual(lines.length, 1, child.stderr())
          assert.match(lines[0]!, message)
          assert.notInclude(child.stderr(), "secret")
        }), { concurrency: 2, discard: true })
      const help = yield* start(["--help"])
      assert.strictEqual(yield* help.exitCode, 0)
      for (const option of ["--port", "--database-url", "--workers", "--lease", "worker"]) {
        assert.include(help.stdout(), option)
      }
    }).pipe(Effect.scoped), 180_000)
})
