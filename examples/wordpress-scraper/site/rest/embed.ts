import type { World } from "../World.ts"
import { collections } from "./collections.ts"
import type { Representation, View } from "./represent.ts"

const view: View = { context: "embed", nonce: "", single: false }

/** An object as it is shown inside another one, or, as WordPress has it, the refusal in its place. */
const one = (world: World, name: string, id: number): unknown => {
  const collection = collections[name]
  const row = collection?.rows(world).find((row) => row.id === id)
  return row?.show(view) ?? (collection === undefined ? null : collection.missing.body)
}

/**
 * Adds `_embedded`: for each embeddable link the object behind it, in its
 * short form.
 */
export const embed = (world: World, whole: Representation, relations: ReadonlyArray<string>): Representation => {
  const number = (field: string): number => Number(whole[field] ?? 0)
  const list = (field: string): ReadonlyArray<number> => {
    const found = whole[field]
    return Array.isArray(found) ? found.map(Number) : []
  }
  const isPost = whole["type"] === "post" || whole["type"] === "page"
  const replies = isPost
    ? world.content.comments.filter((comment) => comment.post === whole["id"]).map((comment) =>
      one(world, "comments", comment.id)
    )
    : []
  const all: Record<string, ReadonlyArray<unknown>> = {
    ...("author" in whole && number("author") !== 0 ? { author: [one(world, "users", number("author"))] } : {}),
    ...(replies.length === 0 ? {} : { replies: [replies] }),
    ...(number("featured_media") === 0 ? {} : { "wp:featuredmedia": [one(world, "media", number("featured_media"))] }),
    ...("categories" in whole
      ? {
        "wp:term": [
          list("categories").map((id) => one(world, "categories", id)),
          list("tags").map((id) => one(world, "tags", id))
        ]
      }
      : {}),
    ...(isPost && number("parent") !== 0 ? { up: [one(world, "pages", number("parent"))] } : {}),
    ...(whole["type"] === "comment" ? { up: [one(world, "posts", number("post"))] } : {})
  }
  const wanted = Object.entries(all).filter(([relation]) => relations.length === 0 || relations.includes(relation))
  return wanted.length === 0 ? whole : { ...whole, _embedded: Object.fromEntries(wanted) }
}
