import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Seen } from "./support.ts"
import { calm, get, object, objects } from "./support.ts"

const pageThrough = Effect.fnUntraced(function*(first: string) {
  const found: Array<Record<string, unknown>> = []
  let next: string | undefined = first
  while (next !== undefined) {
    const seen: Seen = yield* get(next)
    assert.strictEqual(seen.status, 200)
    found.push(...objects(seen))
    next = /<([^>]*)>; rel="next"/.exec(seen.headers.get("link") ?? "")?.[1]
  }
  return found
})

describe("the REST API", () => {
  it.live("says on its index who it is and what it has", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const seen = yield* get(`${site.url}/wp-json/`)
      const index = object(seen)
      assert.strictEqual(seen.headers.get("content-type"), "application/json; charset=UTF-8")
      assert.strictEqual(seen.headers.get("link"), `<${site.url}/wp-json/>; rel="https://api.w.org/"`)
      assert.strictEqual(index["home"], site.url)
      assert.include(index["namespaces"], "wp/v2")
      assert.property(index["routes"], "/wp/v2/posts/(?P<id>[\\d]+)")
    }))

  it.live("shows a post with every field WordPress shows to visitors", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const [post] = objects(yield* get(`${site.url}/wp-json/wp/v2/posts?per_page=1`))
      assert.sameMembers(Object.keys(post ?? {}), [
        "id",
        "date",
        "date_gmt",
        "guid",
        "modified",
        "modified_gmt",
        "slug",
        "status",
        "type",
        "link",
        "title",
        "content",
        "excerpt",
        "author",
        "featured_media",
        "comment_status",
        "ping_status",
        "sticky",
        "template",
        "format",
        "meta",
        "categories",
        "tags",
        "class_list",
        "_links"
      ])
      assert.match(String(post?.["date_gmt"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    }))

  it.live("escapes slashes and letters beyond ASCII as PHP does", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const seen = yield* get(`${site.url}/wp-json/wp/v2/posts?search=osaka`)
      assert.include(seen.text, "\\u81ea")
      assert.include(seen.text, "http:\\/\\/127.0.0.1")
      assert.isTrue(/^[\x20-\x7e]*$/.test(seen.text))
    }))

  it.live("gives each published object once, over any size of page and in any order", () =>
    Effect.gen(function*() {
      const site = yield* calm({ troubles: { oddDates: true } })
      const counts = { posts: 60, pages: 8, media: site.content.media.length, comments: site.content.comments.length }
      for (const [name, count] of Object.entries(counts)) {
        for (const size of [1, 7, 10, 100]) {
          for (const order of ["orderby=date", "orderby=id&order=asc"]) {
            const found = yield* pageThrough(`${site.url}/wp-json/wp/v2/${name}?per_page=${size}&${order}&_fields=id`)
            assert.strictEqual(found.length, count, `${name} by ${size}, ${order}`)
            assert.strictEqual(new Set(found.map(({ id }) => id)).size, count)
          }
        }
      }
    }))

  it.live("counts in X-WP-Total and X-WP-TotalPages, and links to the neighbouring pages", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const { headers } = yield* get(`${site.url}/wp-json/wp/v2/posts?per_page=25&page=2&_fields=id`)
      assert.strictEqual(headers.get("x-wp-total"), "60")
      assert.strictEqual(headers.get("x-wp-totalpages"), "3")
      const address = `${site.url}/wp-json/wp/v2/posts?per_page=25&page=`
      assert.strictEqual(
        headers.get("link"),
        `<${address}1&_fields=id>; rel="prev", <${address}3&_fields=id>; rel="next"`
      )
    }))

  it.live("names every wrong parameter in one refusal", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const seen = yield* get(
        `${site.url}/wp-json/wp/v2/posts?per_page=101&page=x&orderby=luck&after=soon&status=draft`
      )
      const body = object(seen)
      assert.strictEqual(seen.status, 400)
      assert.strictEqual(body["code"], "rest_invalid_param")
      assert.deepEqual(Object(body["data"]).params, {
        status: "Status is forbidden.",
        page: "page is not of type integer.",
        per_page: "per_page must be between 1 (inclusive) and 100 (inclusive)",
        orderby:
          "orderby is not one of author, date, id, include, modified, parent, relevance, slug, include_slugs, and title.",
        after: "Invalid date."
      })
    }))

  it.live("refuses a page past the end of posts, and gives an empty one of terms", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const posts = yield* get(`${site.url}/wp-json/wp/v2/posts?page=7`)
      assert.strictEqual(posts.status, 400)
      assert.strictEqual(object(posts)["code"], "rest_post_invalid_page_number")
      const terms = yield* get(`${site.url}/wp-json/wp/v2/categories?page=7`)
      assert.deepEqual([terms.status, terms.text], [200, "[]"])
      const plugged = yield* calm({ troubles: { emptyPastEnd: true } })
      const empty = yield* get(`${plugged.url}/wp-json/wp/v2/posts?page=7`)
      assert.deepEqual([empty.status, empty.text], [200, "[]"])
    }))

  it.live("selects by search, slug, include, exclude, offset and dates", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const ids = (query: string) =>
        Effect.map(get(`${site.url}/wp-json/wp/v2/posts?_fields=id&${query}`), (seen) =>
          objects(seen).map(({ id }) => id))
      const posts = site.content.posts.filter((post) =>
        post.type === "post"
      )
      const [first, second, third] = posts.map((post) => post.id)
      const slug = posts.find((post) => post.slug.startsWith("%e8"))?.slug
      assert.deepEqual(yield* ids("slug=reading-a-tyre"), [posts.find((post) => post.slug === "reading-a-tyre")?.id])
      assert.strictEqual((yield* ids(`slug=${slug}`)).length, 1)
      assert.deepEqual(yield* ids(`include=${third},${first}&orderby=include`), [third, first])
      assert.deepEqual(yield* ids(`order=asc&per_page=1&exclude[]=${first}`), [second])
      assert.deepEqual(yield* ids("order=asc&per_page=1&offset=2"), [third])
      assert.deepEqual(yield* ids(`before=${posts[1]?.at.toISOString()}`), [first])
      assert.isAbove((yield* ids("search=heron")).length, 0)
      const edited = posts.filter((post) => post.modified.getTime() > Date.UTC(2024, 7, 1)).map((post) => post.id)
      assert.sameMembers(yield* ids("per_page=100&modified_after=2024-08-01T00:00:00Z"), edited)
    }))

  it.live("keeps the fields that are asked for, and fields inside fields", () =>
    Effect.gen(function*() {
      const site = yield* calm()
      const [post] = objects(
        yield* get(`${site.url}/wp-json/wp/v2/posts?per_page=1&_fields=id,title.rendered,content.protected`)
      )
      assert.deepEqual(Object.keys(post ?? {}), ["id", "title", "content"])
      assert.deepEqual(post?.["content"], { protected: false })
    }))

  it.live("embeds author, picture and terms, and the refusal for a picture that is not there", () =>
    Effect.gen(function*() {
      const site = yield* calm({ troubles: { dangling: true } })
      const dangling = site.content.posts.find((post) => post.featuredMedia === 999_999)
      const fine = site.content.posts.find((post) => post.featuredMedia !== 0 && post !== dangling)
      const embedded = (id: number | undefined) =>
        Effect.map(get(`${site.url}/wp-json/wp/v2/posts/${id}?_embed`), (seen) => Object(object(seen)["_embedded"]))
      const good = yield* embedded(fine?.id)
      assert.strictEqual(good.author[0].id, fine?.author)
      assert.strictEqual(good["wp:featuredmedia"][0].id, fine?.featuredMedia)
      assert.deepEqual(good["wp:term"][0].map(({ id }: { id: number }) => id), fine?.categories)
      const bad = yield* embedded(dangling?.id)
      assert.deepEqual(bad["wp:featuredmedia"], [
        { code: "rest_post_invalid_id", message: "Invalid post ID.", data: { status: 404 } }
      ])
    }))

  it.live("refuses what is not there, not public, not a number or not a route", () =>
    Effect.gen(function*() {
      const site = yield* calm({ troubles: { overcounted: true } })
      const codes = (path: string) =>
        Effect.map(get(`${site.url}/wp-json${path}`), (seen) => [seen.status, object(seen)["code"]])
      const hidden = site.content.posts.find((post) => post.status === "private")
      const page = site.content.posts.find((post) => post.type === "page")
      assert.deepEqual(yield* codes("/wp/v2/posts/123456"), [404, "rest_post_invalid_id"])
      assert.deepEqual(yield* codes(`/wp/v2/posts/${page?.id}`), [404, "rest_post_invalid_id"])
      assert.deepEqual(yield* codes(`/wp/v2/posts/${hidden?.id}`), [401, "rest_forbidden"])
      assert.deepEqual(yield* codes(`/wp/v2/pages/${page?.id}?context=edit`), [401, "rest_forbidden_context"])
      assert.deepEqual(yield* codes("/wp/v2/categories/123456"), [404, "rest_term_invalid"])
      assert.deepEqual(yield* codes("/wp/v2/posts/first"), [404, "rest_no_route"])
      assert.deepEqual(yield* codes("/wp/v2/recipes"), [404, "rest_no_route"])
      assert.deepEqual(yield* codes("/shop/v1"), [404, "rest_no_route"])
    }))

  it.live("answers ?rest_route= with pretty permalinks and without, and links the way it was set up", () =>
    Effect.gen(function*() {
      const pretty = yield* calm()
      assert.strictEqual(objects(yield* get(`${pretty.url}/?rest_route=/wp/v2/pages&per_page=3`)).length, 3)
      const plain = yield* calm({ permalinks: "plain" })
      const found = yield* pageThrough(`${plain.url}/?rest_route=/wp/v2/posts&per_page=25`)
      assert.strictEqual(new Set(found.map(({ id }) => id)).size, 60)
      assert.isTrue(found.every(({ link }) => String(link).startsWith(`${plain.url}/?p=`)))
      assert.strictEqual((yield* get(`${plain.url}/wp-json/`)).status, 404)
    }))

  it.live("lives in a folder if told so", () =>
    Effect.gen(function*() {
      const site = yield* calm({ subdirectory: "/blog" })
      assert.isTrue(site.url.endsWith("/blog"))
      const [post] = objects(yield* get(`${site.url}/wp-json/wp/v2/posts?per_page=1`))
      assert.isTrue(String(post?.["link"]).startsWith(`${site.url}/2024/`))
      assert.strictEqual((yield* get(String(post?.["link"]))).status, 200)
      assert.strictEqual((yield* get(`${new URL(site.url).origin}/wp-json/`)).status, 404)
    }))

  it.live("can be closed, with 401 or as if it were not there", () =>
    Effect.gen(function*() {
      const refusing = yield* calm({ rest: "closed-401" })
      for (const path of ["/wp-json/", "/wp-json/wp/v2/posts", "/?rest_route=/wp/v2/posts"]) {
        assert.deepEqual(object(yield* get(`${refusing.url}${path}`))["code"], "rest_cannot_access")
      }
      const absent = yield* calm({ rest: "closed-404" })
      const seen = yield* get(`${absent.url}/wp-json/wp/v2/posts`)
      assert.strictEqual(seen.status, 404)
      assert.strictEqual(seen.headers.get("content-type"), "text/html; charset=UTF-8")
      assert.isNull((yield* get(`${absent.url}/`)).headers.get("link"))
    }))

  it.live("is the same for the same seed, and another for another", () =>
    Effect.gen(function*() {
      const [one, same, other] = yield* Effect.all([calm({ seed: 7 }), calm({ seed: 7 }), calm({ seed: 8 })])
      assert.deepEqual(one.content, same.content)
      assert.notDeepEqual(one.content, other.content)
    }))
})
