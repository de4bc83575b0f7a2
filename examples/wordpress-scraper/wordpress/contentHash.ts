import { DateTime } from "effect"
import { createHash } from "node:crypto"
import type { Home } from "./Home.ts"
import type { Item } from "./Item.ts"

/** Parameters that change with each rendering or each release and never with the content. */
const fleetingParameters =
  /(?:&amp;|&#0?38;|&|\?)(?:_wpnonce|_ajax_nonce|nonce|token|ver|cb|nocache|timestamp|ts|t|_)=[^"'\s&<>]*/giu

/** What a reader gets of an element besides its text. All else is how it looks and works: it changes with the theme. */
const telling = /\s(href|src|srcset|poster|data|alt|title|cite|datetime|lang)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)/giu

const tag = /<([a-z][\w:-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/giu

const withTellingAttributes = (_: string, name: string, attributes: string): string => {
  const kept = Array.from(
    attributes.matchAll(telling),
    ([, attribute, value]) => `${attribute!.toLowerCase()}="${value!.replace(/^["']|["']$/gu, "")}"`
  )
  return `<${[name.toLowerCase(), ...kept.sort()].join(" ")}>`
}

/**
 * Reduces HTML to what its author wrote: elements, text, links, pictures. Nothing remains of nonces, hidden fields, classes,
 * scripts, comments of caching plug-ins, version numbers, white space, and the address under which the site is reached.
 *
 * @category conversions
 * @since 0.1.0
 */
export const normaliseHtml = (html: string, home: Home): string =>
  home.withoutAddress(html)
    .replace(/<!--[\s\S]*?-->/gu, "")
    .replace(/<(script|style|noscript)\b[\s\S]*?(?:<\/\1\s*>|$)/giu, "")
    .replace(/<input\b[^>]*>/giu, "")
    .replace(tag, withTellingAttributes)
    .replace(fleetingParameters, "")
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
