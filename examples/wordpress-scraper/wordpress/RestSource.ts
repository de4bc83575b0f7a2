import { Cache, Effect, Option, Schema } from "effect"
import { RequestFailed } from "../errors.ts"
import type { Fetcher } from "../network/Fetcher.ts"
import type { Robots } from "../network/Robots.ts"
import type { Home } from "./Home.ts"
import type { ItemReading, ItemReference, ItemType } from "./Item.ts"
import { readJson } from "./readJson.ts"
import { itemFromRest, missingNames } from "./restItem.ts"
import { listingPage, readListing } from "./restListing.ts"
import type { RestRoot } from "./RestRoot.ts"
import { RestItem, RestTerm, RestUser } from "./schema.ts"
import type { Source } from "./Source.ts"

const routes: Readonly<Record<ItemType, string>> = { post: "wp/v2/posts", page: "wp/v2/pages" }

/** WordPress says so of an item that was deleted, or moved to the bin, where only its authors see it. */
const goneCodes: ReadonlySet<string> = new Set(["rest_post_invalid_id", "rest_forbidden", "rest_cannot_read"])

/**
 * Reads a site through its REST API.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function*(
  fetcher: Fetcher["Service"],
  robots: Robots["Service"],
  home: Home,
  root: RestRoot
): Effect.fn.Return<Source> {
  const get = (url: string) => fetcher.get(url, { accept: "application/json", read: readJson, allowed: robots.allows })

  const decodeItem = Schema.decodeUnknownOption(RestItem)
  const decodeTerm = Schema.decodeUnknownOption(RestTerm)
  const decodeUser = Schema.decodeUnknownOption(RestUser)

  /** Names that `_embed` leaves open, each looked up once in a run. One that cannot be had is no reason to lose the item. */
  const things = yield* Cache.make({
    capacity: 10_000,
    lookup: (route: string) =>
      get(root.route(route)).pipe(
        Effect.map((answer) => answer._tag === "Json" ? Option.some(answer.value) : Option.none()),
        Effect.orElseSucceed(() => Option.none())
      )
  })
  const term = (taxonomy: string, route: string) =>
    Effect.map(
      Cache.get(things, route),
      (thing) =>
        Option.toArray(Option.map(Option.flatMap(thing, decodeTerm), (term) =>
          new RestTerm({ id: term.id, name: term.name, taxonomy })))
    )

  const lookUp = Effect.fnUntraced(function*(rest: RestItem) {
    const missing = missingNames(rest)
    const user = missing.author === undefined
      ? Option.none()
      : Option.flatMap(yield* Cache.get(things, `wp/v2/users/${missing.author}`), decodeUser)
    const terms = yield* Effect.all([
      ...missing.categories.map((id) => term("category", `wp/v2/categories/${id}`)),
      ...missing.tags.map((id) => term("post_tag", `wp/v2/tags/${id}`))
    ])
    return { author: Option.getOrUndefined(Option.map(user, (user) => user.name)), terms: terms.flat() }
  })

  const list: Source["list"] = Effect.fnUntraced(function*(limit, found) {
    let left = limit
    for (const type of ["post", "page"] as const) {
      if (left <= 0) return
      yield* readListing(
        (parameters, page) => {
          const url = root.route(routes[type], parameters)
          return Effect.flatMap(get(url), (answer) => listingPage(answer, url, type, page))
        },
        left,
        (items) => {
          left -= items.length
          return found(items)
        }
      ).pipe(Effect.withSpan(`list_wordpress_${type}s`))
    }
  })

  const read = Effect.fnUntraced(function*(reference: ItemReference): Effect.fn.Return<ItemReading, RequestFailed> {
    const { type, wordpressId } = reference
    // What was stored from its HTML page may be known by its address alone.
    const url = wordpressId === undefined
      ? root.route(routes[type], { slug: home.pathOf(reference.url).split("/").at(-1) ?? "", _embed: 1 })
      : root.route(`${routes[type]}/${wordpressId}`, { _embed: 1 })
    const answer = yield* get(url)
    if (answer._tag === "Problem") {
      const { code, status } = answer
      if (status === 404 || status === 410 || goneCodes.has(code)) {
        return { _tag: "Gone", reason: `answered ${status} ${code}`.trim() }
      }
      return yield* new RequestFailed({ url, kind: "refused", message: `answered ${status} ${code}`.trim() })
    }
    if (Array.isArray(answer.value) && answer.value.length === 0) return { _tag: "Gone", reason: "is not listed" }
    const rest = decodeItem(Array.isArray(answer.value) ? answer.value[0] : answer.value)
    if (Option.isNone(rest) || (wordpressId !== undefined && rest.value.id !== wordpressId)) {
      return yield* new RequestFailed({
        url,
        kind: "unreadable",
        message: `the answer is not item ${wordpressId ?? reference.url}`
      })
    }
    if (rest.value.status !== "publish") {
      return { _tag: "Gone", reason: `is no longer published (${rest.value.status})` }
    }
    return { _tag: "Read", item: itemFromRest(rest.value, type, home.url, yield* lookUp(rest.value)) }
  })

  return { description: "REST API", list, read }
})
