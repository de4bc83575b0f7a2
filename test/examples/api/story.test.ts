import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Conventions } from "effect-tracing/conventions"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { start } from "./child.ts"
import { ask, decodeJob, jobThat, post, ready } from "./client.ts"
import { below, leadsTo, linksOf, received, treeOf } from "./spans.ts"

/** The lines to try, as they are printed. */
const curls = (stdout: string) => Array.from(stdout.matchAll(/^ {2}curl (.+)$/gmu), ([, line = ""]) => line)

describe("npm run example:api", () => {
  it.live(
    "does what its curl lines say, and tells one story of the job in linked traces",
    () =>
      Effect.gen(function*() {
        const receiver = yield* makeOtlpReceiver()
        const service = yield* start([], { TRACING_OTLP_ENDPOINT: receiver.url })
        const { siteUrl, url } = yield* ready(service)
        const [submit = "", read = "", overview = ""] = curls(service.stdout())

        const [, submitUrl = "", body = ""] = /^-i (\S+) --json '(.+)'$/u.exec(submit) ?? []
        const correlationId = "story-1"
        const submitted = yield* post(submitUrl, body, { "x-correlation-id": correlationId })
        assert.strictEqual(submitted.status, 202, submitted.text)
        assert.strictEqual(submitted.headers.get("x-correlation-id"), correlationId)
        assert.strictEqual(submitted.headers.get("location"), "/jobs/1")
        const job = decodeJob(submitted.json)
        assert.strictEqual(job.url, siteUrl)
        // A worker may have taken it already.
        assert.include(["queued", "running"], job.state)
        assert.strictEqual(job.correlationId, correlationId)
        assert.strictEqual(job.traceId, submitted.headers.get("x-trace-id"))

        const [, readUrl = ""] = /^-s (\S+)$/u.exec(read) ?? []
        const done = yield* jobThat(readUrl, ({ endedAt }) => endedAt !== null)
        assert.strictEqual(done.state, "succeeded")
        assert.deepInclude(done.result, { discovered: 12, scraped: 12, unchanged: 0, gone: 0, failed: [] })
        assert.strictEqual(done.attempts.length, 1)

        const [, overviewUrl = ""] = /^-s (\S+)$/u.exec(overview) ?? []
        const { json } = yield* ask(overviewUrl)
        assert.deepInclude(json, { status: "healthy" })
        assert.include(JSON.stringify(json), "process scrape_jobs")
        const metrics = yield* ask(`${url}/metrics`)
        assert.match(metrics.text, /^http_server_request_duration_seconds_count\{.*http_route="\/jobs".*\} 1$/mu)

        yield* service.shows(/Job 1, attempt 1: succeeded[\s\S]+its 12 posts and pages/u)
        assert.include(service.stdout(), `↗ the request that submitted it: trace ${job.traceId}`)
        yield* service.kill("SIGINT")
        assert.strictEqual(yield* service.exitCode, 0, service.stderr())

        const spans = received(receiver)
        assert.include(
          service.stderr(),
          `Tracing: of ${spans.length} spans ${spans.length} were exported, none was lost`
        )
        assert.deepStrictEqual(Conventions.check(spans), [])

        const request = spans.find((span) => span.traceId === job.traceId && !span.hasParent)!
        assert.deepStrictEqual(treeOf(spans, request), [
          "POST /jobs",
          "  send scrape_jobs",
          "    INSERT scrape_jobs",
          "  SELECT scrape_jobs SELECT scrape_job_attempts"
        ])
        const send = spans.find((span) => span.name === "send scrape_jobs")!
        assert.deepStrictEqual([send.kind, send.attributes.get("messaging.message.id")], ["producer", "1"])

        const attempt = spans.find((span) => span.traceId === done.attempts[0]?.traceId && !span.hasParent)!
        assert.deepStrictEqual([attempt.name, attempt.kind], ["process scrape_jobs", "consumer"])
        assert.isTrue(leadsTo(linksOf(attempt, "message")[0], send))
        for (const span of [send, attempt]) {
          assert.strictEqual(span.attributes.get("messaging.system"), "postgresql")
          assert.strictEqual(span.attributes.get("messaging.destination.name"), "scrape_jobs")
          assert.strictEqual(span.attributes.get("messaging.message.conversation_id"), correlationId)
        }
        const work = below(spans, attempt)
        for (
          const name of ["INSERT scrape_job_attempts", "discover", "list_wordpress_posts", "GET", "UPDATE scrape_jobs"]
        ) {
          assert.isTrue(work.some((span) => span.name === name), name)
        }

        const pages = spans.filter((span) => span.name.startsWith("scrape_wordpress_"))
        assert.strictEqual(pages.length, 12)
        assert.strictEqual(new Set(pages.map((span) => span.traceId)).size, 12)
        for (const page of pages) {
          assert.isTrue(leadsTo(linksOf(page, "run")[0], attempt))
          const tree = treeOf(spans, page)
          assert.include(tree, "  GET")
          assert.include(tree, "    INSERT posts")
        }

        const story = [request, attempt, ...pages].flatMap((root) => below(spans, root))
        assert.isAbove(story.length, 80)
        assert.deepStrictEqual(
          new Set(story.map((span) => span.attributes.get("correlation.id"))),
          new Set([correlationId])
        )
        const lines = service.stderr().split("\n").filter((line) => line.includes(`correlation_id=${correlationId}`))
        for (const [message, traceId] of [["Job 1 submitted", job.traceId], ["attempt 1 succeeded", attempt.traceId]]) {
          assert.isTrue(lines.some((line) => line.includes(message!) && line.includes(`trace_id=${traceId}`)), message!)
        }
      }).pipe(Effect.scoped),
    120_000
  )
})
