import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer, Queue } from "effect"
import { HttpMiddleware, HttpRouter, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer, request as nodeRequest } from "node:http"
import type { IncomingHttpHeaders } from "node:http"

class Broken extends Error {
  override readonly name = "Broken"
}

const slowRequests = Effect.runSync(Queue.unbounded<void>())

/** Waits until a request to `/slow` is being answered. */
export const slowRequestArrived: Effect.Effect<void> = Queue.take(slowRequests)

const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/posts", HttpServerResponse.text("posts")),
  HttpRouter.add("GET", "/posts/:id", HttpServerResponse.text("a post", { headers: { "x-blog": "yes" } })),
  HttpRouter.add("*", "/any", HttpServerResponse.text("any")),
  HttpRouter.add("POST", "/posts", HttpServerResponse.empty({ status: 201 })),
  HttpRouter.add("GET", "/teapot", HttpServerResponse.empty({ status: 418 })),
  HttpRouter.add("GET", "/unavailable", HttpServerResponse.empty({ status: 503 })),
  HttpRouter.add("GET", "/fails", Effect.fail(new Broken("it is broken"))),
  HttpRouter.add("GET", "/dies", Effect.die(new Broken("it died"))),
  HttpRouter.add(
    "GET",
    "/slow",
    Effect.andThen(Queue.offer(slowRequests, undefined), Effect.never)
  ),
  HttpRouter.add(
    "GET",
    "/headers",
    Effect.map(HttpServerRequest.HttpServerRequest, ({ headers }) => HttpServerResponse.jsonUnsafe({ ...headers }))
  ),
  HttpRouter.add(
    "GET",
    "/twice",
    HttpMiddleware.tracer(Effect.succeed(HttpServerResponse.text("twice")))
  ),
  HttpRouter.add(
    "GET",
    "/inside",
    Effect.withSpan(Effect.succeed(HttpServerResponse.text("inside")), "handler")
  )
)

/** A server whose routes are matched inside a span that a middleware opens. */
const spanAround = HttpRouter.middleware((app) => Effect.withSpan(app, "middleware"), { global: true })

const server = NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })

const served = (app: typeof routes): Layer.Layer<HttpServer.HttpServer> =>
  HttpRouter.serve(app, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(server),
    Layer.orDie
  )

/** Serves a blog on loopback. */
export const blog = served(routes)

/** The same blog with a span of its own around its routes. */
export const blogInMiddleware = served(Layer.mergeAll(routes, spanAround))

export const port: Effect.Effect<number, never, HttpServer.HttpServer> = Effect.map(
  HttpServer.HttpServer,
  ({ address }) => "port" in address ? address.port : 0
)

/** Asks without Effect's client, so that no span but the server's is made. */
export const ask = (
  port: number,
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {}
): Effect.Effect<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }> =>
  Effect.callback((resume) => {
    const request = nodeRequest({ host: "127.0.0.1", port, path, agent: false, ...options }, (response) => {
      let text = ""
      response.setEncoding("utf8")
      response.on("data", (chunk: string) => text += chunk)
      response.on(
        "end",
        () => resume(Effect.succeed({ status: response.statusCode ?? 0, headers: response.headers, text }))
      )
    })
    request.on("error", (error) => resume(Effect.die(error)))
    request.end()
    return Effect.sync(() => request.destroy())
  })
