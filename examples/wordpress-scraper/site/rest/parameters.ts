import type { Answer } from "./Answer.ts"
import { refuse } from "./Answer.ts"

/** What may be asked of a collection. */
export interface Parameters {
  readonly context: "view" | "embed" | "edit"
  readonly page: number
  readonly perPage: number
  readonly offset: number | undefined
  readonly order: "asc" | "desc"
  readonly orderBy: string
  readonly search: string
  readonly include: ReadonlyArray<number>
  readonly exclude: ReadonlyArray<number>
  readonly slugs: ReadonlyArray<string>
  readonly categories: ReadonlyArray<number>
  readonly tags: ReadonlyArray<number>
  readonly authors: ReadonlyArray<number>
  readonly parents: ReadonlyArray<number>
  readonly post: ReadonlyArray<number>
  readonly hideEmpty: boolean
  readonly sticky: boolean | undefined
  readonly after: number
  readonly before: number
  readonly modifiedAfter: number
  readonly modifiedBefore: number
}

interface Objection {
  readonly code: string
  readonly message: string
  readonly data: unknown
}

/** The values of `name`, whether they come as `a=1,2`, `a[]=1&a[]=2` or `a[0]=1`. */
export const values = (query: URLSearchParams, name: string): ReadonlyArray<string> =>
  [...query]
    .filter(([key]) => key === name || (key.startsWith(`${name}[`) && key.endsWith("]")))
    .flatMap(([, value]) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "")

const enumerate = (items: ReadonlyArray<string>): string =>
  items.length < 3 ? items.join(" and ") : `${items.slice(0, -1).join(", ")}, and ${items[items.length - 1]}`

const invalidType = (name: string, type: string): Objection => ({
  code: "rest_invalid_type",
  message: `${name} is not of type ${type}.`,
  data: { param: name }
})

/**
 * Reads and checks a collection's query the way WordPress does: every
 * parameter that is wrong is named in one answer.
 */
export const parameters = (query: URLSearchParams, allowed: {
  readonly orderings: ReadonlyArray<string>
  readonly orderBy: string
  readonly order: "asc" | "desc"
}): { readonly _tag: "Valid"; readonly value: Parameters } | { readonly _tag: "Invalid"; readonly answer: Answer } => {
  const objections: Record<string, Objection> = {}

  const integer = (
    name: string,
    range: { readonly low: number; readonly high?: number },
    otherwise: number
  ): number => {
    const text = query.get(name)
    if (text === null) {
      return otherwise
    }
    const value = Number(text)
    if (text.trim() === "" || !Number.isInteger(value)) {
      objections[name] = invalidType(name, "integer")
      return otherwise
    }
    if (value < range.low || value > (range.high ?? Infinity)) {
      const message = range.high === undefined
        ? `${name} must be greater than or equal to ${range.low}`
        : `${name} must be between ${range.low} (inclusive) and ${range.high} (inclusive)`
      objections[name] = { code: "rest_out_of_bounds", message, data: null }
    }
    return value
  }
  const oneOf = <A extends string>(name: string, choices: ReadonlyArray<A>, otherwise: A): A => {
    const text = query.get(name)
    const choice = choices.find((choice) => choice === text)
    if (text !== null && choice === undefined) {
      objections[name] = {
        code: "rest_not_in_enum",
        message: `${name} is not one of ${enumerate(choices)}.`,
        data: null
      }
    }
    return choice ?? otherwise
  }
  const integers = (name: string): ReadonlyArray<number> => {
    const texts = values(query, name)
    const position = texts.findIndex((text) => !Number.isInteger(Number(text)))
    if (position >= 0) {
      objections[name] = invalidType(`${name}[${position}]`, "integer")
      return []
    }
    return texts.map(Number)
  }
  /** Dates without a zone are in the site's time, which is an hour ahead. */
  const instant = (name: string, otherwise: number): number => {
    const text = query.get(name)
    if (text === null) {
      return otherwise
    }
    const value = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text)
      ? Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}+01:00`)
      : NaN
    if (Number.isNaN(value)) {
      objections[name] = { code: "rest_invalid_date", message: "Invalid date.", data: null }
      return otherwise
    }
    return value
  }
  const flag = (name: string): boolean | undefined => {
    const text = query.get(name)
    return text === null ? undefined : text === "true" || text === "1"
  }

  if (values(query, "status").some((status) => status !== "publish")) {
    objections["status"] = { code: "rest_forbidden_status", message: "Status is forbidden.", data: { status: 401 } }
  }
  const value: Parameters = {
    context: oneOf("context", ["view", "embed", "edit"], "view"),
    page: integer("page", { low: 1 }, 1),
    perPage: integer("per_page", { low: 1, high: 100 }, 10),
    offset: query.has("offset") ? integer("offset", { low: 0 }, 0) : undefined,
    order: oneOf("order", ["asc", "desc"], allowed.order),
    orderBy: oneOf("orderby", allowed.orderings, allowed.orderBy),
    search: query.get("search")?.toLowerCase() ?? "",
    include: integers("include"),
    exclude: integers("exclude"),
    slugs: values(query, "slug").map((slug) => encodeURIComponent(slug).toLowerCase()),
    categories: integers("categories"),
    tags: integers("tags"),
    authors: integers("author"),
    parents: integers("parent"),
    post: integers("post"),
    hideEmpty: flag("hide_empty") ?? false,
    sticky: flag("sticky"),
    after: instant("after", -Infinity),
    before: instant("before", Infinity),
    modifiedAfter: instant("modified_after", -Infinity),
    modifiedBefore: instant("modified_before", Infinity)
  }
  const names = Object.keys(objections)
  return names.length === 0 ? { _tag: "Valid", value } : {
    _tag: "Invalid",
    answer: refuse(400, "rest_invalid_param", `Invalid parameter(s): ${names.join(", ")}`, {
      params: Object.fromEntries(names.map((name) => [name, objections[name]?.message])),
      details: objections
    })
  }
}
