import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Result } from "effect"
import { contentHash, normaliseHtml } from "../../../examples/wordpress-scraper/wordpress/contentHash.ts"
import { dateFromWordPress } from "../../../examples/wordpress-scraper/wordpress/dates.ts"
import { Home } from "../../../examples/wordpress-scraper/wordpress/Home.ts"
import { itemFromHtml } from "../../../examples/wordpress-scraper/wordpress/htmlPage.ts"
import type { Item, ItemReference } from "../../../examples/wordpress-scraper/wordpress/Item.ts"
import { jsonFromWordPress } from "../../../examples/wordpress-scraper/wordpress/json.ts"
import { itemFromRest } from "../../../examples/wordpress-scraper/wordpress/restItem.ts"
import type { ListingPage } from "../../../examples/wordpress-scraper/wordpress/restListing.ts"
import { readListing } from "../../../examples/wordpress-scraper/wordpress/restListing.ts"
import { RestRoot } from "../../../examples/wordpress-scraper/wordpress/RestRoot.ts"
import { decodable, RestItem } from "../../../examples/wordpress-scraper/wordpress/schema.ts"
import { parseSitemap, sitemapKind } from "../../../examples/wordpress-scraper/wordpress/sitemap.ts"
import { countWords, textOf, titleOf } from "../../../examples/wordpress-scraper/wordpress/text.ts"

const home = new Home("https://www.blog.example/news/")

describe("Home", () => {
  it("names a site and a path the same however the address is written", () => {
    assert.strictEqual(home.site, "blog.example/news")
    assert.strictEqual(new Home("https://blog.example/news/index.php?x=1#y").site, "blog.example/news")
    for (
      const url of [
        "http://blog.example/news/2024/hello/",
        "https://www.blog.example/news/2024/hello",
        "/news/2024/hello/#top"
      ]
    ) {
      assert.strictEqual(home.pathOf(url), "2024/hello")
    }
    assert.strictEqual(home.pathOf("https://blog.example/news/?p=17"), "?p=17")
    assert.strictEqual(
      home.pathOf("https://blog.example/news/caf%C3%A9/"),
      home.pathOf("https://blog.example/news/café/")
    )
    assert.strictEqual(home.pathOf("https://www.blog.example/news/"), "")
  })

  it("does not mistake another site for this one", () => {
    assert.notStrictEqual(home.pathOf("https://blog.example.evil/news/a"), "a")
    assert.notStrictEqual(home.pathOf("https://blog.example/newsletter"), "letter")
  })
})

describe("textOf", () => {
  it("reads HTML as a person would, also when it is broken", () => {
    assert.strictEqual(
      textOf("<p>One &amp; <b>two</p><script>x()</script><ul><li>three<li>four"),
      "One & two\nthree\nfour"
    )
  })

  it("decodes entities in titles and keeps the empty one and 0", () => {
    assert.strictEqual(titleOf("Tea &#038; <em>cake</em> &#8211; caf&eacute;"), "Tea & cake – café")
    assert.strictEqual(titleOf(""), "")
    assert.strictEqual(titleOf("0"), "0")
  })

  it("counts words of languages with and without spaces", () => {
    assert.strictEqual(countWords("It's a tyre, no. 60."), 5)
    assert.isAbove(countWords("今日は良い天気です"), 2)
    assert.strictEqual(countWords(""), 0)
  })
})

describe("dateFromWordPress", () => {
  it("reads dates without a zone as UTC, also before 1970", () => {
    assert.strictEqual(DateTime.formatIso(dateFromWordPress("1958-06-14T09:30:00")!), "1958-06-14T09:30:00.000Z")
    assert.strictEqual(DateTime.formatIso(dateFromWordPress("2024-01-02 03:04:05")!), "2024-01-02T03:04:05.000Z")
    assert.strictEqual(DateTime.formatIso(dateFromWordPress("2024-01-02T03:04:05+02:00")!), "2024-01-02T01:04:05.000Z")
  })

  it("reads WordPress's zero dates, and what is none, as no date", () => {
    for (const text of ["0000-00-00T00:00:00", "-0001-11-30T00:00:00", "", "yesterday", null, "2024-13-45T00:00:00"]) {
      assert.isUndefined(dateFromWordPress(text))
    }
  })
})

describe("jsonFromWordPress", () => {
  it("reads JSON behind a byte order mark and behind notices", () => {
    const notice = "<br />\n<b>Notice</b>: Undefined index: x in /wp-content/plugins/a[1]/b.php on line 3<br />\n"
    for (const before of ["", "\uFEFF", notice, `${notice}\uFEFF`]) {
      assert.deepStrictEqual(jsonFromWordPress(`${before}{"id": 1}`), Result.succeed({ id: 1 }))
    }
  })

  it("takes a truncated answer for what it is", () => {
    assert.isTrue(Result.isFailure(jsonFromWordPress("[{\"id\": 1, \"tags\": [1, 2]}, {\"id\":")))
    assert.isTrue(Result.isFailure(jsonFromWordPress("")))
    assert.isTrue(Result.isFailure(jsonFromWordPress("<html><body>Error</body></html>")))
  })
})

describe("RestItem", () => {
  const rest = (fields: object) =>
    itemFromRest(decodable(RestItem, [{ id: 7, ...fields }])[0]!, "post", home.url, {
      author: undefined,
      terms: []
    })

  it("survives what plug-ins leave out, and errors among what is embedded", () => {
    const item = rest({
      id: "7",
      title: null,
      content: { rendered: "<p>Hello</p>", protected: false },
      featured_media: 9,
      _embedded: {
        "author": [{ code: "rest_user_invalid_id", message: "Invalid user ID.", data: { status: 404 } }],
        "wp:featuredmedia": [{ code: "rest_post_invalid_id", data: { status: 404 } }],
        "wp:term": [[{ id: 3, name: "Tea &amp; cake", taxonomy: "category" }, { code: "oops" }], [{
          id: 4,
          name: "hot",
          taxonomy: "post_tag"
        }]]
      }
    })
    assert.strictEqual(item.wordpressId, 7)
    assert.strictEqual(item.title, "")
    assert.isUndefined(item.author)
    assert.deepStrictEqual(item.media, [])
    assert.deepStrictEqual(item.categories, [{ id: 3, name: "Tea & cake" }])
    assert.deepStrictEqual(item.tags, [{ id: 4, name: "hot" }])
  })

  it("keeps no content of a protected post", () => {
    const item = rest({ content: { rendered: "<form>password</form>", protected: true } })
    assert.isTrue(item.protected)
    assert.strictEqual(item.html, "")
  })

  it("is no item without an id", () => {
    assert.deepStrictEqual(decodable(RestItem, [{ title: "x" }, null, []]), [])
  })
})

describe("contentHash", () => {
  const item: Item = {
    wordpressId: 1,
    type: "post",
    slug: "a",
    url: "https://blog.example/news/a/",
    title: "A",
    author: "B",
    publishedAt: dateFromWordPress("2024-01-02T03:04:05"),
    modifiedAt: dateFromWordPress("2024-01-02T03:04:05"),
    categories: [{ id: 1, name: "x" }, { id: 2, name: "y" }],
    tags: [],
    media: [],
    protected: false,
    html: "<p class=\"one\">Hello <a href=\"https://blog.example/news/b/?ver=1\">there</a></p>"
  }
  const hash = (change: Partial<Item>) => contentHash({ ...item, ...change }, home)

  it("is the same for nonces, comments, scripts, classes, order of terms and addresses of the site", () => {
    const same: ReadonlyArray<Partial<Item>> = [
      {
        html:
          "<p class=\"two\" data-request=\"eea7\">Hello\n <a href='http://www.blog.example/news/b/?ver=2'>there</a></p>"
      },
      {
        html:
          `${item.html}<!-- cached at 12:00 --><script>nonce = "1"</script><input type="hidden" name="_wpnonce" value="9">`
      },
      { categories: item.categories.toReversed() },
      { url: "http://www.blog.example/news/a" },
      { modifiedAt: undefined },
      { wordpressId: undefined }
    ]
    for (const change of same) assert.strictEqual(hash(change), hash({}), JSON.stringify(change))
  })

  it("differs for everything an author can change", () => {
    const different: ReadonlyArray<Partial<Item>> = [
      { title: "A!" },
      { html: item.html.replace("Hello", "Hallo") },
      { html: item.html.replace("/b/", "/c/") },
      { html: item.html.replace("<p", "<h2").replace("</p", "</h2") },
      { author: undefined },
      { categories: [] },
      { tags: [{ id: 5, name: "z" }] },
      { protected: true },
      { url: "https://blog.example/news/z/" },
      { publishedAt: undefined },
      { type: "page" }
    ]
    const hashes = new Set([hash({}), ...different.map(hash)])
    assert.strictEqual(hashes.size, different.length + 1)
  })

  it("normalises what is normalised to itself", () => {
    const once = normaliseHtml(item.html, home)
    assert.strictEqual(normaliseHtml(once, home), once)
  })
})

describe("RestRoot", () => {
  it("makes addresses for pretty and for plain permalinks", () => {
    assert.strictEqual(
      new RestRoot("https://b.example/sub/wp-json/").route("wp/v2/posts", { page: 2 }),
      "https://b.example/sub/wp-json/wp/v2/posts?page=2"
    )
    const plain = new URL(new RestRoot("https://b.example/?rest_route=/").route("wp/v2/posts", { page: 2 }))
    assert.strictEqual(plain.searchParams.get("rest_route"), "/wp/v2/posts")
    assert.strictEqual(plain.searchParams.get("page"), "2")
  })
})

describe("sitemaps", () => {
  it("tells indexes, lists and what is neither apart", () => {
    const index = parseSitemap(
      "\uFEFF<?xml version=\"1.0\"?><sitemapindex><sitemap><loc>https://b/a.xml?x=1&amp;y=2</loc></sitemap></sitemapindex>"
    )
    assert.deepStrictEqual(index, Result.succeed({ sitemaps: ["https://b/a.xml?x=1&y=2"], pages: [] }))
    const empty = parseSitemap("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"></urlset>")
    assert.deepStrictEqual(empty, Result.succeed({ sitemaps: [], pages: [] }))
    assert.isTrue(Result.isFailure(parseSitemap("<html><body>Not found</body></html>")))
  })

  it("knows by the name what a sitemap lists", () => {
    assert.strictEqual(sitemapKind("https://b/wp-sitemap-posts-page-1.xml"), "page")
    assert.strictEqual(sitemapKind("https://b/wp-sitemap-taxonomies-category-1.xml"), "other")
    assert.strictEqual(sitemapKind("https://b/wp-sitemap-users-1.xml"), "other")
    assert.strictEqual(sitemapKind("https://b/post-sitemap2.xml"), "post")
    assert.strictEqual(sitemapKind("https://b/author-sitemap.xml"), "other")
    assert.strictEqual(sitemapKind("https://b/?sitemap=posts&sitemap-subtype=post&paged=1"), "post")
    assert.strictEqual(sitemapKind("https://b/sitemap.xml"), "unknown")
  })
})

describe("itemFromHtml", () => {
  it("reads a page whose HTML is broken", () => {
    const item = itemFromHtml(
      `<html><head><link rel="canonical" href="https://blog.example/a/"><meta property="article:published_time" content="1958-06-14T09:30:00+00:00">
       <body class="post-template single postid-12"><article><h1 class="entry-title">A &amp; <em>B</h1>
       <div class="entry-content"><p>One<p><b>Two<img src="/x.jpg" alt="X"></div>
       <a rel="category tag" href="/c">News</a><a rel="tag" href="/t">hot</a>`,
      "https://blog.example/a/",
      "post"
    )
    assert.strictEqual(item.wordpressId, 12)
    assert.strictEqual(item.title, "A & B")
    assert.strictEqual(item.slug, "a")
    assert.deepStrictEqual(item.categories.map((term) => term.name), ["News"])
    assert.deepStrictEqual(item.tags.map((term) => term.name), ["hot"])
    assert.strictEqual(item.media[0]?.url, "https://blog.example/x.jpg")
    assert.strictEqual(textOf(item.html), "One\nTwo")
    assert.strictEqual(DateTime.toEpochMillis(item.publishedAt!), Date.UTC(1958, 5, 14, 9, 30))
  })
})

describe("readListing", () => {
  /** A site of posts by id whose listing may change before each page is read. */
  const listing = (ids: ReadonlyArray<number>, options: {
    readonly perPage: number
    readonly hidden?: number
    readonly change?: (read: number, ids: ReadonlyArray<number>) => ReadonlyArray<number>
  }) => {
    let read = 0
    let current = ids
    const get = (parameters: Readonly<Record<string, string | number>>, page: number): Effect.Effect<ListingPage> =>
      Effect.sync(() => {
        current = options.change?.(read, current) ?? current
        read++
        const sorted = current.toSorted((a, b) => parameters["order"] === "asc" ? a - b : b - a)
        const from = (page - 1) * options.perPage
        const total = current.length + (options.hidden ?? 0)
        return {
          items: sorted.slice(from, from + options.perPage).map((id): ItemReference => ({
            key: `wp:${id}`,
            type: "post",
            wordpressId: id,
            url: `https://b.example/${id}`
          })),
          past: from >= current.length,
          total,
          totalPages: Math.ceil(total / options.perPage)
        }
      })
    return { get, reads: () => read }
  }
  const readAll = (get: Parameters<typeof readListing>[0], limit = Infinity) =>
    Effect.gen(function*() {
      const found: Array<number> = []
      yield* readListing(
        get,
        limit,
        (items) => Effect.sync(() => found.push(...items.map((item) => item.wordpressId!)))
      )
      return found
    })
  const ids = Array.from({ length: 25 }, (_, index) => index + 1)

  it.effect("reads every item once, and a listing that does not shift once", () =>
    Effect.gen(function*() {
      const { get, reads } = listing(ids, { perPage: 10 })
      const found = yield* readAll(get)
      assert.deepStrictEqual(found.toSorted((a, b) => a - b), ids)
      assert.strictEqual(reads(), 3)
    }))

  it.effect("misses nothing and repeats nothing while items are published and deleted", () =>
    Effect.gen(function*() {
      const shifting = listing(ids, {
        perPage: 5,
        change: (read, ids) => read === 1 ? [...ids, 26] : read === 2 ? ids.filter((id) => id !== 25) : ids
      })
      const found = yield* readAll(shifting.get)
      assert.strictEqual(new Set(found).size, found.length)
      for (const id of [...ids, 26]) assert.include(found, id)
    }))

  it.effect("ends though the total counts more than can be read", () =>
    Effect.gen(function*() {
      const { get } = listing(ids, { perPage: 10, hidden: 7 })
      assert.strictEqual((yield* readAll(get)).length, 25)
    }))

  it.effect("ends though the site says no total and gives the same page again and again", () =>
    Effect.gen(function*() {
      const { get } = listing(ids, { perPage: 25 })
      const found = yield* readAll((parameters) =>
        Effect.map(get(parameters, 1), (page) => ({ ...page, total: undefined, totalPages: undefined }))
      )
      assert.strictEqual(found.length, 25)
    }))

  it.effect("stops at the limit with the newest", () =>
    Effect.gen(function*() {
      const { get } = listing(ids, { perPage: 10 })
      assert.deepStrictEqual(yield* readAll(get, 3), [25, 24, 23])
    }))
})
