import type { Author, Content, Medium, Post, Term } from "./content/Content.ts"
import type { Troubles } from "./troubles.ts"

/** What every part of the site needs to know. */
export interface World {
  /** Where the site lives, without a slash at its end: `http://127.0.0.1:8080/blog`. */
  readonly base: string
  readonly seed: number
  readonly permalinks: "pretty" | "plain"
  readonly rest: "open" | "closed-401" | "closed-404"
  readonly troubles: Troubles
  readonly content: Content
  readonly name: string
  readonly tagline: string
}

const twoDigits = (value: number): string => String(value).padStart(2, "0")

/** The hours by which the site's clock is ahead of Greenwich. */
export const offsetHours = 1

/** Writes an instant as WordPress does: without a zone, in the site's time or in Greenwich's. */
export const gmt = (at: Date): string => at.toISOString().slice(0, 19)
export const local = (at: Date): string => gmt(new Date(at.getTime() + offsetHours * 3_600_000))

/** Writes an instant in the site's time with its zone, as HTML and sitemaps have it. */
export const zoned = (at: Date): string => `${local(at)}+${twoDigits(offsetHours)}:00`

const year = (post: Post): string => local(post.at).slice(0, 4)
const month = (post: Post): string => local(post.at).slice(5, 7)

export const postPath = (world: World, post: Post, slug: string = post.slug): string => {
  if (world.permalinks === "plain") {
    return post.type === "page" ? `/?page_id=${post.id}` : `/?p=${post.id}`
  }
  if (post.type === "post") {
    return `/${year(post)}/${month(post)}/${slug}/`
  }
  const above = world.content.posts.find((other) => other.id === post.parent)
  return above === undefined ? `/${slug}/` : `${postPath(world, above)}${slug}/`
}

export const termPath = (world: World, term: Term): string => {
  if (world.permalinks === "plain") {
    return term.taxonomy === "category" ? `/?cat=${term.id}` : `/?tag=${term.slug}`
  }
  const above = world.content.terms.find((other) => other.id === term.parent)
  return term.taxonomy === "post_tag"
    ? `/tag/${term.slug}/`
    : `/category/${above === undefined ? "" : `${above.slug}/`}${term.slug}/`
}

export const authorPath = (world: World, author: Author): string =>
  world.permalinks === "plain" ? `/?author=${author.id}` : `/author/${author.slug}/`

export const mediumPath = (world: World, medium: Medium): string =>
  world.permalinks === "plain" ? `/?attachment_id=${medium.id}` : `/${medium.slug}/`

/** The address of a REST route, which begins with a slash, with the parameters it is asked with. */
export const restUrl = (world: World, route: string, parameters: Readonly<Record<string, number>> = {}): string => {
  const plain = world.permalinks === "plain"
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`).join("&")
  return `${world.base}${plain ? `/index.php?rest_route=${route}` : `/wp-json${route}`}${
    query === "" ? "" : `${plain ? "&" : "?"}${query}`
  }`
}

export const published = (world: World, type: Post["type"]): ReadonlyArray<Post> =>
  world.content.posts.filter((post) => post.type === type && post.status === "publish")
