import type { World } from "./World.ts"
import { authorPath, postPath, published, termPath, zoned } from "./World.ts"

/** Tells crawlers what they may do. */
export const robots = (world: World, prefix: string, crawlDelaySeconds: number | undefined): string =>
  [
    "User-agent: *",
    `Disallow: ${prefix}/wp-admin/`,
    `Allow: ${prefix}/wp-admin/admin-ajax.php`,
    ...(crawlDelaySeconds === undefined ? [] : [`Crawl-delay: ${crawlDelaySeconds}`]),
    "",
    `Sitemap: ${sitemapAddress(world, undefined)}`,
    ""
  ].join("\n")

interface Entry {
  readonly address: string
  readonly modified: string | undefined
}

const sections = ["posts-post", "posts-page", "taxonomies-category", "taxonomies-post_tag", "users"] as const
type Section = typeof sections[number]

const sitemapAddress = (
  world: World,
  part: { readonly section: Section; readonly page: number } | undefined
): string => {
  if (world.permalinks === "pretty") {
    return `${world.base}/${part === undefined ? "wp-sitemap.xml" : `wp-sitemap-${part.section}-${part.page}.xml`}`
  }
  const [name, subtype] = part?.section.split("-") ?? ["index"]
  return `${world.base}/?sitemap=${name}${subtype === undefined ? "" : `&sitemap-subtype=${subtype}`}${
    part === undefined ? "" : `&paged=${part.page}`
  }`
}

const entries = (world: World, section: Section): ReadonlyArray<Entry> => {
  switch (section) {
    case "posts-post":
    case "posts-page":
      return [
        ...(section === "posts-page" ? [{ address: `${world.base}/`, modified: undefined }] : []),
        ...published(world, section === "posts-post" ? "post" : "page")
          // WordPress leaves protected posts out of its sitemaps, and sorts by id.
          .filter((post) => !post.password)
          .toSorted((left, right) => left.id - right.id)
          .map((post) => ({ address: `${world.base}${postPath(world, post)}`, modified: zoned(post.modified) }))
      ]
    case "taxonomies-category":
    case "taxonomies-post_tag": {
      const used = new Set(published(world, "post").flatMap((post) => [...post.categories, ...post.tags]))
      return world.content.terms
        .filter((term) => `taxonomies-${term.taxonomy}` === section && used.has(term.id))
        .map((term) => ({ address: `${world.base}${termPath(world, term)}`, modified: undefined }))
    }
    case "users":
      return world.content.authors
        .filter((author) => published(world, "post").some((post) => post.author === author.id))
        .map((author) => ({ address: `${world.base}${authorPath(world, author)}`, modified: undefined }))
  }
}

const xml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")

const document = (root: "sitemapindex" | "urlset", child: "sitemap" | "url", list: ReadonlyArray<Entry>): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${
    list.map(({ address, modified }) =>
      `<${child}><loc>${xml(address)}</loc>${modified === undefined ? "" : `<lastmod>${modified}</lastmod>`}</${child}>`
    ).join("")
  }</${root}>\n`

/** The list of sitemaps, each of which lists at most `size` pages. */
export const sitemapIndex = (world: World, size: number): string =>
  document(
    "sitemapindex",
    "sitemap",
    sections.flatMap((section) =>
      Array.from({ length: Math.ceil(entries(world, section).length / size) }, (_, index) => ({
        address: sitemapAddress(world, { section, page: index + 1 }),
        modified: undefined
      }))
    )
  )

/** One of the sitemaps, if there is such a one. */
export const sitemap = (world: World, name: string, page: number, size: number): string | undefined => {
  const section = sections.find((section) => section === name)
  const list = section === undefined ? [] : entries(world, section).slice((page - 1) * size, page * size)
  return list.length === 0 ? undefined : document("urlset", "url", list)
}

/** The newest ten posts as RSS. */
export const feed = (world: World): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n<title>${world.name}</title>\n<link>${world.base}/</link>\n<description>${world.tagline}</description>\n<language>en-GB</language>\n<generator>https://wordpress.org/?v=6.8.2</generator>\n${
    [...published(world, "post")].sort((left, right) => right.at.getTime() - left.at.getTime()).slice(0, 10).map((
      post
    ) =>
      `<item><title>${post.title.replaceAll(/&(?!#|amp;|lt;)/g, "&amp;")}</title><link>${
        xml(`${world.base}${postPath(world, post)}`)
      }</link><pubDate>${post.at.toUTCString()}</pubDate><guid isPermaLink="false">${
        xml(`${world.base}/?p=${post.id}`)
      }</guid><description><![CDATA[${post.password ? "" : post.excerpt.trim()}]]></description>${
        post.password ? "" : `<content:encoded><![CDATA[${post.content}]]></content:encoded>`
      }</item>`
    ).join("\n")
  }\n</channel>\n</rss>\n`
