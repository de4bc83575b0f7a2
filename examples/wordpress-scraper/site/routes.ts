import { Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { feed, robots, sitemap, sitemapIndex, sitemapNames } from "./crawling.ts"
import * as Pages from "./html/pages.ts"
import { collections } from "./rest/collections.ts"
import type { Site } from "./Site.ts"
import { postPath, published, restUrl } from "./World.ts"
import type { World } from "./World.ts"

type Response = HttpServerResponse.HttpServerResponse
type Handler = Effect.Effect<Response, never, HttpServerRequest.HttpServerRequest>

/** One grey pixel. */
const pixel = Buffer.from(
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=",
  "base64"
)
const icon = HttpServerResponse.uint8Array(pixel, { contentType: "image/jpeg" })

const xml = (text: string | undefined, contentType: string): Response =>
  text === undefined
    ? HttpServerResponse.empty({ status: 404 })
    : HttpServerResponse.text(text, { contentType, headers: { "X-Robots-Tag": "noindex, follow" } })

/**
 * Lists every route of the site, with the whole path of each, so that a
 * server span's `http.route` says which kind of page was asked for.
 */
export const routes = (site: Site): ReadonlyArray<HttpRouter.Route<never, HttpServerRequest.HttpServerRequest>> => {
  const { options, prefix } = site
  const sitemapSize = options.sitemapSize ?? 2000

  const get = (
    path: HttpRouter.PathInput,
    handler: (
      request: { readonly path: string; readonly query: URLSearchParams; readonly part: (name: string) => string }
    ) => Handler
  ): HttpRouter.Route<never, HttpServerRequest.HttpServerRequest> =>
    HttpRouter.route(
      "GET",
      path,
      Effect.gen(function*() {
        const request = yield* HttpServerRequest.HttpServerRequest
        const { params } = yield* HttpRouter.RouteContext
        const url = new URL(request.originalUrl, "http://site")
        return yield* handler({
          path: url.pathname.slice(prefix.length),
          query: url.searchParams,
          part: (name) => params[name] ?? ""
        })
      })
    )
  const below = (path: string): HttpRouter.PathInput => `/${`${prefix}${path}`.replace(/^\//, "")}`
  const page = (find: (world: World, count: number) => Pages.Page): Handler => site.page(find)

  /** What a query at the root asks for, with or without pretty permalinks. */
  const root = (query: URLSearchParams): Handler => {
    const number = Number(query.get("paged") ?? 1)
    const route = query.get("rest_route")
    if (route !== null && site.world.rest !== "closed-404") {
      return site.rest(route, query)
    }
    const kind = query.get("sitemap")
    if (kind !== null) {
      const subtype = query.get("sitemap-subtype")
      return Effect.sync(() =>
        xml(
          kind === "index"
            ? sitemapIndex(site.world, sitemapSize)
            : sitemap(site.world, subtype === null ? kind : `${kind}-${subtype}`, number, sitemapSize),
          "application/xml; charset=UTF-8"
        )
      )
    }
    if (query.has("feed")) {
      return Effect.sync(() => xml(feed(site.world), "application/rss+xml; charset=UTF-8"))
    }
    return page((world, count) => {
      const id = Number(query.get("p") ?? query.get("page_id") ?? NaN)
      const post = [...published(world, "post"), ...published(world, "page")].find((post) => post.id === id)
      if (query.has("p") || query.has("page_id")) {
        return post === undefined
          ? Pages.notFound(world)
          : world.permalinks === "pretty"
          ? Pages.moved(world, postPath(world, post))
          : Pages.single(world, post, count)
      }
      const category = query.get("cat")
      const tag = query.get("tag")
      const author = query.get("author")
      const words = query.get("s")
      return category !== null
        ? Pages.term(world, "category", Number(category), number)
        : tag !== null
        ? Pages.term(world, "post_tag", tag, number)
        : author !== null
        ? Pages.author(world, Number(author), number)
        : words !== null
        ? Pages.search(world, words, number)
        : Pages.home(world, number)
    })
  }

  const everywhere = [
    get(
      "/robots.txt",
      () =>
        Effect.sync(() =>
          HttpServerResponse.text(robots(site.world, prefix, options.crawlDelaySeconds), {
            contentType: "text/plain; charset=utf-8"
          })
        )
    ),
    get("/favicon.ico", () => Effect.succeed(icon)),
    get(below("/"), ({ query }) => root(query)),
    get(below("/index.php"), ({ query }) => root(query)),
    get(below("/wp-content/uploads/:year/:month/:file"), () => Effect.succeed(icon))
  ]
  if (site.world.permalinks === "plain") {
    return everywhere
  }

  const api = (path: string) =>
    get(below(`/wp-json${path}`), ({ path, query }) => {
      const route = path.slice("/wp-json".length)
      const { moved } = site.world.content.victims
      return site.world.troubles.moved && route === `/wp/v2/posts/${moved}`
        ? Effect.succeed(HttpServerResponse.redirect(`${restUrl(site.world, route)}/`, { status: 301 }))
        : site.rest(route.replace(/\/+$/, "") || "/", query)
    })
  const rest = site.world.rest === "closed-404" ? [] : [
    api("/wp/v2"),
    ...[...Object.keys(collections), "types", "statuses"].flatMap((name) => [
      api(`/wp/v2/${name}`),
      api(`/wp/v2/${name}/:id`)
    ]),
    api("/*")
  ]
  const paged = (
    path: string,
    find: (world: World, part: (name: string) => string, number: number) => Pages.Page
  ) => [
    get(
      below(path),
      ({ part, path }) => page((world) => path.endsWith("/") ? find(world, part, 1) : Pages.moved(world, `${path}/`))
    ),
    get(below(`${path}/page/:number`), ({ part }) => page((world) => find(world, part, Number(part("number")))))
  ]
  const permalink = (path: string) =>
    get(below(path), ({ path }) => page((world, count) => Pages.permalink(world, path, count)))
  return [
    ...everywhere,
    ...rest,
    get(
      below("/wp-sitemap.xml"),
      () => Effect.sync(() => xml(sitemapIndex(site.world, sitemapSize), "application/xml; charset=UTF-8"))
    ),
    ...sitemapNames.map((name) =>
      get(
        below(`/wp-sitemap-${name}-:page.xml`),
        ({ part }) =>
          Effect.sync(() =>
            xml(sitemap(site.world, name, Number(part("page")), sitemapSize), "application/xml; charset=UTF-8")
          )
      )
    ),
    get(below("/feed"), () => Effect.sync(() => xml(feed(site.world), "application/rss+xml; charset=UTF-8"))),
    get(below("/page/:number"), ({ part }) => page((world) => Pages.home(world, Number(part("number"))))),
    ...paged("/category/:slug", (world, part, number) => Pages.term(world, "category", part("slug"), number)),
    ...paged("/category/:parent/:slug", (world, part, number) => Pages.term(world, "category", part("slug"), number)),
    ...paged("/tag/:slug", (world, part, number) => Pages.term(world, "post_tag", part("slug"), number)),
    ...paged("/author/:slug", (world, part, number) => Pages.author(world, part("slug"), number)),
    ...paged(
      "/:year(^\\d{4}$)/:month(^\\d{2}$)",
      (world, part, number) => Pages.month(world, `${part("year")}/${part("month")}`, number)
    ),
    permalink("/:year/:month/:slug"),
    permalink("/:slug"),
    permalink("/:parent/:slug")
  ]
}
