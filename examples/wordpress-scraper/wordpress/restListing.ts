import { Effect, Schema } from "effect"
import { RequestFailed } from "../errors.ts"
import type { ItemReference, ItemType } from "./Item.ts"
import type { RestAnswer } from "./readJson.ts"
import { decodable, ListedItem } from "./schema.ts"

/** The most WordPress gives at once. */
const perPage = 100

/** How often a listing is read that shifts while it is read. */
const maxPasses = 3

/** One page of a listing. */
export interface ListingPage {
  readonly items: ReadonlyArray<ItemReference>
  /** Whether the page lies past the end. */
  readonly past: boolean
  /** `X-WP-Total`, where the site says it. */
  readonly total: number | undefined
  /** `X-WP-TotalPages`, where the site says it. */
  readonly totalPages: number | undefined
}

const count = (header: string | undefined): number | undefined => {
  const number = Number(header ?? "")
  return header !== undefined && header !== "" && Number.isInteger(number) && number >= 0 ? number : undefined
}

const decodeListing = Schema.decodeUnknownEffect(Schema.Array(Schema.Unknown))

/**
 * Reads one page of a listing. A page past the end is answered 400, 404 or `[]`.
 *
 * @category conversions
 * @since 0.1.0
 */
export const listingPage = Effect.fnUntraced(function*(
  answer: RestAnswer,
  url: string,
  type: ItemType,
  page: number
): Effect.fn.Return<ListingPage, RequestFailed> {
  if (answer._tag === "Problem") {
    if (page > 1 && (answer.status === 400 || answer.status === 404)) {
      return { items: [], past: true, total: undefined, totalPages: undefined }
    }
    return yield* new RequestFailed({
      url,
      kind: "refused",
      message: `answered ${answer.status} ${answer.code}`.trim()
    })
  }
  const things = yield* decodeListing(answer.value).pipe(
    Effect.mapError(() => new RequestFailed({ url, kind: "unreadable", message: "the answer is not a list" }))
  )
  const items = decodable(ListedItem, things).filter((item) => item.status === "publish").map((
    item
  ): ItemReference => ({
    key: `wp:${item.id}`,
    type,
    wordpressId: item.id,
    url: item.link
  }))
  return {
    items,
    past: things.length === 0,
    total: count(answer.answer.headers["x-wp-total"]),
    totalPages: count(answer.answer.headers["x-wp-totalpages"])
  }
})

/** How to get one page of a listing. */
export type GetPage = (
  parameters: Readonly<Record<string, string | number>>,
  page: number
) => Effect.Effect<ListingPage, RequestFailed>

/**
 * Reads a listing to its end.
 *
 * **Details**
 *
 * Listings shift while they are read. Newest ids come first, so that what is published meanwhile moves items to later
 * pages, where they are seen twice, and never past the reader. What is deleted meanwhile moves an item to a page that was
 * read before; and sites whose order has ties may show one item twice and another never. So where the total changed, or
 * counts more than was seen, the listing is read again from its other end, until nothing new turns up. Totals
 * that count what nobody can read are the common case; they cost one more pass.
 *
 * @category constructors
 * @since 0.1.0
 */
export const readListing = Effect.fnUntraced(function*<E>(
  get: GetPage,
  limit: number,
  found: (items: ReadonlyArray<ItemReference>) => Effect.Effect<void, E>
): Effect.fn.Return<void, E | RequestFailed> {
  const seen = new Set<string>()
  for (let pass = 0; pass < maxPasses; pass++) {
    const before = seen.size
    const totals = new Set<number>()
    let total = 0
    let totalPages = Infinity
    for (let page = 1; seen.size < limit; page++) {
      const listed = yield* get({
        per_page: Math.min(perPage, limit),
        page,
        orderby: "id",
        order: pass % 2 === 0 ? "desc" : "asc",
        _fields: "id,link,status"
      }, page)
      if (listed.total !== undefined) {
        total = listed.total
        totals.add(total)
      }
      // An empty page in the middle only means that none of its items can be read.
      if (listed.past && (listed.totalPages === undefined || page >= listed.totalPages)) break
      totalPages = listed.totalPages ?? totalPages
      const fresh = listed.items.filter((item) => !seen.has(item.key)).slice(0, limit - seen.size)
      for (const item of fresh) seen.add(item.key)
      if (fresh.length > 0) yield* found(fresh)
      // A site that does not say where the end is may repeat itself for ever.
      if (page >= totalPages || (fresh.length === 0 && totalPages === Infinity)) break
    }
    const complete = seen.size >= total && totals.size <= 1
    if (complete || seen.size >= limit || (pass > 0 && seen.size === before)) return
  }
})
