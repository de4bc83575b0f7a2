import { load } from "cheerio"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { CannotRun } from "../errors.ts"
import type { RequestFailed } from "../errors.ts"
import type { Answer } from "../network/Answer.ts"
import { Fetcher } from "../network/Fetcher.ts"
import { Robots } from "../network/Robots.ts"
import { Home } from "./Home.ts"
import { identityOf } from "./htmlPage.ts"
import * as HtmlSource from "./HtmlSource.ts"
import { readJson } from "./readJson.ts"
import { RestRoot } from "./RestRoot.ts"
import * as RestSource from "./RestSource.ts"
import { RestIndex } from "./schema.ts"
import type { Source } from "./Source.ts"

/** What gives a WordPress away. */
const signs = /wp-content\/|wp-includes\/|content=["']WordPress|api\.w\.org|wp-json|class=["'][^"']*\bwp-/u

const decodeIndex = Schema.decodeUnknownOption(RestIndex)

/** The addresses the REST API may have, what the site says of it first. */
const restRoots = (front: Answer, home: Home): ReadonlyArray<RestRoot> => {
  const header = /<([^>]+)>;\s*rel="?https:\/\/api\.w\.org\/"?/u.exec(front.headers["link"] ?? "")?.[1]
  const link = load(front.body)("link[rel='https://api.w.org/']").attr("href")
  const told = [header, link].filter((url) => url !== undefined && URL.canParse(url, front.url))
  const guessed = [new URL("wp-json/", home.url).href, new URL("?rest_route=/", home.url).href]
  return [...new Set([...told.map((url) => new URL(url!, front.url).href), ...guessed])].map((url) => new RestRoot(url))
}

/**
 * The blog that is scraped: where it is, and how it can be read.
 *
 * @category services
 * @since 0.1.0
 */
export class Blog extends Context.Service<Blog, {
  readonly home: Home
  /** Finds out how the blog can be read: through its REST API, or else through its sitemap and HTML pages. */
  readonly open: Effect.Effect<Source, CannotRun>
}>()("wordpress-scraper/wordpress/Blog") {
  /** @param site names the blog in the database, where its address changes from run to run */
  static readonly layer = (url: string, site?: string): Layer.Layer<Blog, never, Fetcher | Robots> =>
    Layer.effect(
      Blog,
      Effect.gen(function*() {
        const fetcher = yield* Fetcher
        const robots = yield* Robots
        const home = new Home(url, site)

        const cannot = (error: RequestFailed): CannotRun =>
          new CannotRun({
            message: error.kind === "robots"
              ? `${home.url} does not want to be scraped: its robots.txt forbids ${error.url}.`
              : `Cannot reach ${home.url}: ${error.message}. Is the address right, and the site up?`
          })

        /** The first address that answers as a REST API with `wp/v2` in it. */
        const openRest = Effect.fn("find_rest_api")(function*(front: Answer) {
          for (const root of restRoots(front, home)) {
            const probe = fetcher.get(root.route("", {}), {
              accept: "application/json",
              // What is not JSON is the front page again; no second attempt makes it an API.
              read: (answer) => Effect.orElseSucceed(readJson(answer), () => ({ _tag: "None" } as const)),
              allowed: robots.allows
            })
            const answer = yield* Effect.orElseSucceed(probe, () => ({ _tag: "None" } as const))
            if (answer._tag !== "Json") continue
            const index = decodeIndex(answer.value)
            if (Option.isNone(index) || !index.value.namespaces.includes("wp/v2")) continue
            const listing = yield* Effect.option(
              fetcher.get(root.route("wp/v2/posts", { per_page: 1, _fields: "id" }), {
                accept: "application/json",
                read: readJson,
                allowed: robots.allows
              })
            )
            if (Option.isSome(listing) && listing.value._tag === "Json") return Option.some(root)
          }
          return Option.none<RestRoot>()
        })

        const open = Effect.gen(function*() {
          // Politeness begins before the first page: Crawl-delay is known from here on.
          yield* Effect.mapError(robots.rules(new URL(home.url)), cannot)
          const front = yield* Effect.mapError(
            fetcher.get(home.url, {
              accept: "text/html,*/*;q=0.5",
              read: Effect.succeed,
              allowed: robots.allows
            }),
            cannot
          )
          const root = yield* openRest(front)
          if (Option.isSome(root)) return yield* RestSource.make(fetcher, robots, home, root.value)
          if (front.status >= 400 || !signs.test(front.body)) {
            return yield* new CannotRun({
              message: front.status >= 400
                ? `No WordPress found at ${home.url}: it answered ${front.status}. Give the address of the blog's home page.`
                : `No WordPress found at ${home.url}. Give the address of the blog's home page.`
            })
          }
          return HtmlSource.make(fetcher, robots, home, identityOf(load(front.body)).type === "page")
        })

        return Blog.of({ home, open })
      })
    )
}
