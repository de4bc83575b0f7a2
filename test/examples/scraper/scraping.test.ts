import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { RecordedSpans } from "effect-tracing/testing"
import { createServer } from "node:http"
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { embeddedPostgres } from "../../../examples/wordpress-scraper/embedded/postgres.ts"
import type { SiteOptions } from "../../../examples/wordpress-scraper/site/index.ts"
import { serve } from "../../../examples/wordpress-scraper/site/index.ts"
import { rows } from "./database.ts"
import { recorded, scrapeSite } from "./scraping.ts"

interface Stored {
  readonly wordpress_id: number
  readonly title: string
  readonly author: string | null
  readonly html: string
  readonly protected: boolean
  readonly published_at: Date | null
  readonly categories: ReadonlyArray<{ readonly name: string }>
  readonly trace_id: string
}

const stored = (databaseUrl: string) =>
  rows<Stored>(databaseUrl, "SELECT *, wordpress_id::float8 AS wordpress_id FROM posts ORDER BY posts.wordpress_id")

const both = Effect.fnUntraced(function*(options: SiteOptions) {
  const site = yield* serve(options)
  const database = yield* embeddedPostgres
  return { site, database }
})

/** A site is scraped whole, and again without anything new. */
const scrapesWhole = (name: string, options: SiteOptions) =>
  it.live(name, () =>
    Effect.gen(function*() {
      const { database, site } = yield* both(options)
      const first = yield* scrapeSite(site.url, database.url)
      assert.deepStrictEqual(first.failures, [])
      assert.strictEqual(first.done, first.discovered)
      const posts = yield* stored(database.url)
      assert.strictEqual(posts.length, first.scraped)
      assert.strictEqual(new Set(posts.map((post) => post.wordpress_id)).size, posts.length)

      const second = yield* scrapeSite(site.url, database.url)
      assert.deepStrictEqual(second.failures, [])
      assert.strictEqual(second.scraped, 0)
      assert.strictEqual(second.unchanged + second.gone, second.discovered)
      assert.deepStrictEqual(yield* stored(database.url), posts)
    }).pipe(Effect.scoped), 60_000)

describe("the scraper", () => {
  scrapesWhole("scrapes a site without troubles", { faults: "none" })
  scrapesWhole("scrapes a site in a folder", { faults: "none", subdirectory: "/blog" })
  scrapesWhole("scrapes a site with plain permalinks", { faults: "none", permalinks: "plain" })
  scrapesWhole("scrapes a site whose REST API answers 401", { faults: "none", rest: "closed-401" })
  scrapesWhole("scrapes a site without a REST API", { faults: "none", rest: "closed-404" })
  scrapesWhole("scrapes a site without a REST API, with plain permalinks, in a folder", {
    faults: "none",
    rest: "closed-404",
    permalinks: "plain",
    subdirectory: "/blog"
  })

  it.live("gets everything out of a hostile site, whatever goes wrong", () =>
    Effect.gen(function*() {
      const { database, site } = yield* both({ faults: "hostile" })
      const tally = yield* scrapeSite(site.url, database.url)
      assert.deepStrictEqual(tally.failures, [])
      assert.strictEqual(tally.gone, 1)
      assert.strictEqual(tally.done, tally.discovered)
      const posts = yield* stored(database.url)
      const titles = posts.map((post) => post.title)
      assert.include(titles, "0")
      assert.include(titles, "")
      assert.isTrue(posts.some((post) => post.published_at !== null && post.published_at.getTime() < 0))
      assert.isTrue(posts.some((post) => post.protected && post.html === ""))
      for (const title of titles) assert.notMatch(title, /&(?:amp|#\d+|[a-z]+);/u)
      for (const post of posts) assert.match(post.trace_id, /^[\da-f]{32}$/u)
    }).pipe(Effect.scoped), 60_000)

  it.live("gets everything out of a hostile site's HTML", () =>
    Effect.gen(function*() {
      const { database, site } = yield* both({ faults: "hostile", rest: "closed-401" })
      const tally = yield* scrapeSite(site.url, database.url)
      assert.deepStrictEqual(tally.failures, [])
      assert.strictEqual(tally.gone, 1)
      assert.strictEqual(tally.done, tally.discovered)
    }).pipe(Effect.scoped), 60_000)

  it.live("stores the same item once whether it was read by the REST API or as HTML", () =>
    Effect.gen(function*() {
      const { database, site } = yield* both({ faults: "none" })
      yield* scrapeSite(site.url, database.url)
      const before = yield* stored(database.url)
      const port = Number(new URL(site.url).port)
      yield* Effect.scoped(Effect.gen(function*() {
        const closed = yield* serve({ faults: "none", rest: "closed-404" })
        // Another port is another site: the database is told that it is the same.
        yield* rows(
          database.url,
          `UPDATE posts SET site = '127.0.0.1:${new URL(closed.url).port}' WHERE site = '127.0.0.1:${port}'`
        )
        const tally = yield* scrapeSite(closed.url, database.url)
        assert.deepStrictEqual(tally.failures, [])
      }))
      const after = yield* stored(database.url)
      assert.deepStrictEqual(after.map((post) => post.wordpress_id), before.map((post) => post.wordpress_id))
    }).pipe(Effect.scoped), 60_000)

  it.live("keeps what an item was before it changed, and marks what was deleted", () =>
    Effect.gen(function*() {
      const { database, site } = yield* both({ faults: "none" })
      yield* scrapeSite(site.url, database.url)
      // As if the last run had found another title, and an item that is not there any more.
      yield* rows(database.url, "UPDATE posts SET title = 'Before', content_hash = 'before' WHERE id = 1")
      yield* rows(
        database.url,
        "UPDATE posts SET key = 'wp:99999', path = 'no-more', wordpress_id = 99999, url = url || 'no-more' WHERE id = 2"
      )
      const tally = yield* scrapeSite(site.url, database.url)
      assert.strictEqual(tally.scraped, 2)
      assert.strictEqual(tally.deleted, 1)
      assert.strictEqual(tally.done, tally.discovered)
      assert.deepStrictEqual(
        yield* rows(database.url, "SELECT post_id::integer AS id, revision, title FROM post_revisions"),
        [{ id: 1, revision: 1, title: "Before" }]
      )
      assert.deepStrictEqual(
        yield* rows(database.url, "SELECT revision, title <> 'Before' AS changed FROM posts WHERE id = 1"),
        [{ revision: 2, changed: true }]
      )
      assert.deepStrictEqual(
        yield* rows(database.url, "SELECT id::integer AS id FROM posts WHERE deleted_at IS NOT NULL"),
        [{ id: 2 }]
      )
      const third = yield* scrapeSite(site.url, database.url)
      assert.strictEqual(third.unchanged, third.discovered)
      assert.strictEqual(third.deleted, 0)
    }).pipe(Effect.scoped), 60_000)

  it.live("knows an item again that was stored by its address alone", () =>
    Effect.gen(function*() {
      const { database, site } = yield* both({ faults: "none" })
      yield* scrapeSite(site.url, database.url)
      yield* rows(database.url, "UPDATE posts SET key = 'path:' || path, wordpress_id = NULL WHERE id = 1")
      // Not listed, and not there either.
      yield* rows(
        database.url,
        "UPDATE posts SET key = 'path:x', path = 'x', wordpress_id = NULL, url = 'http://127.0.0.1/x' WHERE id = 2"
      )
      const tally = yield* scrapeSite(site.url, database.url)
      assert.deepStrictEqual(tally.failures, [])
      assert.deepStrictEqual([tally.scraped, tally.deleted], [1, 1])
      assert.deepStrictEqual(
        yield* rows(database.url, "SELECT count(*)::integer AS count FROM posts WHERE wordpress_id IS NULL"),
        [{ count: 1 }]
      )
    }).pipe(Effect.scoped), 60_000)

  it.live("scrapes no more than the limit, and then the rest", () =>
    Effect.gen(function*() {
      const { database, site } = yield* both({ faults: "none" })
      const few = yield* scrapeSite(site.url, database.url, { limit: 5 })
      assert.strictEqual(few.discovered, 5)
      assert.strictEqual(few.scraped, 5)
      const all = yield* scrapeSite(site.url, database.url)
      assert.strictEqual(all.unchanged, 5)
      assert.strictEqual(all.deleted, 0)
    }).pipe(Effect.scoped), 60_000)

  it.live("keeps to the Crawl-delay of robots.txt", () =>
    Effect.gen(function*() {
      const { database, site } = yield* both({ faults: "none", crawlDelaySeconds: 0.2 })
      yield* scrapeSite(site.url, database.url, { limit: 3 })
      const served = yield* site.served
      assert.match(served[0]!.path, /robots\.txt$/u)
      const waits = served.slice(2).map((request, index) => request.at - served[index + 1]!.at)
      for (const wait of waits) assert.isAtLeast(wait, 150)
    }).pipe(Effect.scoped), 60_000)

  it.live("says which host is no WordPress, and which does not answer", () =>
    Effect.gen(function*() {
      const database = yield* embeddedPostgres
      const other = yield* Effect.acquireRelease(
        Effect.callback<Server>((resume) => {
          const server = createServer((_, response) => response.end("<html><body>Hello</body></html>"))
          server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
        }),
        (server) => Effect.sync(() => server.close())
      )
      const { port } = other.address() as AddressInfo
      const none = yield* Effect.flip(scrapeSite(`http://127.0.0.1:${port}/`, database.url))
      assert.match(none.message, /No WordPress found/u)
      const down = yield* Effect.flip(scrapeSite("http://127.0.0.1:9/", database.url))
      assert.match(down.message, /Cannot reach http:\/\/127\.0\.0\.1:9\//u)
    }).pipe(Effect.scoped), 60_000)

  it.live("traces the run and each item by itself", () =>
    Effect.gen(function*() {
      const { database, site } = yield* both({ faults: "none" })
      yield* scrapeSite(site.url, database.url, { limit: 2, concurrency: 1 })
      const spans = (yield* (yield* RecordedSpans).all).filter((span) => span.kind !== "server")
      const run = spans.find((span) => span.name === "scrape run")!
      const children = (parent: string) =>
        spans.filter((span) => span.parentSpanId === parent).toSorted((a, b) => Number(a.startTime - b.startTime))
      const names = children(run.spanId).map((span) => span.name)
      assert.include(names, "discover")
      const items = spans.filter((span) => span.name === "scrape_wordpress_post")
      assert.strictEqual(items.length, 2)
      for (const item of items) {
        assert.isFalse(item.hasParent)
        assert.deepStrictEqual(item.links.map((link) => [link.traceId, link.spanId]), [[run.traceId, run.spanId]])
        assert.strictEqual(item.statusCode, "unset")
        assert.strictEqual(item.attributes.get("scraper.outcome"), "scraped")
        assert.strictEqual(item.attributes.get("scraper.attempts"), 1)
        const [get, transaction] = children(item.spanId)
        assert.strictEqual(get?.name, "GET")
        assert.strictEqual(get?.kind, "client")
        assert.deepStrictEqual(children(transaction!.spanId).map((span) => [span.name, span.kind]), [
          ["SELECT posts", "client"],
          ["INSERT posts", "client"],
          ["UPDATE scrape_items", "client"]
        ])
      }
    }).pipe(Effect.scoped, Effect.provide(recorded)), 60_000)
})
