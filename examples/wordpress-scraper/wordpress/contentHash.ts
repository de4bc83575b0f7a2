import { DateTime } from "effect"
import { createHash } from "node:crypto"
import type { Home } from "./Home.ts"
import type { Item } from "./Item.ts"

/** Parameters that change with each rendering or each release and never with the content. */
const fleetingParameters = /(?:&amp;|&|\?)(?:_wpnonce|nonce|ver|cb|nocache|timestamp|ts|t|_)=[^"'\s&<>]*/giu

/** Attributes such as `nonce="…"` and `data-rest-nonce='…'`. */
const fleetingAttributes = /\s(?:data-[\w-]*)?(?:nonce|csrf|token)[\w-]*=(?:"[^"]*"|'[^']*'|[^\s>]+)/giu

/** The value of hidden fields such as `<input type="hidden" name="comment_nonce" value="…">`. */
const fleetingField = /<input\b[^>]*\bname=["']?[\w-]*(?:nonce|csrf|token|_wp_http_referer)[^>]*>/giu

/** Numbers that WordPress counts up while it renders, so that they depend on what else is on the page. */
const counted =
  /\b(wp-container-(?:[a-z-]*-)?(?:is-layout-)?|wp-elements-|wp-duotone-|gallery-|playlist-|player-)[\da-f]+\b/giu

/**
 * Reduces HTML to what its author wrote: nothing remains of nonces, comments of caching plug-ins, scripts, version
 * numbers, counters, white space and the address under which the site happens to be reached.
 *
 * @category conversions
 * @since 0.1.0
 */
export const normaliseHtml = (html: string, home: Home): string =>
  home.withoutAddress(html)
    .replace(/<!--[\s\S]*?-->/gu, "")
    .replace(/<(script|style|noscript)\b[\s\S]*?(?:<\/\1\s*>|$)/giu, "")
    .replace(fleetingField, "")
    .replace(fleetingAttributes, "")
    .replace(fleetingParameters, "")
    .replace(counted, "$1")
    .replace(/\s+/gu, " ")
    .replace(/> </gu, "><")
    .trim()

/**
 * Gives what the author wrote a fingerprint: 64 hexadecimal digits of SHA-256, the same as long as the item is.
 *
 * **Details**
 *
 * When it was last modified is left out: WordPress says so also when nothing has changed, and remains silent when a
 * category is renamed.
 *
 * @category conversions
 * @since 0.1.0
 */
export const contentHash = (item: Item, home: Home): string => {
  const names = (terms: Item["tags"]) => terms.map((term) => term.name).sort()
  const parts = [
    item.type,
    home.pathOf(item.url),
    item.title,
    item.author ?? null,
    item.publishedAt === undefined ? null : DateTime.formatIso(item.publishedAt),
    names(item.categories),
    names(item.tags),
    item.media.map((media) => normaliseHtml(media.url, home)).sort(),
    item.protected,
    normaliseHtml(item.html, home)
  ]
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex")
}
