import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Option, Schedule } from "effect"
import { Conventions } from "effect-tracing/conventions"
import { HttpServerInstrumentation } from "effect-tracing/http"
import type { EndedSpan } from "effect-tracing/model"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import type { Instrumentation } from "effect-tracing/tracer"
import { HttpClient, HttpMiddleware, HttpServerRequest } from "effect/http"
import type { HttpServer } from "effect/http"
import * as Keys from "../../src/http/effectKeys.ts"
import { ask, blog, blogInMiddleware, port, slowRequestArrived } from "./blog.ts"

type Attributes = Readonly<Record<string, unknown>>

const traced = (app: Layer.Layer<HttpServer.HttpServer>, options: Parameters<typeof TestTracing.layer>[0] = {}) =>
  app.pipe(Layer.provideMerge(TestTracing.layer(options)))

const serverSpan: Effect.Effect<EndedSpan, never, RecordedSpans> = Effect.gen(function*() {
  const { all } = yield* RecordedSpans
  // The answer arrives before the span has ended.
  const spans = yield* all.pipe(
    Effect.map((spans) => spans.filter(({ kind }) => kind === "server")),
    Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: (spans) => spans.length > 0, times: 400 })
  )
  return spans[0]!
})

const visit = (path: string, options: Parameters<typeof ask>[2] = {}) =>
  Effect.gen(function*() {
    yield* ask(yield* port, path, options)
    return yield* serverSpan
  })

interface Row {
  readonly rule: string
  readonly path: string
  readonly options?: Parameters<typeof ask>[2]
  readonly name?: string
  readonly attributes?: Attributes
  readonly absent?: ReadonlyArray<string>
  readonly status?: "unset" | "error"
  readonly message?: string
  readonly exceptions?: number
}

/** A row for each rule of the conventions. */
const rows: ReadonlyArray<Row> = [
  {
    rule: "the name is method and route",
    path: "/posts/7",
    name: "GET /posts/:id",
    attributes: { "http.route": "/posts/:id", "http.request.method": "GET" }
  },
  {
    rule: "without a route the name is the method, never the path",
    path: "/nowhere",
    name: "GET",
    absent: ["http.route"]
  },
  {
    rule: "an unknown method is _OTHER, HTTP in the name, and kept as it came",
    path: "/any",
    options: { method: "PURGE" },
    name: "HTTP /any",
    attributes: { "http.request.method": "_OTHER", "http.request.method_original": "PURGE" }
  },
  {
    rule: "a known method has no original",
    path: "/posts",
    options: { method: "POST" },
    absent: ["http.request.method_original"]
  },
  {
    rule: "path, query and scheme are apart, and there is no url.full",
    path: "/posts?page=2&per_page=10",
    attributes: { "url.path": "/posts", "url.query": "page=2&per_page=10", "url.scheme": "http" },
    absent: ["url.full"]
  },
  { rule: "there is no url.query without a query", path: "/posts", absent: ["url.query"] },
  {
    rule: "values that sign a request are REDACTED, their keys kept",
    path: "/posts?X-Amz-Signature=a&X-Amz-Credential=b&X-Amz-Security-Token=c&sig=d&X-Goog-Signature=e&page=1",
    attributes: {
      "url.query":
        "X-Amz-Signature=REDACTED&X-Amz-Credential=REDACTED&X-Amz-Security-Token=REDACTED&sig=REDACTED&X-Goog-Signature=REDACTED&page=1"
    }
  },
  {
    rule: "the server is the Host header's",
    path: "/posts",
    options: { headers: { host: "blog.example:8080" } },
    attributes: { "server.address": "blog.example", "server.port": 8080 }
  },
  {
    rule: "a Host without a port means the scheme's",
    path: "/posts",
    options: { headers: { host: "blog.example" } },
    attributes: { "server.address": "blog.example", "server.port": 80 }
  },
  {
    rule: "an IPv6 host has no brackets",
    path: "/posts",
    options: { headers: { host: "[::1]:8080" } },
    attributes: { "server.address": "::1", "server.port": 8080 }
  },
  {
    rule: "client and peer are addresses without mapping",
    path: "/posts",
    attributes: { "client.address": "127.0.0.1", "network.peer.address": "127.0.0.1" }
  },
  {
    rule: "the version is the protocol's",
    path: "/posts",
    attributes: { "network.protocol.version": "1.1" },
    absent: ["network.protocol.name"]
  },
  {
    rule: "the user agent is as it came",
    path: "/posts",
    options: { headers: { "user-agent": "Feed/1.0" } },
    attributes: { "user_agent.original": "Feed/1.0" }
  },
  {
    rule: "200 leaves the status unset",
    path: "/posts",
    attributes: { "http.response.status_code": 200 },
    status: "unset",
    absent: ["error.type"]
  },
  {
    rule: "404 leaves the status unset",
    path: "/nowhere",
    attributes: { "http.response.status_code": 404 },
    status: "unset",
    absent: ["error.type"]
  },
  {
    rule: "418 leaves the status unset",
    path: "/teapot",
    attributes: { "http.response.status_code": 418 },
    status: "unset",
    absent: ["error.type"]
  },
  {
    rule: "503 is an error that its code describes: no description, no exception",
    path: "/unavailable",
    attributes: { "http.response.status_code": 503, "error.type": "503" },
    status: "error",
    exceptions: 0
  },
  {
    rule: "a failure is an error of its type, with its message and one exception",
    path: "/fails",
    attributes: { "http.response.status_code": 500, "error.type": "Broken" },
    status: "error",
    message: "it is broken",
    exceptions: 1
  },
  {
    rule: "a defect is an error of its type, with its message and one exception",
    path: "/dies",
    attributes: { "http.response.status_code": 500, "error.type": "Broken" },
    status: "error",
    message: "it died",
    exceptions: 1
  },
  {
    rule: "headers are not recorded unless asked for",
    path: "/posts/7",
    absent: ["http.request.header.host", "http.response.header.x-blog"]
  },
  { rule: "a span inside leaves the route with the server's", path: "/inside", name: "GET /inside" }
]

describe("HttpServerInstrumentation", () => {
  for (const row of rows) {
    it.live(row.rule, () =>
      Effect.gen(function*() {
        const span = yield* visit(row.path, row.options)
        assert.deepStrictEqual(Conventions.check([span]), [])
        if (row.name !== undefined) assert.strictEqual(span.name, row.name)
        const attributes: Attributes = span.attributes.toRecord()
        for (const [key, value] of Object.entries(row.attributes ?? {})) {
          assert.deepStrictEqual(attributes[key], value, key)
        }
        for (const key of row.absent ?? []) {
          assert.notProperty(attributes, key)
        }
        if (row.status !== undefined) {
          assert.strictEqual(span.statusCode, row.status)
          assert.strictEqual(span.statusMessage, row.message)
        }
        if (row.exceptions !== undefined) {
          assert.strictEqual(span.events.filter(({ name }) => name === "exception").length, row.exceptions)
        }
      }).pipe(Effect.provide(traced(blog))))
  }

  it.live("takes a route that was matched inside a middleware's span up to the server's", () =>
    Effect.gen(function*() {
      const span = yield* visit("/posts/7")
      assert.strictEqual(span.name, "GET /posts/:id")
      const spans = yield* RecordedSpans
      assert.deepStrictEqual(yield* spans.tree, ["GET /posts/:id", "  middleware"])
      assert.isFalse((yield* spans.named("middleware")).attributes.has("http.route"))
    }).pipe(Effect.provide(traced(blogInMiddleware))))

  it.live("makes a tracer applied twice two levels of one trace", () =>
    Effect.gen(function*() {
      yield* visit("/twice", { headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } })
      const spans = yield* RecordedSpans
      assert.deepStrictEqual(yield* spans.tree, ["GET /twice", "  GET"])
    }).pipe(Effect.provide(traced(blog))))

  it.live("leaves a request its client gave up without error and without a status code nobody got", () =>
    Effect.gen(function*() {
      const asking = yield* Effect.forkChild(ask(yield* port, "/slow"))
      yield* slowRequestArrived
      yield* Fiber.interrupt(asking)
      const span = yield* serverSpan
      assert.strictEqual(span.statusCode, "unset")
      assert.isFalse(span.attributes.has("error.type"))
      assert.isFalse(span.attributes.has("http.response.status_code"))
      assert.strictEqual(span.attributes.get("effect.fiber.interrupted"), true)
      assert.strictEqual(span.events.length, 0)
    }).pipe(Effect.provide(traced(blog))))

  it.live("makes each request a trace of its own, linked to the span around the server", () =>
    Effect.gen(function*() {
      const span = yield* visit("/posts").pipe(Effect.provide(blog), Effect.withSpan("main"))
      assert.isFalse(span.hasParent)
      const main = yield* (yield* RecordedSpans).named("main")
      assert.notStrictEqual(span.traceId, main.traceId)
      assert.deepStrictEqual(span.links.map(({ spanId, traceId }) => [traceId, spanId]), [[main.traceId, main.spanId]])
    }).pipe(Effect.provide(TestTracing.layer({ env: { TRACING_INSTRUMENT_HTTP_CLIENT: "false" } }))))

  it.live("makes a request the program sends to itself one trace, without a link", () =>
    Effect.gen(function*() {
      const span = yield* visit("/posts").pipe(Effect.provide(blog), Effect.withSpan("main"))
      const main = yield* (yield* RecordedSpans).named("main")
      assert.deepStrictEqual([span.traceId, span.parentSpanId], [main.traceId, main.spanId])
      assert.deepStrictEqual(span.links, [])
    }).pipe(Effect.provide(TestTracing.layer())))

  it.live("records headers that were asked for as lists", () =>
    Effect.gen(function*() {
      const span = yield* visit("/posts/7", { headers: { accept: "text/html" } })
      assert.deepStrictEqual(span.attributes.get("http.request.header.accept"), ["text/html"])
      assert.deepStrictEqual(span.attributes.get("http.response.header.x-blog"), ["yes"])
    }).pipe(Effect.provide(
      traced(blog.pipe(Layer.provide(Layer.succeed(
        HttpMiddleware.TracerHeaderFilter,
        (name: string) => name === "accept" || name === "x-blog"
      ))))
    )))

  it.live("keeps a name the program gave", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* visit("/posts/7")).name, "mine")
    }).pipe(
      Effect.provide(traced(blog.pipe(Layer.provide(Layer.succeed(HttpMiddleware.SpanNameGenerator, () => "mine")))))
    ))

  it.live("shows samplers the request before the span starts", () =>
    Effect.gen(function*() {
      const seen: Array<Attributes | undefined> = []
      const spy: Instrumentation = {
        name: "spy",
        kinds: ["server"],
        onStart: (start) => {
          seen.push(start.attributes)
        }
      }
      yield* visit("/posts?page=2", { headers: { "user-agent": "Feed/1.0", host: "blog.example:81" } }).pipe(
        Effect.provide(traced(blog, { instrumentations: [spy] }))
      )
      assert.include(seen[0], {
        "http.request.method": "GET",
        "server.address": "blog.example",
        "server.port": 81,
        "url.path": "/posts",
        "url.query": "page=2",
        "url.scheme": "http",
        "client.address": "127.0.0.1",
        "user_agent.original": "Feed/1.0"
      })
    }))
})

describe("HttpServerInstrumentation.make", () => {
  const start = (request: HttpServerRequest.HttpServerRequest, options: HttpServerInstrumentation.HttpServerOptions) =>
    Effect.withFiber((fiber) =>
      Effect.sync(() => {
        const span = {
          name: request.method,
          kind: "server" as const,
          parent: Option.none(),
          links: [],
          attributes: undefined as Record<string, unknown> | undefined,
          memo: undefined,
          annotations: Context.empty(),
          root: false
        }
        HttpServerInstrumentation.make(options).onStart!(span, fiber)
        return span
      })
    ).pipe(Effect.provideService(HttpServerRequest.HttpServerRequest, request))

  it.effect("asks for the context with the request's own headers and the peer's address", () =>
    Effect.gen(function*() {
      const asked: Array<readonly [unknown, unknown]> = []
      const request = HttpServerRequest.fromWeb(
        new Request("https://blog.example/posts", { headers: { traceparent: "x", "x-forwarded-for": "6.6.6.6" } })
      )
      const span = yield* start(request, {
        extract: (headers, peer) => {
          asked.push([headers["traceparent"], peer])
          return { parent: undefined, links: [] }
        }
      })
      assert.deepStrictEqual(asked, [["x", undefined]])
      assert.strictEqual(span.attributes?.["url.scheme"], "https")
    }))

  it.effect("takes the client's address from whoever knows the proxies", () =>
    Effect.gen(function*() {
      const request = HttpServerRequest.fromWeb(
        new Request("http://blog.example/", { headers: { "x-forwarded-for": "6.6.6.6" } })
      )
      const span = yield* start(request, {
        extract: () => ({ parent: undefined, links: [] }),
        clientAddress: (headers) => headers["x-forwarded-for"]
      })
      assert.strictEqual(span.attributes?.["client.address"], "6.6.6.6")
    }))

  it.effect("knows the methods it is told", () =>
    Effect.gen(function*() {
      const request = HttpServerRequest.fromWeb(new Request("http://blog.example/", { method: "PURGE" }))
      const span = yield* start(request, {
        extract: () => ({ parent: undefined, links: [] }),
        knownMethods: new Set(["PURGE"])
      })
      assert.strictEqual(span.attributes?.["http.request.method"], "PURGE")
    }))
})

describe("effectKeys", () => {
  it("are Effect's own", () => {
    assert.strictEqual(Keys.ServerRequest.key, HttpServerRequest.HttpServerRequest.key)
    assert.strictEqual(Keys.ServerTracerDisabledWhen.key, HttpMiddleware.TracerDisabledWhen.key)
    assert.strictEqual(Keys.ServerSpanName.key, HttpMiddleware.SpanNameGenerator.key)
    assert.strictEqual(Keys.ClientTracerPropagationEnabled.key, HttpClient.TracerPropagationEnabled.key)
  })
})
