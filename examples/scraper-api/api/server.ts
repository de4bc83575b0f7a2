import { NodeHttpServer } from "@effect/platform-node"
import { Layer } from "effect"
import { Observability } from "effect-tracing/observability"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder, HttpApiMiddleware, HttpApiSwagger } from "effect/http-api"
import { createServer } from "node:http"
import { Api } from "./Api.ts"
import { JobsHandlers } from "./handlers.ts"

const routes = Layer.mergeAll(
  HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
    Layer.provide(JobsHandlers),
    Layer.provide(HttpApiMiddleware.layerProblemDetails({ includeDetails: true }))
  ),
  HttpApiSwagger.layer(Api, { path: "/docs" }),
  Observability.routes()
)

/**
 * Serves the API, its documentation and the routes of observability on a port of 127.0.0.1; 0 is a free one.
 *
 * @category layers
 * @since 0.1.0
 */
export const server = (port: number) =>
  HttpRouter.serve(routes, { disableListenLog: true, disableLogger: true }).pipe(
    // Around the server, so that requests for status and metrics are not traced.
    Layer.provide(Observability.layer),
    Layer.provideMerge(NodeHttpServer.layer(() => createServer(), { host: "127.0.0.1", port }))
  )
