import { NodeHttpPlatform, NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import type { Scope } from "effect"
import { HttpMiddleware, HttpRouter, HttpServerError } from "effect/http"
import { NetAddress } from "effect/net"
import { createServer } from "node:http"
import type { Content } from "./content/Content.ts"
import { notFound } from "./html/pages.ts"
import { routes } from "./routes.ts"
import type { ServedRequest } from "./ServedRequest.ts"
import { Site } from "./Site.ts"
import type { SiteOptions } from "./SiteOptions.ts"

export type { Author, Comment, Content, Medium, Post, Term } from "./content/Content.ts"
export type { ServedRequest } from "./ServedRequest.ts"
export type { SiteOptions } from "./SiteOptions.ts"
export type { Troubles } from "./troubles.ts"
export { presets } from "./troubles.ts"

/**
 * Describes a running site.
 *
 * @category models
 * @since 0.1.0
 */
export interface RunningSite {
  /** Where the site is: `http://127.0.0.1:PORT`, and the folder if it is in one. */
  readonly url: string
  /** What it shows, so that tests can compare. */
  readonly content: Content
  /** Every request answered so far, oldest first. */
  readonly served: Effect.Effect<ReadonlyArray<ServedRequest>>
}

const isRouteNotFound = (error: unknown): boolean =>
  HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound"

/**
 * Starts a site that looks like WordPress on 127.0.0.1, and stops it when the
 * scope closes.
 */
export const serve = Effect.fnUntraced(function*(
  options: SiteOptions = {}
): Effect.fn.Return<RunningSite, HttpServerError.ServeError, Scope.Scope> {
  const server = yield* NodeHttpServer.make(() => createServer(), {
    host: "127.0.0.1",
    port: options.port ?? 0,
    gracefulShutdownTimeout: 0
  })
  const site = new Site(options, NetAddress.formatUrlUnsafe(server.address))
  const router = yield* HttpRouter.make.pipe(
    Effect.provideService(HttpRouter.RouterConfig, { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true })
  )
  yield* router.addAll(routes(site))
  const app = site.around(
    Effect.catchIf(router.asHttpEffect(), isRouteNotFound, () => site.page((world) => notFound(world)))
  )
  const platform = yield* Layer.build(NodeHttpPlatform.layer)
  yield* (site.world.troubles.gzip
    ? server.serve(Effect.provideContext(HttpMiddleware.compression({ algorithms: ["gzip"] })(app), platform))
    : server.serve(app))
  return { url: site.world.base, content: site.world.content, served: Effect.sync(() => [...site.served]) }
})
