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

const newest = (world: World): string =>
  zoned(new Date(Math.max(...published(world, "post").map((post) => post.modified.getTime()))))

interface Entry {
  readonly address: string
  readonly modified: string | undefined
}

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

const pagesOf = (world: World, type: "post" | "page"): ReadonlyArray<Entry> =>
  published(world, type)
    .toSorted((left, right) => left.id - right.id)
    .map((post) => ({ address: `${world.base}${postPath(world, post)}`, modified: zoned(post.modified) }))

const termsOf = (world: World, taxonomy: "category" | "post_tag"): ReadonlyArray<Entry> => {
  const posts = published(world, "post")
  return world.content.terms
    .filter((term) => term.taxonomy === taxonomy)
    .filter((term) => posts.some((post) => post.categories.includes(term.id) || post.tags.includes(term.id)))
    .map((term) => ({ address: `${world.base}${termPath(world, term)}`, modified: undefined }))
}

const usersOf = (world: World): ReadonlyArray<Entry> =>
  world.content.authors
    .filter((author) => published(world, "post").some((post) => post.author === author.id))
    .map((author) => ({ address: `${world.base}${authorPath(world, author)}`, modified: undefined }))

/** What each kind of sitemap lists; protected posts too, as in WordPress. */
const sections = {
  "posts-post": (world: World) => pagesOf(world, "post"),
  "posts-page": (world: World) => pagesOf(world, "page"),
  "taxonomies-category": (world: World) => termsOf(world, "category"),
  "taxonomies-post_tag": (world: World) => termsOf(world, "post_tag"),
  users: usersOf
}
type Section = keyof typeof sections

/** The names of the kinds of sitemaps, as they are part of a sitemap's address. */
export const sitemapNames: ReadonlyArray<Section> = [
  "posts-post",
  "posts-page",
  "taxonomies-category",
  "taxonomies-post_tag",
  "users"
]

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
    sitemapNames.flatMap((section) =>
      Array.from({ length: Math.ceil(sections[section](world).length / size) }, (_, index) => ({
        address: sitemapAddress(world, { section, page: index + 1 }),
        modified: undefined
      }))
    )
  )

/** One of the sitemaps, if there is such a one. */
export const sitemap = (world: World, name: string, page: number, size: number): string | undefined => {
  const section = sitemapNames.find((section) => section === name)
  const list = section === undefined ? [] : sections[section](world).slice((page - 1) * size, page * size)
  // The home page heads the first list of pages, on top of what fits in.
  const home = section === "posts-page" && page === 1 ? [{ address: `${world.base}/`, modified: newest(world) }] : []
  return list.length === 0 ? undefined : document("urlset", "url", [...home, ...list])
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
