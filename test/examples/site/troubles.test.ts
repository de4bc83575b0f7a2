import { assert, describe, it } from "@effect/vitest"
import type { Exit } from "effect"
import { Effect, Tracer } from "effect"
import type { Content } from "../../../examples/wordpress-scraper/site/index.ts"
import { presets, serve } from "../../../examples/wordpress-scraper/site/index.ts"
import { calm, get, object, objects } from "./support.ts"

const demo = serve({ latencyMillis: [0, 0] })

const attempts = (url: string, count: number) =>
  Effect.forEach(
    Array.from({ length: count }),
    () => Effect.match(get(url), { onFailure: () => "cut off" as const, onSuccess: (seen) => seen.status })
  )

const route = (content: Content, trouble: keyof Content["victims"]): string =>
  `/wp-json/wp/v2/posts/${content.victims[trouble]}`

describe("the demo's troubles", () => {
  it.live("befall each post as often as they should, in the REST API and on its page", () =>
    Effect.gen(function*() {
      const site = yield* demo
      const at = (trouble: keyof Content["victims"]) => `${site.url}${route(site.content, trouble)}`
      const page = (trouble: keyof Content["victims"]) =>
        Effect.map(get(`${site.url}/?p=${site.content.victims[trouble]}`), (seen) => seen.headers.get("location") ?? "")
      assert.deepEqual(yield* attempts(at("heals"), 3), [500, 200, 200])
      assert.deepEqual(yield* attempts(at("limited"), 3), [429, 200, 200])
      assert.deepEqual(yield* attempts(at("truncated"), 3), ["cut off", 200, 200])
      assert.deepEqual(yield* attempts(at("deleted"), 2), [404, 404])
      assert.deepEqual(yield* attempts(at("moved"), 2), [301, 301])
      assert.deepEqual(yield* attempts(`${at("moved")}/`, 1), [200])
      assert.deepEqual(yield* attempts(yield* page("heals"), 2), [500, 200])
      assert.deepEqual(yield* attempts(yield* page("limited"), 2), [429, 200])
      assert.deepEqual(yield* attempts(yield* page("truncated"), 2), ["cut off", 200])
      assert.deepEqual(yield* attempts(yield* page("deleted"), 2), [410, 410])
    }))

  it.live("say when to come back", () =>
    Effect.gen(function*() {
      const site = yield* demo
      const seen = yield* get(`${site.url}${route(site.content, "limited")}`)
      assert.strictEqual(seen.headers.get("retry-after"), "1")
    }))

  it.live("put a byte order mark and a PHP notice in front of JSON once", () =>
    Effect.gen(function*() {
      const site = yield* demo
      const start = (trouble: keyof Content["victims"]) =>
        Effect.tryPromise(async () => {
          const response = await fetch(`${site.url}${route(site.content, trouble)}`)
          return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer()).slice(0, 13)
        })
      assert.strictEqual((yield* start("byteOrderMark")).slice(0, 2), "\ufeff{")
      assert.strictEqual((yield* start("byteOrderMark")).slice(0, 1), "{")
      assert.strictEqual(yield* start("notice"), "<br />\n<b>Not")
      assert.strictEqual((yield* start("notice")).slice(0, 1), "{")
    }))

  it.live("list a post that is gone, and count one that nobody can read", () =>
    Effect.gen(function*() {
      const site = yield* demo
      const seen = yield* get(`${site.url}/wp-json/wp/v2/posts?per_page=100&_fields=id`)
      const ids = objects(seen).map(({ id }) => id)
      assert.strictEqual(seen.headers.get("x-wp-total"), "61")
      assert.strictEqual(ids.length, 60)
      assert.include(ids, site.content.victims.deleted)
    }))

  it.live("leave an empty title, a title 0, a title of entities, a date of 1958 and three posts of one second", () =>
    Effect.gen(function*() {
      const site = yield* demo
      const posts = objects(yield* get(`${site.url}/wp-json/wp/v2/posts?per_page=100&_fields=title,date_gmt`))
      const titles = posts.map(({ title }) => String(Object(title).rendered))
      const dates = posts.map(({ date_gmt }) => String(date_gmt))
      assert.include(titles, "")
      assert.include(titles, "0")
      assert.include(titles, "Don&#8217;t touch that limit screw &#8211; yet")
      assert.include(dates, "1958-06-14T09:05:12")
      assert.strictEqual(dates.length - new Set(dates).size, 2)
    }))

  it.live("keep a protected post's text to themselves", () =>
    Effect.gen(function*() {
      const site = yield* demo
      const post = site.content.posts.find(({ password }) => password)
      const seen = object(yield* get(`${site.url}/wp-json/wp/v2/posts/${post?.id}`))
      assert.deepEqual(seen["content"], { rendered: "", protected: true })
    }))

  it.live("change one post's content with every view, and no other's", () =>
    Effect.gen(function*() {
      const site = yield* demo
      const content = (id: number | undefined) =>
        Effect.map(get(`${site.url}/wp-json/wp/v2/posts/${id}`), (seen) => Object(object(seen)["content"]).rendered)
      const nonce = site.content.victims.nonce
      const [listed] = objects(yield* get(`${site.url}/wp-json/wp/v2/posts?include=${nonce}`))
      const views = [Object(listed?.["content"]).rendered, yield* content(nonce), yield* content(nonce)]
      assert.strictEqual(new Set(views).size, 3)
      const other = site.content.posts[0]?.id
      assert.strictEqual(yield* content(other), yield* content(other))
    }))

  it.live("start anew with every site, and can be switched one by one", () =>
    Effect.gen(function*() {
      const first = yield* demo
      const second = yield* demo
      assert.deepEqual(yield* attempts(`${first.url}${route(first.content, "heals")}`, 1), [500])
      assert.deepEqual(yield* attempts(`${second.url}${route(second.content, "heals")}`, 1), [500])
      const healed = yield* serve({ latencyMillis: [0, 0], troubles: { heals: false } })
      assert.deepEqual(yield* attempts(`${healed.url}${route(healed.content, "heals")}`, 1), [200])
    }))

  it.live("never change how many posts and pages are published", () =>
    Effect.gen(function*() {
      for (const faults of ["none", "demo", "hostile"] as const) {
        const site = yield* serve({ faults })
        const published = site.content.posts.filter(({ status }) => status === "publish")
        assert.strictEqual(published.length, 68, faults)
      }
    }))
})

describe("a hostile site's troubles", () => {
  it.live("publish while the listing is read, so that it shifts", () =>
    Effect.gen(function*() {
      const site = yield* calm({ troubles: { shifting: true } })
      const ids = (page: number) =>
        Effect.map(get(`${site.url}/wp-json/wp/v2/posts?_fields=id&page=${page}`), (seen) =>
          objects(seen).map(({ id }) => id))
      const first = yield* ids(1)
      const second = yield* ids(2)
      assert.strictEqual(second[0], first[9])
    }))

  it.live("order posts of one second differently with every listing", () =>
    Effect.gen(function*() {
      const site = yield* calm({ troubles: { restless: true, oddDates: true } })
      const orders = new Set<string>()
      for (let round = 0; round < 12; round++) {
        orders.add((yield* get(`${site.url}/wp-json/wp/v2/posts?per_page=100&_fields=id`)).text)
      }
      assert.isAbove(orders.size, 1)
    }))

  it.live("drip, swell, mislabel and compress", () =>
    Effect.gen(function*() {
      const site = yield* calm({ troubles: { slow: true, huge: true, mislabelled: true, gzip: true } })
      const at = (trouble: keyof Content["victims"]) => `${site.url}${route(site.content, trouble)}`
      const mislabelled = yield* get(at("mislabelled"))
      assert.strictEqual(mislabelled.headers.get("content-type"), "text/html; charset=UTF-8")
      assert.strictEqual(object(mislabelled)["id"], site.content.victims.mislabelled)
      const huge = site.content.posts.find(({ slug }) => slug === "inventory-of-sounds")
      const swollen = yield* get(`${site.url}/wp-json/wp/v2/posts/${huge?.id}`)
      assert.isAbove(swollen.text.length, 3_000_000)
      assert.strictEqual(swollen.headers.get("content-encoding"), "gzip")
      assert.strictEqual(object(yield* get(at("slow")))["id"], site.content.victims.slow)
    }))
})

describe("a running site", () => {
  it.live("remembers what it was asked, in order, with the trace context", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      yield* get(`${site.url}/wp-json/`, { traceparent })
      yield* get(`${site.url}/nothing?here`)
      const served = yield* site.served
      assert.deepEqual(served.map(({ method, path, status, traceparent }) => ({ method, path, status, traceparent })), [
        { method: "GET", path: "/wp-json/", status: 200, traceparent },
        { method: "GET", path: "/nothing?here", status: 404, traceparent: undefined }
      ])
    }))

  it.live("names the route of each request on its server span, with nothing but the program's own tracer", () =>
    Effect.gen(function*() {
      const routes: Array<unknown> = []
      class NotingSpan extends Tracer.NativeSpan {
        override end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
          super.end(endTime, exit)
          routes.push(this.attributes.get("http.route"))
        }
      }
      const tracer = Tracer.make({ span: (options) => new NotingSpan(options) })
      const site = yield* calm().pipe(Effect.withTracer(tracer))
      for (const path of ["/wp-json/wp/v2/posts?page=2", "/wp-json/wp/v2/posts/1", "/2024/03/x/", "/", "/a/b/c/d"]) {
        yield* get(`${site.url}${path}`)
      }
      assert.deepEqual(routes, [
        "/wp-json/wp/v2/posts",
        "/wp-json/wp/v2/posts/:id",
        "/:year/:month/:slug",
        "/",
        undefined
      ])
    }))

  it.live("is gone when its scope closes, even in the middle of a slow answer", () =>
    Effect.gen(function*() {
      const url = yield* Effect.scoped(Effect.gen(function*() {
        const site = yield* calm({ troubles: { slow: true } })
        yield* Effect.forkDetach(Effect.ignore(get(`${site.url}${route(site.content, "slow")}`)))
        yield* Effect.sleep("150 millis")
        return site.url
      }))
      assert.strictEqual(
        yield* Effect.match(get(url), { onFailure: () => "refused", onSuccess: () => "answered" }),
        "refused"
      )
    }))

  it("has a calm, a messy and a hostile preset, each with more troubles than the one before", () => {
    const count = (preset: keyof typeof presets) => Object.values(presets[preset]).filter(Boolean).length
    assert.strictEqual(count("none"), 0)
    assert.isAbove(count("demo"), 10)
    assert.isAbove(count("hostile"), count("demo"))
  })
})
