import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { embeddedPostgres } from "../../../examples/wordpress-scraper/embedded/postgres.ts"
import { serve } from "../../../examples/wordpress-scraper/site/index.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { rows } from "./database.ts"
import { resultOf, runDemo, startDemo } from "./demo.ts"
import { tinyBlog } from "./tinyBlog.ts"

const counted = (result: ReturnType<typeof resultOf>): number =>
  result.scraped + result.unchanged + result.gone + result.failed.length

describe("npm run demo", () => {
  it.live("scrapes the embedded site, says so in JSON, and exports its spans", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const finished = yield* runDemo(["--json"], { TRACING_OTLP_ENDPOINT: receiver.url })
      assert.strictEqual(finished.code, 0, finished.stderr)
      const result = resultOf(finished)
      assert.isAbove(result.discovered, 60)
      assert.strictEqual(counted(result), result.discovered)
      assert.deepStrictEqual(result.failed, [])
      assert.match(finished.stderr, /scrape_wordpress_post/u)

      const { spans } = receiver
      const run = spans.find((span) => span.name === "scrape run")
      assert.strictEqual(run?.traceId, result.runTraceId)
      const items = spans.filter((span) => /^scrape_wordpress_(?:post|page)$/u.test(span.name))
      assert.strictEqual(items.length, result.discovered)
      assert.strictEqual(new Set(items.map((span) => span.traceId)).size, items.length)
      for (const item of items) {
        assert.isTrue(item.links.some((link) => link.traceId === run?.traceId && link.spanId === run.spanId))
      }
    }).pipe(Effect.scoped), 120_000)

  it.live(
    "ends 130 after SIGINT, keeps what it has and goes on the next time; so it does after kill -9",
    () =>
      Effect.gen(function*() {
        const receiver = yield* makeOtlpReceiver()
        const site = yield* serve({ faults: "none", latencyMillis: [60, 80], troubles: { latency: true } })
        const database = yield* embeddedPostgres
        const args = ["--url", site.url, "--database-url", database.url, "--json", "--concurrency", "2"]
        const env = { TRACING_OTLP_ENDPOINT: receiver.url }
        const stored = () =>
          rows<{ count: number; ids: number }>(
            database.url,
            "SELECT count(*)::integer AS count, count(DISTINCT wordpress_id)::integer AS ids FROM posts"
          )

        const first = yield* startDemo(args, env)
        yield* first.shows(/[12]\d of \d+/u)
        yield* first.kill("SIGINT")
        const interrupted = yield* first.finished
        assert.strictEqual(interrupted.code, 130, interrupted.stderr)
        assert.isBelow(interrupted.endedAfterMillis, 5_000)
        assert.match(interrupted.stderr, /Interrupted/u)
        const [afterFirst] = yield* stored()
        assert.isAbove(afterFirst!.count, 0)
        assert.isTrue(receiver.spans.some((span) => span.name === "scrape run"))
        const exported = receiver.spans.filter((span) => span.name === "INSERT posts").length
        assert.strictEqual(exported, afterFirst!.count)

        const second = yield* startDemo(args, env)
        yield* second.shows(/[45]\d of \d+/u)
        yield* second.kill("SIGKILL")
        yield* second.finished
        const [afterSecond] = yield* stored()
        assert.isAbove(afterSecond!.count, afterFirst!.count)

        const third = yield* runDemo(args, env)
        assert.strictEqual(third.code, 0, third.stderr)
        const result = resultOf(third)
        assert.strictEqual(counted(result), result.discovered)
        assert.isAtLeast(result.unchanged, afterSecond!.count)
        const [afterThird] = yield* stored()
        assert.deepStrictEqual(afterThird, { count: result.discovered, ids: result.discovered })

        const fourth = resultOf(yield* runDemo(args, env))
        assert.strictEqual(fourth.unchanged, fourth.discovered)
      }).pipe(Effect.scoped),
    120_000
  )

  it.live("ends 1 and names what failed and why; once it heals, the next run has all", () =>
    Effect.gen(function*() {
      const database = yield* embeddedPostgres
      const blog = yield* tinyBlog
      const args = ["--url", blog.url, "--database-url", database.url, "--json"]
      const finished = yield* runDemo(args)
      assert.strictEqual(finished.code, 1, finished.stderr)
      const { discovered, failed, gone, scraped } = resultOf(finished)
      assert.deepStrictEqual({ discovered, scraped, gone }, { discovered: 3, scraped: 2, gone: 0 })
      assert.deepStrictEqual(failed.map((failure) => failure.url), [`${blog.url}two/`])
      assert.match(failed[0]!.reason, /500/u)
      assert.include(finished.stderr, `${blog.url}two/`)

      blog.heal()
      const again = yield* runDemo(args)
      assert.strictEqual(again.code, 0, again.stderr)
      const second = resultOf(again)
      assert.deepStrictEqual([second.failed, second.scraped, second.unchanged], [[], 1, 2])
    }).pipe(Effect.scoped), 60_000)

  it.live("runs the same with tracing off", () =>
    Effect.gen(function*() {
      const finished = yield* runDemo(["--json", "--limit", "3"], { TRACING_ENABLED: "false" })
      assert.strictEqual(finished.code, 0, finished.stderr)
      assert.strictEqual(resultOf(finished).scraped, 3)
      assert.include(finished.stderr, "tracing is off")
    }), 60_000)

  it.live("ends within five seconds of SIGINT also when the collector hangs", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.react(...Array.from({ length: 100 }, () => ({ _tag: "hang" }) as const))
      const demo = yield* startDemo([], { TRACING_OTLP_ENDPOINT: receiver.url })
      yield* demo.shows(/\d of \d+/u)
      yield* demo.kill("SIGINT")
      const finished = yield* demo.finished
      assert.strictEqual(finished.code, 130)
      assert.isBelow(finished.endedAfterMillis, 5_000)
    }).pipe(Effect.scoped), 60_000)

  it.live(
    "ends 2 with one message for settings, usage, site and database that cannot be used",
    () =>
      Effect.gen(function*() {
        const settings = yield* runDemo([], { TRACING_SAMPLING_RATE: "abc", TRACING_ENABLED: "maybe" })
        assert.strictEqual(settings.code, 2)
        for (const part of ["TRACING_SAMPLING_RATE", "abc", "TRACING_ENABLED", "maybe"]) {
          assert.include(settings.stderr, part)
        }
        assert.notMatch(settings.stderr, /^\s+at /mu)

        const wrong: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
          [["--limit", "-1"], /--limit.*-1/u],
          [["--bogus"], /--bogus/u],
          [["--url", "ftp://blog.example"], /--url/u],
          [["--database-url", "mysql://here/there"], /postgres:\/\//u],
          [["--database-url", "postgres://me:secret@127.0.0.1:9/blog"], /Cannot use the database/u]
        ]
        yield* Effect.forEach(wrong, ([args, message]) =>
          Effect.map(runDemo(args), (finished) => {
            assert.strictEqual(finished.code, 2, finished.stderr)
            assert.match(finished.stderr, message)
            assert.strictEqual(finished.stderr.trimEnd().split("\n").length, 1, finished.stderr)
            assert.notInclude(finished.stderr, "secret")
          }), { concurrency: 2, discard: true })
      }),
    120_000
  )
})
