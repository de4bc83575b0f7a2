import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schedule, Schema } from "effect"
import { Conventions } from "effect-tracing/conventions"
import { HttpTracing } from "effect-tracing/http"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpRouter } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiClient, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { createServer } from "node:http"
import { ask, port } from "./blog.ts"

class Gone extends Schema.TaggedError<Gone>()("Gone", {}, { httpApiStatus: 410 }) {}

const Blog = HttpApi.make("blog").add(
  HttpApiGroup.make("posts").add(
    HttpApiEndpoint.get("read", "/posts/:id", {
      params: { id: Schema.FiniteFromString },
      success: Schema.String,
      error: Gone
    }),
    HttpApiEndpoint.get("list", "/posts", { success: Schema.Array(Schema.String) })
  ).prefix("/v1")
)

const Admin = HttpApi.make("admin").add(
  HttpApiGroup.make("health").add(HttpApiEndpoint.get("alive", "/alive", { success: Schema.Boolean }))
)

const routes = Layer.merge(
  HttpApiBuilder.layer(Blog).pipe(
    Layer.provide(HttpApiBuilder.group(
      Blog,
      "posts",
      (handlers) =>
        handlers
          .handle("read", ({ params }) => params.id === 7 ? Effect.succeed("seven") : Effect.fail(new Gone()))
          .handle("list", () => Effect.succeed([]))
    ))
  ),
  HttpApiBuilder.layer(Admin).pipe(
    Layer.provide(
      HttpApiBuilder.group(Admin, "health", (handlers) => handlers.handle("alive", () => Effect.succeed(true)))
    )
  )
)

const served = (known: Layer.Layer<never>) =>
  HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
    ),
    Layer.orDie,
    Layer.provide(known),
    Layer.provideMerge(Layer.merge(FetchHttpClient.layer, TestTracing.layer()))
  )

const theServerSpan = Effect.gen(function*() {
  const { all } = yield* RecordedSpans
  const spans = yield* all.pipe(
    Effect.map((spans) => spans.filter(({ kind }) => kind === "server")),
    Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: (spans) => spans.length > 0, times: 400 })
  )
  return spans[0]!
})

const endpointOf = Effect.map(theServerSpan, ({ attributes, name }) => ({
  name,
  group: attributes.get("effect.http_api.group"),
  endpoint: attributes.get("effect.http_api.endpoint")
}))

const both = Layer.provideMerge(HttpTracing.layerApi(Admin), HttpTracing.layerApi(Blog))

describe("an endpoint of HttpApi", () => {
  it.live("names its span by method and route, without a word from the program", () =>
    Effect.gen(function*() {
      const client = yield* HttpApiClient.make(Blog, { baseUrl: `http://127.0.0.1:${yield* port}` })
      assert.strictEqual(yield* client.posts.read({ params: { id: 7 } }), "seven")
      const span = yield* theServerSpan
      assert.strictEqual(span.name, "GET /v1/posts/:id")
      assert.strictEqual(span.attributes.get("http.route"), "/v1/posts/:id")
      assert.deepStrictEqual(Conventions.check(yield* (yield* RecordedSpans).all), [])
    }).pipe(Effect.provide(served(Layer.empty))))
})

describe("HttpTracing.layerApi", () => {
  it.live("tells spans of their group and endpoint, also where the endpoint fails", () =>
    Effect.gen(function*() {
      const { status } = yield* ask(yield* port, "/v1/posts/8")
      assert.strictEqual(status, 410)
      assert.deepStrictEqual(yield* endpointOf, { name: "GET /v1/posts/:id", group: "posts", endpoint: "read" })
    }).pipe(Effect.provide(served(HttpTracing.layerApi(Blog)))))

  it.live("tells it of requests that are refused before the handler", () =>
    Effect.gen(function*() {
      const { status } = yield* ask(yield* port, "/v1/posts/not-a-number")
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(yield* endpointOf, { name: "GET /v1/posts/:id", group: "posts", endpoint: "read" })
    }).pipe(Effect.provide(served(HttpTracing.layerApi(Blog)))))

  it.live("adds up for several APIs of one server", () =>
    Effect.gen(function*() {
      yield* ask(yield* port, "/alive")
      assert.deepStrictEqual(yield* endpointOf, { name: "GET /alive", group: "health", endpoint: "alive" })
    }).pipe(Effect.provide(served(both))))

  it.live("says nothing of routes that are no endpoints", () =>
    Effect.gen(function*() {
      yield* ask(yield* port, "/nowhere")
      assert.deepStrictEqual(yield* endpointOf, { name: "GET", group: undefined, endpoint: undefined })
    }).pipe(Effect.provide(served(both))))
})
