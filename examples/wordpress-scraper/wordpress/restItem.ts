import { load } from "cheerio"
import { dateFromWordPress } from "./dates.ts"
import type { Item, ItemType, Media, Term } from "./Item.ts"
import type { RestItem } from "./schema.ts"
import { decodable, RestMedia, RestTerm, RestUser } from "./schema.ts"
import { titleOf } from "./text.ts"

/**
 * Lists the pictures, sounds and films that a piece of HTML shows.
 *
 * @category accessors
 * @since 0.1.0
 */
export const mediaOf = (html: string, base: string): ReadonlyArray<Media> => {
  const $ = load(html, null, false)
  const media: Array<Media> = []
  $("img[src], video[src], audio[src], source[src]").each((_, element) => {
    const source = $(element).attr("src") ?? ""
    if (source === "" || source.startsWith("data:") || !URL.canParse(source, base)) return
    media.push({
      url: new URL(source, base).href,
      alternativeText: $(element).attr("alt") ?? "",
      featured: false
    })
  })
  return media
}

/**
 * Puts media together, each once; what comes first wins.
 *
 * @category conversions
 * @since 0.1.0
 */
export const distinctMedia = (media: ReadonlyArray<Media>): ReadonlyArray<Media> =>
  [
    ...new Map(media.toReversed().map((one) => [one.url, one])).values()
  ].toReversed()

/** What `_embed` left open and was looked up since. */
export interface LookedUp {
  readonly author: string | undefined
  readonly terms: ReadonlyArray<RestTerm>
}

/**
 * Says what `_embed` left open: names of which only the ids are known.
 *
 * @category accessors
 * @since 0.1.0
 */
export const missingNames = (rest: RestItem): {
  readonly author: number | undefined
  readonly categories: ReadonlyArray<number>
  readonly tags: ReadonlyArray<number>
} => {
  const known = new Set(decodable(RestTerm, rest._embedded["wp:term"].flat()).map((term) => term.id))
  const unknown = (id: number) => !known.has(id)
  const authorKnown = rest.author === 0 || decodable(RestUser, rest._embedded.author).length > 0
  return {
    author: authorKnown ? undefined : rest.author,
    categories: rest.categories.filter(unknown),
    tags: rest.tags.filter(unknown)
  }
}

/**
 * Makes an item of what the REST API says.
 *
 * @category conversions
 * @since 0.1.0
 */
export const itemFromRest = (rest: RestItem, type: ItemType, home: string, lookedUp: LookedUp): Item => {
  const url = URL.canParse(rest.link, home) ? new URL(rest.link, home).href : new URL(`?p=${rest.id}`, home).href
  const terms = [...decodable(RestTerm, rest._embedded["wp:term"].flat()), ...lookedUp.terms]
  const named = (taxonomy: string): ReadonlyArray<Term> =>
    terms.filter((term) => term.taxonomy === taxonomy).map((term) => ({ id: term.id, name: titleOf(term.name) }))
  const author = decodable(RestUser, rest._embedded.author)[0]?.name ?? lookedUp.author
  // A featured picture that was deleted is embedded as an error, and so not here.
  const featured = decodable(RestMedia, rest._embedded["wp:featuredmedia"]).map((media): Media => ({
    url: new URL(media.source_url, home).href,
    alternativeText: media.alt_text,
    featured: true
  }))
  const html = rest.content.protected ? "" : rest.content.rendered
  return {
    wordpressId: rest.id,
    type,
    slug: rest.slug,
    url,
    title: titleOf(typeof rest.title === "string" ? rest.title : rest.title.rendered),
    author: author === undefined ? undefined : titleOf(author),
    publishedAt: dateFromWordPress(rest.date_gmt),
    modifiedAt: dateFromWordPress(rest.modified_gmt),
    categories: named("category"),
    tags: named("post_tag"),
    media: distinctMedia([...featured, ...mediaOf(html, url)]),
    protected: rest.content.protected,
    html
  }
}
