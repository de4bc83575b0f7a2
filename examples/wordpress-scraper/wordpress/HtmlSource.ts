import { load } from "cheerio"
import { Effect, Option, Result } from "effect"
import { RequestFailed } from "../errors.ts"
import type { Answer } from "../network/Answer.ts"
import { Unreadable } from "../network/Answer.ts"
import type { Fetcher } from "../network/Fetcher.ts"
import type { Robots } from "../network/Robots.ts"
import type { Home } from "./Home.ts"
import { identityOf, itemFromHtml } from "./htmlPage.ts"
import type { ItemReading, ItemReference, ItemType } from "./Item.ts"
import { parseSitemap, sitemapKind } from "./sitemap.ts"
import type { Sitemap } from "./sitemap.ts"
import type { Source } from "./Source.ts"

/** No site has more sitemap files; one that lists itself would have endlessly many. */
const maxSitemaps = 5_000

/** Where sitemaps are when robots.txt names none. */
const usualSitemaps = ["wp-sitemap.xml", "sitemap_index.xml", "sitemap.xml", "?sitemap=index"]

const accept = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"

/** An answer without the end of its document was cut short. */
const readPage = (answer: Answer): Effect.Effect<Answer, Unreadable> =>
  answer.status >= 300 || answer.body.trim() !== ""
    ? Effect.succeed(answer)
    : Effect.fail(new Unreadable({ message: "the answer is empty" }))

/**
 * Reads a site through its sitemap and its HTML pages, where the REST API is closed.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  fetcher: Fetcher["Service"],
  robots: Robots["Service"],
  home: Home,
  homeIsPage: boolean
): Source => {
  const get = (url: string) => fetcher.get(url, { accept, read: readPage, allowed: robots.allows })

  const sitemapAt = (url: string): Effect.Effect<Option.Option<Sitemap>, RequestFailed> =>
    fetcher.get(url, {
      accept: "application/xml,text/xml;q=0.9,*/*;q=0.5",
      allowed: robots.allows,
      read: (answer) => {
        if (answer.status >= 300) return Effect.succeedNone
        const sitemap = parseSitemap(answer.body)
        if (Result.isSuccess(sitemap)) return Effect.succeedSome(sitemap.success)
        // HTML in place of XML is a site's way to say that there is none; XML that cannot be read was cut short.
        return answer.body.trimStart().startsWith("<?xml")
          ? Effect.fail(new Unreadable({ message: "the sitemap is not whole" }))
          : Effect.succeedNone
      }
    })

  const roots = Effect.fnUntraced(function*(): Effect.fn.Return<ReadonlyArray<string>, RequestFailed> {
    const rules = yield* robots.rules(new URL(home.url))
    return [...rules.sitemaps, ...usualSitemaps.map((path) => new URL(path, home.url).href)]
  })

  const references = (urls: ReadonlyArray<string>, type: ItemType): ReadonlyArray<ItemReference> =>
    urls.flatMap((url) => {
      const path = home.pathOf(url)
      // The home page is listed among the pages also where it is no page but the list of posts.
      return path === "" && !homeIsPage ? [] : [{ key: `path:${path}`, type, wordpressId: undefined, url }]
    })

  const list: Source["list"] = Effect.fn("read_sitemaps")(function*(limit, found) {
    const seen = new Set<string>()
    const visited = new Set<string>()
    for (const root of yield* roots()) {
      const waiting = [root]
      while (waiting.length > 0 && visited.size < maxSitemaps && seen.size < limit) {
        const url = waiting.shift()!
        const kind = sitemapKind(url)
        if (visited.has(url) || kind === "other") continue
        visited.add(url)
        const sitemap = yield* sitemapAt(url)
        if (Option.isNone(sitemap)) continue
        waiting.push(...sitemap.value.sitemaps)
        const listed = references(sitemap.value.pages, kind === "unknown" ? "post" : kind)
        const fresh = [...new Map(listed.map((item) => [item.key, item])).values()]
          .filter((item) => !seen.has(item.key))
          .slice(0, limit - seen.size)
        for (const item of fresh) seen.add(item.key)
        if (fresh.length > 0) yield* found(fresh)
      }
      if (seen.size > 0) return
    }
    if (seen.size === 0) {
      return yield* new RequestFailed({
        url: home.url,
        kind: "refused",
        message: "its REST API is closed and it has no sitemap"
      })
    }
  })

  const read = Effect.fnUntraced(function*(reference: ItemReference): Effect.fn.Return<ItemReading, RequestFailed> {
    const answer = yield* get(reference.url)
    if (answer.status === 404 || answer.status === 410) return { _tag: "Gone", reason: `answered ${answer.status}` }
    if (answer.status >= 300) {
      return yield* new RequestFailed({ url: reference.url, kind: "refused", message: `answered ${answer.status}` })
    }
    const { type } = identityOf(load(answer.body))
    const item = itemFromHtml(answer.body, answer.url, type ?? reference.type)
    // WordPress guesses what a wrong address might mean and redirects there: that is another item, or none.
    if (!home.same(answer.url, reference.url) && !home.same(item.url, reference.url)) {
      return { _tag: "Gone", reason: `leads to ${answer.url}` }
    }
    return type === undefined && item.html === "" && !item.protected ? { _tag: "NotAnItem" } : { _tag: "Read", item }
  })

  return { description: "sitemap and HTML (its REST API is closed)", list, read }
}
