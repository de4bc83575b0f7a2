import { Data, Effect } from "effect"
import type { SiteOptions } from "../../../examples/wordpress-scraper/site/index.ts"
import { serve } from "../../../examples/wordpress-scraper/site/index.ts"

/** What a test looks at of a response. */
export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** No answer, or half of one. */
export class NoAnswer extends Data.TaggedError("NoAnswer")<{ readonly cause: unknown }> {}

/** Asks for an address without following redirects. */
export const get = (url: string, headers: Readonly<Record<string, string>> = {}): Effect.Effect<Seen, NoAnswer> =>
  Effect.tryPromise({
    try: async (signal) => {
      const response = await fetch(url, { redirect: "manual", signal, headers })
      return { status: response.status, headers: response.headers, text: await response.text() }
    },
    catch: (cause) => new NoAnswer({ cause })
  })

/** Reads a JSON answer as objects with any fields. */
export const objects = (seen: Seen): ReadonlyArray<Record<string, unknown>> => {
  const parsed: unknown = JSON.parse(seen.text)
  return Array.isArray(parsed) ? parsed : [Object(parsed)]
}

/** Reads a JSON answer as one object. */
export const object = (seen: Seen): Record<string, unknown> => objects(seen)[0] ?? {}

/** A site without troubles, unless the options add some. */
export const calm = (options: SiteOptions = {}): ReturnType<typeof serve> => serve({ faults: "none", ...options })
