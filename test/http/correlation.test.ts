import { NodeHttpClient, NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Queue, References } from "effect"
import { CorrelationId, Work } from "effect-tracing"
import { isCorrelationId } from "effect-tracing/propagation"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import {
  FetchHttpClient,
  HttpClient,
  HttpEffect,
  HttpMiddleware,
  HttpRouter,
  HttpServerRequest,
  HttpServerResponse
} from "effect/http"
import { createServer } from "node:http"
import { ask, port } from "./blog.ts"

const idOf = Effect.map(CorrelationId, (id) => HttpServerResponse.text(id ?? "none"))

const forked = Effect.flatMap(Effect.forkChild(idOf), Fiber.join)

const item = Effect.map(
  Effect.withSpan(CorrelationId, "inside").pipe(Work.item("item")),
  (id) => HttpServerResponse.text(id ?? "none")
)

/** Traced, but for a part of it. */
const partlyTraced = Effect.gen(function*() {
  const id = yield* CorrelationId
  const inside = yield* Effect.withTracerEnabled(Effect.andThen(Effect.yieldNow, CorrelationId), false)
  return HttpServerResponse.text(inside === id ? "the same" : "another")
})

const onward = (path: string) =>
  Effect.gen(function*() {
    const address = yield* Effect.map(HttpServerRequest.HttpServerRequest, ({ headers }) => headers.host)
    const response = yield* HttpClient.get(`http://${address}${path}`)
    return HttpServerResponse.text(yield* response.text)
  }).pipe(Effect.orDie)

const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/", idOf),
  HttpRouter.add("GET", "/forked", forked),
  HttpRouter.add("GET", "/item", item),
  HttpRouter.add("GET", "/partly", partlyTraced),
  HttpRouter.add("GET", "/onward", onward("/")),
  HttpRouter.add("GET", "/redirected", onward("/redirect")),
  HttpRouter.add("GET", "/redirect", Effect.succeed(HttpServerResponse.redirect("/"))),
  HttpRouter.add("GET", "/fails", Effect.fail("it is broken")),
  HttpRouter.add("GET", "/dies", Effect.die("it died")),
  HttpRouter.add("GET", "/own", Effect.succeed(HttpServerResponse.text("", { headers: { "X-Correlation-ID": "own" } })))
)

const turnsAway = HttpRouter.middleware(
  (app) =>
    Effect.flatMap(
      HttpServerRequest.HttpServerRequest,
      (request) => request.url === "/away" ? Effect.succeed(HttpServerResponse.empty({ status: 401 })) : app
    ),
  { global: true }
)

const app = (env: Record<string, string>, client: Layer.Layer<HttpClient.HttpClient> = FetchHttpClient.layer) =>
  HttpRouter.serve(Layer.mergeAll(routes, turnsAway), {
    disableListenLog: true,
    middleware: (app) => HttpMiddleware.cors()(app)
  }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
    ),
    Layer.orDie,
    Layer.provideMerge(client),
    Layer.provideMerge(TestTracing.layer({ env }))
  )

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  Effect.flatMap(port, (port) => ask(port, path, { headers, method }))

const sent = { "X-Correlation-ID": "order:1234/a" }

describe("the correlation id of a request", () => {
  it.effect("is the caller's where that is well-formed, and comes back with the trace's id", () =>
    Effect.gen(function*() {
      const { headers, text } = yield* get("/", sent)
      const spans = yield* RecordedSpans
      assert.strictEqual(text, "order:1234/a")
      assert.strictEqual(headers["x-correlation-id"], "order:1234/a")
      assert.strictEqual(headers["x-trace-id"], (yield* spans.named("GET /")).traceId)
    }).pipe(Effect.provide(app({}))))

  it.effect("is made anew where it is not, each time another one", () =>
    Effect.gen(function*() {
      const made = yield* Effect.forEach(
        [{}, { "X-Correlation-ID": "a b" }, { "X-Correlation-ID": "x".repeat(129) }, {
          "X-Correlation-ID": "<script>"
        }],
        (headers) => Effect.map(get("/", headers), ({ headers, text }) => [headers["x-correlation-id"], text] as const)
      )
      for (const [header, text] of made) {
        assert.strictEqual(header, text)
        assert.isTrue(isCorrelationId(text) && text.length === 36, text)
      }
      assert.strictEqual(new Set(made.map(([, text]) => text)).size, made.length)
    }).pipe(Effect.provide(app({}))))

  it.effect.each(["/nowhere", "/fails", "/dies", "/away", "/forked", "/item"])(
    "is on the answer to %s",
    (path) =>
      Effect.gen(function*() {
        const { headers } = yield* get(path, sent)
        assert.strictEqual(headers["x-correlation-id"], "order:1234/a")
        assert.match(String(headers["x-trace-id"]), /^[0-9a-f]{32}$/)
      }).pipe(Effect.provide(app({})))
  )

  it.effect("is on the answer a middleware around all others gives", () =>
    Effect.gen(function*() {
      const { headers, status } = yield* get("/", { ...sent, "access-control-request-method": "GET" }, "OPTIONS")
      assert.strictEqual(status, 204)
      assert.strictEqual(headers["x-correlation-id"], "order:1234/a")
    }).pipe(Effect.provide(app({}))))

  it.effect("is not put over one that the answer sets itself", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* get("/own", sent)).headers["x-correlation-id"], "own")
    }).pipe(Effect.provide(app({}))))

  it.effect("is inherited by forks and by work items, and on every span of both", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* get("/forked", sent)).text, "order:1234/a")
      assert.strictEqual((yield* get("/item", sent)).text, "order:1234/a")
      const spans = yield* (yield* RecordedSpans).all
      assert.deepStrictEqual(
        Object.fromEntries(spans.map((span) => [span.name, span.attributes.get("correlation.id")])),
        Object.fromEntries(["GET /forked", "GET /item", "inside", "item"].map((name) => [name, "order:1234/a"]))
      )
    }).pipe(Effect.provide(app({}))))

  for (
    const [name, client] of [
      ["fetch", FetchHttpClient.layer],
      ["undici", NodeHttpClient.layerUndici],
      ["node:http", NodeHttpClient.layerNodeHttp]
    ] as const
  ) {
    it.effect(`goes on to hosts of one's own by ${name}`, () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* get("/onward", sent)).text, "order:1234/a")
      }).pipe(Effect.provide(app({}, client))))
  }

  it.effect("goes on over a redirect that fetch follows, also where nothing records", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* get("/redirected", sent)).text, "order:1234/a")
    }).pipe(Effect.provide(app({ TRACING_SAMPLING_RATE: "0", TRACING_KEEP_ERRORS: "false" }))))

  it.effect("is there where nothing is sampled", () =>
    Effect.gen(function*() {
      const { headers, text } = yield* get("/", sent)
      assert.strictEqual(text, "order:1234/a")
      assert.strictEqual(headers["x-correlation-id"], "order:1234/a")
      assert.match(String(headers["x-trace-id"]), /^[0-9a-f]{32}$/)
    }).pipe(Effect.provide(app({ TRACING_SAMPLING_RATE: "0", TRACING_KEEP_ERRORS: "false" }))))

  it.effect("has the name of the setting", () =>
    Effect.gen(function*() {
      const { headers, text } = yield* get("/onward", { "x-request-id": "r-1", ...sent })
      assert.strictEqual(text, "r-1")
      assert.strictEqual(headers["x-request-id"], "r-1")
      assert.isUndefined(headers["x-correlation-id"])
    }).pipe(Effect.provide(app({ TRACING_CORRELATION_HEADER: "X-Request-ID" }))))

  it.effect("is on the answer of a web handler", () =>
    Effect.gen(function*() {
      const context = yield* Effect.context()
      const handler = HttpEffect.toWebHandlerWith(context)(idOf)
      const response = yield* Effect.promise(() => handler(new Request("http://localhost/", { headers: sent })))
      assert.strictEqual(yield* Effect.promise(() => response.text()), "order:1234/a")
      assert.strictEqual(response.headers.get("x-correlation-id"), "order:1234/a")
      assert.match(String(response.headers.get("x-trace-id")), /^[0-9a-f]{32}$/)
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("stays what it is in a part of the request that is not traced, and so does the trace the answer names", () =>
    Effect.gen(function*() {
      const { headers, text } = yield* get("/partly")
      assert.strictEqual(text, "the same")
      const span = yield* (yield* RecordedSpans).named("GET /partly")
      assert.strictEqual(headers["x-trace-id"], span.traceId)
      assert.strictEqual(headers["x-correlation-id"], span.attributes.get("correlation.id"))
    }).pipe(Effect.provide(app({}))))

  it.effect("is carried by what is offered to a queue, not by who takes", () =>
    Effect.gen(function*() {
      const queue = yield* Queue.unbounded<{ readonly id: string | undefined }>()
      yield* Effect.flatMap(CorrelationId, (id) => Queue.offer(queue, { id })).pipe(
        Effect.provideService(CorrelationId, "order-1")
      )
      const message = yield* Queue.take(queue)
      yield* Effect.void.pipe(Work.item("item"), Effect.provideService(CorrelationId, message.id))
      assert.strictEqual((yield* (yield* RecordedSpans).named("item")).attributes.get("correlation.id"), "order-1")
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("the correlation id of a request that is not traced", () => {
  const untraced = Layer.succeed(HttpMiddleware.TracerDisabledWhen, () => true)
  const ownTrace = { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` }

  for (
    const [name, layer] of [
      ["HttpMiddleware.TracerDisabledWhen", app({}).pipe(Layer.provide(untraced))],
      ["TracerEnabled", app({}).pipe(Layer.provide(Layer.succeed(References.TracerEnabled, false)))],
      ["TRACING_IGNORE_ROUTES", app({ TRACING_IGNORE_ROUTES: "/*" })]
    ] as const
  ) {
    it.effect.each(["/", "/nowhere", "/fails", "/dies", "/away", "/forked"])(
      `by ${name} is on the answer to %s, with a trace id`,
      (path) =>
        Effect.gen(function*() {
          const { headers } = yield* get(path, sent)
          assert.strictEqual(headers["x-correlation-id"], "order:1234/a")
          assert.match(String(headers["x-trace-id"]), /^[0-9a-f]{32}$/)
          assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, [])
        }).pipe(Effect.provide(layer))
    )

    it.effect(`by ${name} is the fiber's, and that of its forks`, () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* get("/", sent)).text, "order:1234/a")
        assert.strictEqual((yield* get("/forked", sent)).text, "order:1234/a")
        const { headers, text } = yield* get("/")
        assert.strictEqual(headers["x-correlation-id"], text)
        assert.isTrue(isCorrelationId(text))
      }).pipe(Effect.provide(layer)))

    it.effect(`by ${name} comes with the trace of a caller that is believed`, () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* get("/", ownTrace)).headers["x-trace-id"], "a".repeat(32))
        assert.notStrictEqual((yield* get("/")).headers["x-trace-id"], "a".repeat(32))
      }).pipe(Effect.provide(layer)))
  }

  it.effect("comes on a web response too", () =>
    Effect.gen(function*() {
      const context = yield* Effect.context()
      const handler = HttpEffect.toWebHandlerWith(context)(idOf)
      const response = yield* Effect.promise(() => handler(new Request("http://blog.example/", { headers: sent })))
      assert.strictEqual(response.headers.get("x-correlation-id"), "order:1234/a")
      assert.match(String(response.headers.get("x-trace-id")), /^[0-9a-f]{32}$/)
    }).pipe(Effect.provide(Layer.merge(untraced, TestTracing.layer()))))
})
