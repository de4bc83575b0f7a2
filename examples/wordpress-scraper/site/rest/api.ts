import { hexadecimal } from "../chance.ts"
import type { World } from "../World.ts"
import { restUrl } from "../World.ts"
import type { Answer } from "./Answer.ts"
import { noRoute, ok, refuse } from "./Answer.ts"
import { arrange, collections, select } from "./collections.ts"
import { embed } from "./embed.ts"
import { parameters, values } from "./parameters.ts"
import type { Representation } from "./represent.ts"
import { index, statuses, types } from "./schema.ts"

/** What the API is asked: a route, its query, and how many requests came before, which nonces depend on. */
export interface Asked {
  readonly route: string
  readonly query: URLSearchParams
  readonly count: number
}

const pick = (source: unknown, path: ReadonlyArray<string>): unknown => {
  const [head, ...rest] = path
  if (head === undefined || typeof source !== "object" || source === null || !(head in source)) {
    return head === undefined ? source : undefined
  }
  const inner = pick(Reflect.get(source, head), rest)
  return inner === undefined ? undefined : { [head]: inner }
}

const merge = (left: unknown, right: unknown): unknown =>
  typeof left === "object" && left !== null && typeof right === "object" && right !== null
    ? Object.fromEntries(
      [...new Set([...Object.keys(left), ...Object.keys(right)])].map((key) => [
        key,
        key in left && key in right
          ? merge(Reflect.get(left, key), Reflect.get(right, key))
          : Reflect.get(key in left ? left : right, key)
      ])
    )
    : right

/** Keeps the fields `_fields` names; `title.rendered` names a field inside a field. */
const fieldsOf = (whole: Representation, query: URLSearchParams): unknown => {
  const fields = values(query, "_fields")
  return fields.length === 0
    ? whole
    : fields.map((field) => pick(whole, field.split("."))).filter((part) => part !== undefined).reduce(merge, {})
}

const shape = (world: World, asked: Asked, whole: Representation): unknown => {
  const fields = values(asked.query, "_fields")
  const wantsEmbedded = asked.query.has("_embed") &&
    (fields.length === 0 || fields.some((field) => field === "_embedded" || field.startsWith("_embedded.")))
  const relations = values(asked.query, "_embed").filter((relation) => relation !== "1" && relation !== "true")
  return fieldsOf(wantsEmbedded ? embed(world, whole, relations) : whole, asked.query)
}

const pageLink = (world: World, asked: Asked, page: number): string => {
  const query = new URLSearchParams(asked.query)
  query.delete("rest_route")
  query.set("page", String(page))
  const url = restUrl(world, asked.route)
  return `<${url}${url.includes("?") ? "&" : "?"}${query.toString()}>; rel="${
    page > Number(asked.query.get("page") ?? 1) ? "next" : "prev"
  }"`
}

const list = (world: World, name: string, asked: Asked): Answer => {
  const collection = collections[name]
  if (collection === undefined) {
    return noRoute
  }
  const checked = parameters(asked.query, collection)
  if (checked._tag === "Invalid") {
    return checked.answer
  }
  const wanted = checked.value
  const { context } = wanted
  if (context === "edit") {
    return refuse(401, "rest_forbidden_context", collection.forbiddenEdit)
  }
  const selected = arrange(
    select(collection.rows(world), wanted),
    wanted,
    world.troubles.restless ? `${world.seed} ${asked.count}` : undefined
  )
  const pages = Math.ceil(selected.length / wanted.perPage)
  if (wanted.page > pages && selected.length > 0 && collection.endIsError && !world.troubles.emptyPastEnd) {
    return refuse(
      400,
      "rest_post_invalid_page_number",
      "The page number requested is larger than the number of pages available."
    )
  }
  const from = wanted.offset ?? (wanted.page - 1) * wanted.perPage
  const links = [
    ...(wanted.page > 1 ? [pageLink(world, asked, Math.min(wanted.page - 1, Math.max(pages, 1)))] : []),
    ...(wanted.page < pages ? [pageLink(world, asked, wanted.page + 1)] : [])
  ]
  const view = { context, nonce: hexadecimal(10, world.seed, "list", asked.count), single: false }
  return ok(
    selected
      .slice(from, from + wanted.perPage)
      .filter((row) => row.hidden !== true)
      .map((row) => shape(world, asked, row.show(view))),
    {
      "X-WP-Total": String(selected.length),
      "X-WP-TotalPages": String(pages),
      ...(links.length === 0 ? {} : { Link: links.join(", ") })
    }
  )
}

const single = (world: World, name: string, id: number, asked: Asked): Answer => {
  const collection = collections[name]
  if (collection === undefined) {
    return noRoute
  }
  const row = collection.rows(world).find((row) => row.id === id)
  const isDeleted = world.troubles.deleted && name === "posts" && id === world.content.victims.deleted
  if (row === undefined || isDeleted) {
    return collection.missing
  }
  if (row.hidden === true) {
    return refuse(401, "rest_forbidden", "Sorry, you are not allowed to do that.")
  }
  const context = asked.query.get("context") ?? "view"
  if (context === "edit") {
    return refuse(401, "rest_forbidden_context", "Sorry, you are not allowed to edit this post.")
  }
  if (context !== "view" && context !== "embed") {
    const checked = parameters(new URLSearchParams({ context }), collection)
    return checked._tag === "Invalid" ? checked.answer : noRoute
  }
  if (asked.query.has("password") && name !== "media") {
    return refuse(403, "rest_post_incorrect_password", "Incorrect post password.")
  }
  const nonce = hexadecimal(10, world.seed, "single", asked.count)
  return ok(shape(world, asked, row.show({ context, nonce, single: true })))
}

/**
 * Answers a route of the REST API, as WordPress 6 does for a visitor who is
 * not logged in.
 */
export const answer = (world: World, asked: Asked): Answer => {
  if (world.rest === "closed-401") {
    return refuse(401, "rest_cannot_access", "Only authenticated users can access the REST API.")
  }
  const [, namespace, version, name, id, ...rest] = asked.route.replace(/\/+$/, "").split("/")
  if (namespace === undefined) {
    return ok(index(world))
  }
  if (namespace !== "wp" || version !== "v2" || rest.length > 0) {
    return noRoute
  }
  if (name === undefined) {
    return ok({ namespace: "wp/v2", routes: index(world).routes })
  }
  if (name === "types" || name === "statuses") {
    const known = name === "types" ? types(world) : statuses(world)
    if (id === undefined) {
      return ok(known)
    }
    return id in known
      ? ok(known[id])
      : name === "types"
      ? refuse(404, "rest_type_invalid", "Invalid post type.")
      : refuse(404, "rest_status_invalid", "Invalid status.")
  }
  if (id === undefined) {
    return list(world, name, asked)
  }
  return /^\d+$/.test(id) ? single(world, name, Number(id), asked) : noRoute
}
