import { fraction } from "../chance.ts"
import { published } from "../World.ts"
import type { World } from "../World.ts"
import type { Answer } from "./Answer.ts"
import { refuse } from "./Answer.ts"
import type { Parameters } from "./parameters.ts"
import type { Representation, View } from "./represent.ts"
import { representAuthor, representComment, representMedium, representPost, representTerm } from "./represent.ts"

/** What collections are searched, filtered and sorted by; `undefined` where a kind of object has no such thing. */
export interface Row {
  readonly id: number
  readonly slug: string
  readonly name: string
  readonly text: string
  readonly at: number
  readonly modified: number
  readonly author?: number
  readonly parent: number
  readonly post?: ReadonlyArray<number>
  readonly order?: number
  readonly count?: number
  readonly sticky?: boolean
  readonly categories?: ReadonlyArray<number>
  readonly tags?: ReadonlyArray<number>
  /** Counted, but shown to nobody. */
  readonly hidden?: boolean
  readonly show: (view: View) => Representation
}

/** One kind of object the REST API lists. */
export interface Collection {
  readonly rows: (world: World) => ReadonlyArray<Row>
  /** What it can be sorted by, and is if nothing is asked. */
  readonly orderings: ReadonlyArray<string>
  readonly orderBy: string
  readonly order: "asc" | "desc"
  /** Whether a page past the end is an error; for terms, users and comments it is an empty list. */
  readonly endIsError: boolean
  readonly missing: Answer
  readonly forbiddenEdit: string
}

const missingPost = refuse(404, "rest_post_invalid_id", "Invalid post ID.")
const postOrderings = [
  "author",
  "date",
  "id",
  "include",
  "modified",
  "parent",
  "relevance",
  "slug",
  "include_slugs",
  "title"
]

const postsOf = (type: "post" | "page"): Collection => ({
  rows: (world) =>
    world.content.posts.filter((post) => post.type === type).map((post) => ({
      id: post.id,
      slug: post.slug,
      name: post.title,
      text: `${post.title} ${post.excerpt} ${post.password ? "" : post.content}`,
      at: post.at.getTime(),
      modified: post.modified.getTime(),
      author: post.author,
      parent: post.parent,
      order: post.order,
      sticky: post.sticky,
      categories: post.categories,
      tags: post.tags,
      hidden: post.status === "private",
      show: (view) => representPost(world, post, view)
    })),
  orderings: type === "page" ? [...postOrderings, "menu_order"] : postOrderings,
  orderBy: "date",
  order: "desc",
  endIsError: true,
  missing: missingPost,
  forbiddenEdit: "Sorry, you are not allowed to edit posts in this post type."
})

const termsOf = (taxonomy: "category" | "post_tag"): Collection => ({
  rows: (world) =>
    world.content.terms.filter((term) => term.taxonomy === taxonomy).map((term) => {
      const posts = published(world, "post").filter((post) => [...post.categories, ...post.tags].includes(term.id))
      return {
        id: term.id,
        slug: term.slug,
        name: term.name,
        text: `${term.name} ${term.description}`,
        at: 0,
        modified: 0,
        parent: term.parent,
        post: posts.map((post) => post.id),
        count: posts.length,
        show: (view) => representTerm(world, term, view)
      }
    }),
  orderings: ["id", "include", "name", "slug", "include_slugs", "term_group", "description", "count"],
  orderBy: "name",
  order: "asc",
  endIsError: false,
  missing: refuse(404, "rest_term_invalid", "Term does not exist."),
  forbiddenEdit: "Sorry, you are not allowed to edit terms in this taxonomy."
})

/** The collections by the last part of their route. */
export const collections: Readonly<Record<string, Collection>> = {
  posts: postsOf("post"),
  pages: postsOf("page"),
  categories: termsOf("category"),
  tags: termsOf("post_tag"),
  media: {
    rows: (world) =>
      world.content.media.map((medium) => ({
        id: medium.id,
        slug: medium.slug,
        name: medium.title,
        text: `${medium.title} ${medium.alternative}`,
        at: medium.at.getTime(),
        modified: medium.at.getTime(),
        author: medium.author,
        parent: medium.post,
        show: (view) => representMedium(world, medium, view)
      })),
    orderings: postOrderings,
    orderBy: "date",
    order: "desc",
    endIsError: true,
    missing: missingPost,
    forbiddenEdit: "Sorry, you are not allowed to edit posts in this post type."
  },
  users: {
    rows: (world) =>
      world.content.authors
        .filter((author) => published(world, "post").some((post) => post.author === author.id))
        .map((author) => ({
          id: author.id,
          slug: author.slug,
          name: author.name,
          text: author.name,
          at: 0,
          modified: 0,
          parent: 0,
          show: (view) => representAuthor(world, author, view)
        })),
    orderings: ["id", "include", "name", "registered_date", "slug", "include_slugs", "email", "url"],
    orderBy: "name",
    order: "asc",
    endIsError: false,
    missing: refuse(404, "rest_user_invalid_id", "Invalid user ID."),
    forbiddenEdit: "Sorry, you are not allowed to list users."
  },
  comments: {
    rows: (world) =>
      world.content.comments.map((comment) => ({
        id: comment.id,
        slug: "",
        name: comment.author,
        text: comment.content,
        at: comment.at.getTime(),
        modified: comment.at.getTime(),
        parent: comment.parent,
        post: [comment.post],
        show: (view) => representComment(world, comment, view)
      })),
    orderings: ["date", "date_gmt", "id", "include", "post", "parent", "type"],
    orderBy: "date_gmt",
    order: "desc",
    endIsError: false,
    missing: refuse(404, "rest_comment_invalid_id", "Invalid comment ID."),
    forbiddenEdit: "Sorry, you are not allowed to edit comments."
  }
}

const among = (wanted: ReadonlyArray<number>, found: ReadonlyArray<number> | undefined): boolean =>
  wanted.length === 0 || (found ?? []).some((id) => wanted.includes(id))

/** Keeps what the parameters ask for. */
export const select = (rows: ReadonlyArray<Row>, asked: Parameters): ReadonlyArray<Row> =>
  rows.filter((row) =>
    (asked.include.length === 0 || asked.include.includes(row.id)) &&
    !asked.exclude.includes(row.id) &&
    (asked.slugs.length === 0 || asked.slugs.includes(row.slug) ||
      asked.slugs.includes(encodeURIComponent(row.slug).toLowerCase())) &&
    (asked.search === "" || row.text.toLowerCase().includes(asked.search)) &&
    among(asked.categories, row.categories) &&
    among(asked.tags, row.tags) &&
    among(asked.authors, row.author === undefined ? undefined : [row.author]) &&
    among(asked.parents, [row.parent]) &&
    among(asked.post, row.post) &&
    (!asked.hideEmpty || row.count !== 0) &&
    (asked.sticky === undefined || row.sticky === asked.sticky) &&
    row.at > asked.after && row.at < asked.before &&
    row.modified > asked.modifiedAfter && row.modified < asked.modifiedBefore
  )

/** Sorts as asked; what is equal by that stays in the order of its ids, or, with `restless`, in none. */
export const arrange = (
  rows: ReadonlyArray<Row>,
  asked: Parameters,
  restless: string | undefined
): ReadonlyArray<Row> => {
  const key = (row: Row): number | string => {
    switch (asked.orderBy) {
      case "modified":
        return row.modified
      case "id":
        return row.id
      case "author":
        return row.author ?? 0
      case "parent":
        return row.parent
      case "menu_order":
        return row.order ?? 0
      case "count":
        return row.count ?? 0
      case "post":
        return row.post?.[0] ?? 0
      case "include":
        return asked.include.indexOf(row.id)
      case "include_slugs":
        return asked.slugs.indexOf(row.slug)
      case "slug":
        return row.slug
      case "title":
      case "name":
        return row.name.toLowerCase()
      case "description":
        return row.text
      default:
        return row.at
    }
  }
  // The order of `include` is the caller's own.
  const sign = asked.order === "asc" || asked.orderBy.startsWith("include") ? 1 : -1
  return rows.map((row) => ({ row, key: key(row), tie: restless === undefined ? row.id : fraction(restless, row.id) }))
    .sort((left, right) => left.key < right.key ? -sign : left.key > right.key ? sign : sign * (left.tie - right.tie))
    .map(({ row }) => row)
}
