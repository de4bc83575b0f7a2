import { load } from "cheerio"
import type { CheerioAPI } from "cheerio"
import { dateFromWordPress } from "./dates.ts"
import type { Item, ItemType, Term } from "./Item.ts"
import { distinctMedia, mediaOf } from "./restItem.ts"
import { titleOf } from "./text.ts"

/** Where themes put the content, the likeliest first. */
const contentPlaces = [".entry-content", ".wp-block-post-content", ".post-content", ".page-content", "article", "main"]

const titlePlaces = [".entry-title", ".wp-block-post-title", ".post-title", ".page-title", "article h1", "main h1"]

/**
 * What a page says of itself.
 *
 * @category models
 * @since 0.1.0
 */
export interface PageIdentity {
  readonly type: ItemType | undefined
  readonly wordpressId: number | undefined
}

/**
 * Reads from a page what it is: WordPress writes it into the classes of `body`, and the id into the short link.
 *
 * @category accessors
 * @since 0.1.0
 */
export const identityOf = ($: CheerioAPI): PageIdentity => {
  const classes = $("body").attr("class") ?? ""
  const article = $("article[id^='post-']").first().attr("id") ?? ""
  const link = $("link[rel='shortlink']").attr("href") ?? ""
  const id = /\b(?:postid|page-id)-(\d+)\b/u.exec(classes)?.[1] ?? /[?&](?:p|page_id)=(\d+)/u.exec(link)?.[1]
  const single = /\bsingle\b/u.test(classes)
  const page = /(?:^|\s)page(?:\s|$)/u.test(classes) || /\bpage-id-\d+/u.test(classes)
  const type = page ? "page" : single ? "post" : undefined
  const articleId = type === undefined ? undefined : /^post-(\d+)$/u.exec(article)?.[1]
  const number = id ?? articleId
  return { type, wordpressId: number === undefined ? undefined : Number(number) }
}

const first = ($: CheerioAPI, places: ReadonlyArray<string>): string | undefined => {
  for (const place of places) {
    const found = $(place).first()
    if (found.length > 0) return found.html() ?? ""
  }
  return undefined
}

const textAt = ($: CheerioAPI, place: string): string | undefined => {
  const html = $(place).first().html()
  return html === null || html.trim() === "" ? undefined : titleOf(html)
}

const metaAt = ($: CheerioAPI, name: string): string | undefined =>
  $(`meta[property="${name}"], meta[name="${name}"]`).first().attr("content")

const terms = ($: CheerioAPI, place: string): ReadonlyArray<Term> => {
  const names = new Set(
    $(place).toArray().map((element) => titleOf($(element).html() ?? "")).filter((name) => name !== "")
  )
  return [...names].map((name) => ({ id: undefined, name }))
}

const categoryLinks = "a[rel~='category'], .cat-links a, .taxonomy-category a"

/**
 * Reads an item from its HTML page, as far as the page shows it. Survives HTML that is broken.
 *
 * @category conversions
 * @since 0.1.0
 */
export const itemFromHtml = (body: string, address: string, expected: ItemType): Item => {
  const $ = load(body)
  const identity = identityOf($)
  const canonical = $("link[rel='canonical']").attr("href") ?? ""
  const url = URL.canParse(canonical, address) ? new URL(canonical, address).href : address
  const locked = $("form.post-password-form").length > 0
  const html = locked ? "" : (first($, contentPlaces) ?? "").trim()
  const title = first($, titlePlaces) ?? metaAt($, "og:title") ?? $("title").text()
  const image = metaAt($, "og:image")
  const featured = image === undefined || !URL.canParse(image, url)
    ? []
    : [{ url: new URL(image, url).href, alternativeText: metaAt($, "og:image:alt") ?? "", featured: true }]
  return {
    wordpressId: identity.wordpressId,
    type: identity.type ?? expected,
    slug: decodeURIComponent(new URL(url).pathname.split("/").findLast((part) => part !== "") ?? ""),
    url,
    title: titleOf(title),
    author: metaAt($, "author") ??
      textAt($, ".author .fn, .byline a, a[rel='author'], .wp-block-post-author-name, .entry-author"),
    publishedAt: dateFromWordPress(
      metaAt($, "article:published_time") ??
        $("time.published[datetime], time.entry-date[datetime], article time[datetime]").first().attr("datetime")
    ),
    modifiedAt: dateFromWordPress(
      metaAt($, "article:modified_time") ?? $("time.updated[datetime]").first().attr("datetime")
    ),
    categories: terms($, categoryLinks),
    tags: terms(
      $,
      ".tags-links a, .taxonomy-post_tag a, .tag-links a, a[rel='tag']:not(.cat-links a, .taxonomy-category a)"
    ),
    media: distinctMedia([...featured, ...mediaOf(html, url)]),
    protected: locked,
    html
  }
}
