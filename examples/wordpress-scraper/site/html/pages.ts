import { hexadecimal } from "../chance.ts"
import type { Post } from "../content/Content.ts"
import type { World } from "../World.ts"
import { authorPath, local, postPath, published, restUrl, termPath } from "../World.ts"
import { layout, singlePage, summary } from "./theme.ts"

/** What the site shows a browser. */
export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly html: string
  /** The post it shows, if it shows one. */
  readonly post?: Post
}

const perPage = 10

const shown = (world: World, html: string, extra: Partial<Page> = {}): Page => ({
  status: 200,
  headers: world.rest === "closed-404" ? {} : { Link: `<${restUrl(world, "/")}>; rel="https://api.w.org/"` },
  html,
  ...extra
})

/** Sends the browser elsewhere on the site, for good. */
export const moved = (world: World, path: string): Page => ({
  status: 301,
  headers: { Location: `${world.base}${path}`, "X-Redirect-By": "WordPress" },
  html: ""
})

/** Says that there is nothing here. */
export const notFound = (world: World, status: 404 | 410 = 404): Page =>
  shown(
    world,
    layout(
      world,
      {
        title: "Page not found",
        canonical: `${world.base}/`,
        description: "",
        kind: "website",
        bodyClass: "error404",
        extra: []
      },
      `<section class="error-404 not-found"><h1 class="page-title">Oops! That page can&rsquo;t be found.</h1></section>`
    ),
    { status }
  )

const newestFirst = (posts: ReadonlyArray<Post>): ReadonlyArray<Post> =>
  [...posts].sort((left, right) => right.at.getTime() - left.at.getTime() || right.id - left.id)

const pageAddress = (path: string, number: number): string =>
  number === 1
    ? path
    : path.includes("?")
    ? `${path}&paged=${number}`
    : path === "/"
    ? `/page/${number}/`
    : `${path}page/${number}/`

const archive = (
  world: World,
  title: string,
  path: string,
  bodyClass: string,
  posts: ReadonlyArray<Post>,
  number: number
): Page => {
  const pages = Math.max(1, Math.ceil(posts.length / perPage))
  if (!Number.isInteger(number) || number < 1 || number > pages) {
    return notFound(world)
  }
  const address = (page: number): string =>
    path === "/" && world.permalinks === "plain" && page > 1
      ? `${world.base}/?paged=${page}`
      : `${world.base}${pageAddress(path, page)}`
  const links = [
    ...(number > 1 ? [`<a class="prev page-numbers" href="${address(number - 1)}">Newer posts</a>`] : []),
    ...(number < pages ? [`<a class="next page-numbers" href="${address(number + 1)}">Older posts</a>`] : [])
  ]
  return shown(
    world,
    layout(
      world,
      {
        title,
        canonical: address(number),
        description: world.tagline,
        kind: "website",
        bodyClass,
        extra: [
          ...(number > 1 ? [`<link rel="prev" href="${address(number - 1)}" />`] : []),
          ...(number < pages ? [`<link rel="next" href="${address(number + 1)}" />`] : [])
        ]
      },
      `${title === "" ? "" : `<header class="page-header"><h1 class="page-title">${title}</h1></header>\n`}${
        newestFirst(posts).slice((number - 1) * perPage, number * perPage).map((post) => summary(world, post)).join(
          "\n"
        )
      }\n<nav class="navigation pagination" aria-label="Posts pagination">${links.join(" ")}</nav>`
    )
  )
}

/** The newest posts. */
export const home = (world: World, number: number): Page =>
  archive(world, "", "/", "home blog", published(world, "post"), number)

/** The posts of a category or tag. */
export const term = (world: World, taxonomy: "category" | "post_tag", key: string | number, number: number): Page => {
  const found = world.content.terms.find((term) => term.taxonomy === taxonomy && (term.slug === key || term.id === key))
  if (found === undefined) {
    return notFound(world)
  }
  const shownIds = new Set(
    [found, ...world.content.terms.filter((term) => term.parent === found.id)].map(({ id }) => id)
  )
  const title = `${taxonomy === "category" ? "Category" : "Tag"}: ${found.name}`
  const posts = published(world, "post").filter((post) =>
    [...post.categories, ...post.tags].some((id) => shownIds.has(id))
  )
  return archive(world, title, termPath(world, found), `archive ${taxonomy}`, posts, number)
}

/** The posts of an author. */
export const author = (world: World, key: string | number, number: number): Page => {
  const found = world.content.authors.find((author) => author.slug === key || author.id === key)
  return found === undefined
    ? notFound(world)
    : archive(
      world,
      `Author: ${found.name}`,
      authorPath(world, found),
      "archive author",
      published(world, "post").filter((post) => post.author === found.id),
      number
    )
}

/** The posts of a month, given as `2024/05`. */
export const month = (world: World, path: string, number: number): Page => {
  const posts = published(world, "post").filter((post) => local(post.at).slice(0, 7).replace("-", "/") === path)
  return posts.length === 0
    ? notFound(world)
    : archive(world, `Month: ${path}`, `/${path}/`, "archive date", posts, number)
}

/** What contains the words. */
export const search = (world: World, words: string, number: number): Page =>
  archive(
    world,
    `Search results`,
    `/?s=${encodeURIComponent(words)}`,
    "search",
    published(world, "post").filter((post) =>
      !post.password && `${post.title} ${post.content}`.toLowerCase().includes(words.toLowerCase())
    ),
    number
  )

/** One post or page, as it is shown the `count`-th time. */
export const single = (world: World, post: Post, count: number): Page => {
  const nonce = hexadecimal(10, world.seed, "page", count)
  const content = world.troubles.nonce && post.id === world.content.victims.nonce
    ? `${post.content}<form class="newsletter" method="post"><input type="hidden" name="_wpnonce" value="${nonce}"/></form>`
    : post.content
  return world.troubles.deleted && post.id === world.content.victims.deleted
    ? { ...notFound(world, 410), post }
    : { ...shown(world, singlePage(world, post, content)), post }
}

const canonicalSlug = (slug: string): string => {
  try {
    return encodeURIComponent(decodeURIComponent(slug)).toLowerCase()
  } catch {
    return slug
  }
}

/**
 * Finds what a permalink leads to: the post, a redirect from the slug it had
 * before, a guess for a slug that is only the beginning of one, or nothing.
 */
export const permalink = (world: World, path: string, count: number): Page => {
  const parts = path.split("/").filter((part) => part !== "").map(canonicalSlug)
  const slug = parts[parts.length - 1] ?? ""
  const posts = [...published(world, "post"), ...published(world, "page")]
  const exact = posts.find((post) =>
    postPath(world, post).split("/").filter((part) => part !== "").join("/") === parts.join("/")
  )
  if (exact !== undefined) {
    return path.endsWith("/") ? single(world, exact, count) : moved(world, postPath(world, exact))
  }
  const former = posts.find((post) => post.formerSlug === slug)
  const guess = former ?? posts.find((post) => post.slug === slug) ??
    (slug.length > 3 ? posts.find((post) => post.slug.startsWith(slug)) : undefined)
  return guess === undefined ? notFound(world) : moved(world, postPath(world, guess))
}
