import { Result, Schema } from "effect"
import { XMLParser } from "fast-xml-parser"
import type { ItemType } from "./Item.ts"

/**
 * What a sitemap file lists: other files, or pages.
 *
 * @category models
 * @since 0.1.0
 */
export interface Sitemap {
  readonly sitemaps: ReadonlyArray<string>
  readonly pages: ReadonlyArray<string>
}

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => name === "sitemap" || name === "url"
})

const Entry = Schema.Struct({ loc: Schema.String })
const Document = Schema.Struct({
  sitemapindex: Schema.optionalKey(
    Schema.Union([Schema.Struct({ sitemap: Schema.optionalKey(Schema.Array(Entry)) }), Schema.String])
  ),
  urlset: Schema.optionalKey(
    Schema.Union([Schema.Struct({ url: Schema.optionalKey(Schema.Array(Entry)) }), Schema.String])
  )
})
const decode = Schema.decodeUnknownResult(Document)

/**
 * Reads a sitemap file. Fails where the text is not one.
 *
 * @category conversions
 * @since 0.1.0
 */
export const parseSitemap = (xml: string): Result.Result<Sitemap, string> => {
  const parsed = Result.try({
    try: (): unknown => parser.parse(xml.replace(/^[\s\uFEFF]+/u, "")),
    catch: (cause) => String(cause)
  })
  return Result.flatMap(parsed, (document) => {
    const decoded = decode(document)
    if (Result.isFailure(decoded)) return Result.fail("not a sitemap")
    const { sitemapindex, urlset } = decoded.success
    if (sitemapindex === undefined && urlset === undefined) return Result.fail("not a sitemap")
    return Result.succeed({
      sitemaps: typeof sitemapindex === "object" ? (sitemapindex.sitemap ?? []).map((entry) => entry.loc) : [],
      pages: typeof urlset === "object" ? (urlset.url ?? []).map((entry) => entry.loc) : []
    })
  })
}

/**
 * Tells by its name what a sitemap file lists: WordPress's own (`wp-sitemap-posts-page-1.xml`,
 * `?sitemap=posts&sitemap-subtype=page`) and those of the usual plug-ins (`page-sitemap.xml`). `other` lists archives of
 * categories, tags and authors; `unknown` may list anything.
 *
 * @category accessors
 * @since 0.1.0
 */
export const sitemapKind = (url: string): ItemType | "other" | "unknown" => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const section = parsed?.searchParams.get("sitemap")
  if (section !== null && section !== undefined) {
    const subtype = parsed?.searchParams.get("sitemap-subtype")
    if (section === "index") return "unknown"
    return section === "posts" && (subtype === "post" || subtype === "page") ? subtype : "other"
  }
  const name = (parsed?.pathname.split("/").at(-1) ?? "").toLowerCase()
  const own = /^wp-sitemap-([a-z]+)-([\w-]+?)-\d+\.xml$/u.exec(name) ?? /^wp-sitemap-([a-z]+)-\d+\.xml$/u.exec(name)
  if (own !== null) return own[1] === "posts" && (own[2] === "post" || own[2] === "page") ? own[2] : "other"
  const plugin = /^([\w-]+?)-sitemap\d*\.xml$/u.exec(name)?.[1]
  if (plugin === undefined) return "unknown"
  return plugin === "post" || plugin === "page" ? plugin : "other"
}
