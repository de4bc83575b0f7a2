import { assert, describe, it } from "@effect/vitest"
import { load } from "cheerio"
import { Effect } from "effect"
import { XMLParser, XMLValidator } from "fast-xml-parser"
import robotsParser from "robots-parser"
import type { SiteOptions } from "../../../examples/wordpress-scraper/site/index.ts"
import { calm, get } from "./support.ts"

// Its declarations speak of a default export, which the CommonJS module itself is.
const parseRobots = robotsParser as unknown as typeof robotsParser.default

const parser = new XMLParser({ isArray: (name) => name === "sitemap" || name === "url" || name === "item" })

const xml = (address: string) =>
  Effect.map(get(address), (seen) => {
    assert.strictEqual(seen.status, 200, address)
    assert.isTrue(XMLValidator.validate(seen.text))
    return parser.parse(seen.text)
  })

const listed = Effect.fnUntraced(function*(index: string) {
  const addresses: Array<string> = []
  for (const { loc } of (yield* xml(index)).sitemapindex.sitemap) {
    for (const url of (yield* xml(loc)).urlset.url) {
      addresses.push(url.loc)
    }
  }
  return addresses
})

describe("the pages", () => {
  it.live("show a post with its title, text, author, dates, terms, and metadata that agree", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const post = site.content.posts.find(({ slug }) => slug === "reading-a-tyre")
      assert.isDefined(post)
      const address = `${site.url}/2024/${String(post.at.getUTCMonth() + 1).padStart(2, "0")}/reading-a-tyre/`
      const seen = yield* get(address)
      const $ = load(seen.text)
      assert.strictEqual(seen.headers.get("link"), `<${site.url}/wp-json/>; rel="https://api.w.org/"`)
      assert.strictEqual($("article h1.entry-title").text(), "Reading a tyre")
      assert.isAbove($("article .entry-content p").length, 3)
      assert.strictEqual($("link[rel=canonical]").attr("href"), address)
      assert.strictEqual($("meta[property='og:url']").attr("content"), address)
      assert.strictEqual($("link[rel=shortlink]").attr("href"), `${site.url}/?p=${post.id}`)
      assert.strictEqual($("link[rel='https://api.w.org/']").attr("href"), `${site.url}/wp-json/`)
      const published = $("meta[property='article:published_time']").attr("content") ?? ""
      assert.strictEqual(Date.parse(published), post.at.getTime())
      const structured = JSON.parse($("script[type='application/ld+json']").text())
      assert.strictEqual(structured.headline, "Reading a tyre")
      assert.strictEqual(structured.datePublished, published)
      assert.strictEqual($(".cat-links a").text(), "Wheels & tyres")
      assert.strictEqual($(".byline .author").text(), structured.author.name)
    }))

  it.live("lead from the newest post to the oldest, each once", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const seen = new Set<string>()
      let next: string | undefined = `${site.url}/`
      while (next !== undefined) {
        const $ = load((yield* get(next)).text)
        $("article .entry-title a").each((_, link) => void seen.add($(link).attr("href") ?? ""))
        next = $("a.next.page-numbers").attr("href")
      }
      assert.strictEqual(seen.size, 60)
    }))

  it.live("redirect ids, missing slashes, former slugs and beginnings of slugs, and end in 404", () =>
    Effect.gen(function*() {
      const site = yield* calm({ troubles: { moved: true } })
      const target = (path: string) =>
        Effect.map(get(`${site.url}${path}`), (seen) => [
          seen.status,
          seen.headers.get("location")?.replace(site.url, "") ?? null
        ])
      const id = site.content.victims.moved
      const there = [301, "/2024/03/a-chain-tells-you-everything/"]
      assert.deepEqual(yield* target(`/?p=${id}`), there)
      assert.deepEqual(yield* target("/2024/03/a-chain-tells-you-everything"), there)
      assert.deepEqual(yield* target("/2024/03/a-chain-tells-everything/"), there)
      assert.deepEqual(yield* target("/2024/03/a-chain-tells/"), there)
      assert.deepEqual(yield* target("/category/wheels"), [301, "/category/wheels/"])
      assert.deepEqual(yield* target("/2024/03/nothing-of-the-kind/"), [404, null])
      assert.deepEqual(yield* target("/page/99/"), [404, null])
    }))

  it.live("ask for the password instead of showing a protected post", () =>
    Effect.gen(function*() {
      const site = yield* calm({ troubles: { password: true }, permalinks: "plain" })
      const post = site.content.posts.find(({ password }) => password)
      const $ = load((yield* get(`${site.url}/?p=${post?.id}`)).text)
      assert.strictEqual($("h1.entry-title").text(), "Protected: The price list for friends")
      assert.strictEqual($(".entry-content form.post-password-form").length, 1)
      assert.notInclude($("article").text(), "coffee")
    }))

  it.live("offer categories, authors, months, search, pictures, a feed and an icon", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      for (const path of ["/category/workshop/tools/", "/tag/spokes/", "/author/ilse/", "/2024/03/", "/?s=kettle"]) {
        assert.isAbove(load((yield* get(`${site.url}${path}`)).text)("article").length, 0, path)
      }
      const [medium] = site.content.media
      assert.strictEqual(
        (yield* get(`${site.url}/wp-content/uploads/${medium?.file}`)).headers.get("content-type"),
        "image/jpeg"
      )
      assert.strictEqual((yield* get(`${site.url}/favicon.ico`)).status, 200)
      assert.strictEqual((yield* xml(`${site.url}/feed/`)).rss.channel.item.length, 10)
    }))
})

describe("the sitemaps", () => {
  const arrangements: ReadonlyArray<SiteOptions> = [
    {},
    { permalinks: "plain" },
    { subdirectory: "blog" },
    { sitemapSize: 7 }
  ]
  for (const options of arrangements) {
    it.live(`list every post and page once, each of which is there: ${JSON.stringify(options)}`, () =>
      Effect.gen(function*() {
        const site = yield* calm(options)
        const index = options.permalinks === "plain" ? "/?sitemap=index" : "/wp-sitemap.xml"
        const addresses = yield* listed(`${site.url}${index}`)
        assert.strictEqual(new Set(addresses).size, addresses.length)
        const singles: Array<string> = []
        for (const address of addresses) {
          const seen = yield* get(address)
          assert.strictEqual(seen.status, 200, address)
          const $ = load(seen.text)
          if ($("body").is(".single, .page")) {
            singles.push(address)
          }
        }
        assert.strictEqual(singles.length, 68)
      }))
  }
})

describe("robots.txt", () => {
  it.live("names the sitemap and the delay, and forbids the administration", () =>
    Effect.gen(function*() {
      const site = yield* calm({ crawlDelaySeconds: 0.5, subdirectory: "/blog" })
      const address = `${new URL(site.url).origin}/robots.txt`
      const robots = parseRobots(address, (yield* get(address)).text)
      assert.deepEqual(robots.getSitemaps(), [`${site.url}/wp-sitemap.xml`])
      assert.strictEqual(robots.getCrawlDelay("anyone"), 0.5)
      assert.isFalse(robots.isAllowed(`${site.url}/wp-admin/options.php`, "anyone"))
      assert.isTrue(robots.isAllowed(`${site.url}/2024/03/`, "anyone"))
    }))
})
