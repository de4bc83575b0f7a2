import { NodeHttpClient, NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schedule, Stream } from "effect"
import { Trace, Tracing } from "effect-tracing"
import { HttpTracing } from "effect-tracing/http"
import type { EndedSpan } from "effect-tracing/model"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient, HttpMiddleware, HttpRouter, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import * as Keys from "../../src/http/effectKeys.ts"
import { ask, blog, port } from "./blog.ts"

const spansOf = (kind: EndedSpan["kind"]) =>
  Effect.gen(function*() {
    const { all } = yield* RecordedSpans
    return yield* all.pipe(
      Effect.map((spans) => spans.filter((span) => span.kind === kind)),
      Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: (spans) => spans.length > 0, times: 400 })
    )
  })

const clientSpan = Effect.map(spansOf("client"), (spans) => spans[0]!)
const serverSpan = Effect.map(spansOf("server"), (spans) => spans[0]!)
const url = (path: string) => Effect.map(port, (port) => `http://127.0.0.1:${port}${path}`)
const get = (path: string) => Effect.flatMap(url(path), (url) => HttpClient.get(url))
const withBlog = blog.pipe(Layer.provideMerge(FetchHttpClient.layer), Layer.provideMerge(TestTracing.layer()))

describe("HttpTracing.client", () => {
  it.live("names spans and adds attributes to them", () =>
    Effect.gen(function*() {
      yield* get("/posts/7").pipe(HttpTracing.client({ name: "fetch a post", attributes: { "blog.id": 7 } }))
      const span = yield* clientSpan
      assert.strictEqual(span.name, "fetch a post")
      assert.strictEqual(span.attributes.get("blog.id"), 7)
    }).pipe(Effect.provide(withBlog)))

  it.live("takes a template into the name", () =>
    Effect.gen(function*() {
      yield* get("/posts/7").pipe(HttpTracing.client({ attributes: { "url.template": "/posts/{id}" } }))
      assert.strictEqual((yield* clientSpan).name, "GET /posts/{id}")
    }).pipe(Effect.provide(withBlog)))

  it.live("leaves a status that is expected without error, and only that", () =>
    Effect.gen(function*() {
      const expecting = HttpTracing.client({ expectedStatuses: [418] })
      yield* expecting(get("/teapot"))
      yield* expecting(get("/nowhere"))
      yield* get("/teapot").pipe(HttpTracing.client({ expectedStatuses: (status) => status < 500 }))
      assert.deepStrictEqual(
        (yield* spansOf("client")).map((span) => [span.statusCode, span.attributes.get("error.type")]),
        [["unset", undefined], ["error", "404"], ["unset", undefined]]
      )
    }).pipe(Effect.provide(withBlog)))

  it.live("turns the spans of one client off, and its requests stay part of the trace", () =>
    Effect.gen(function*() {
      const quiet = (yield* HttpClient.HttpClient).pipe(
        HttpClient.transform(HttpTracing.client({ enabled: false }))
      )
      yield* quiet.get(yield* url("/posts")).pipe(Effect.withSpan("main"))
      const server = yield* serverSpan
      const main = yield* (yield* RecordedSpans).named("main")
      assert.strictEqual(server.parentSpanId, main.spanId)
      assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, ["main", "  GET /posts"])
    }).pipe(Effect.provide(withBlog)))

  it.live("is heard inside what is said around it, attributes together", () =>
    Effect.gen(function*() {
      yield* get("/posts").pipe(
        HttpTracing.client({ name: "inner", attributes: { "a.b": 1, "a.c": 1 } }),
        HttpTracing.client({ name: "outer", attributes: { "a.c": 2, "a.d": 2 } })
      )
      const span = yield* clientSpan
      assert.strictEqual(span.name, "inner")
      assert.deepStrictEqual(["a.b", "a.c", "a.d"].map((key) => span.attributes.get(key)), [1, 1, 2])
    }).pipe(Effect.provide(withBlog)))

  it.live("leaves spans of others alone", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(
        Effect.withSpan("postgres", { kind: "client" }),
        HttpTracing.client({ name: "mine", attributes: { "a.b": 1 } })
      )
      const span = yield* clientSpan
      assert.strictEqual(span.name, "postgres")
      assert.isFalse(span.attributes.has("a.b"))
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("HttpTracing.layerClient", () => {
  it.live("says it for a whole program", () =>
    Effect.gen(function*() {
      yield* get("/posts")
      assert.strictEqual((yield* clientSpan).name, "everything")
    }).pipe(Effect.provide(Layer.provideMerge(HttpTracing.layerClient({ name: "everything" }), withBlog))))

  it.live("turns client spans of a whole program off", () =>
    Effect.gen(function*() {
      yield* get("/posts")
      yield* serverSpan
      assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, ["GET /posts"])
    }).pipe(Effect.provide(Layer.provideMerge(HttpTracing.layerClient({ enabled: false }), withBlog))))
})

/** Serves pages on loopback, some of them in two parts. */
const pages = HttpRouter.serve(
  Layer.mergeAll(
    HttpRouter.add("GET", "/sized", HttpServerResponse.text("twelve bytes")),
    HttpRouter.add(
      "GET",
      "/streamed",
      HttpServerResponse.stream(Stream.make("one", "two").pipe(Stream.encodeText))
    ),
    HttpRouter.add(
      "GET",
      "/endless",
      HttpServerResponse.stream(Stream.concat(Stream.make("one"), Stream.never).pipe(Stream.encodeText))
    ),
    HttpRouter.add(
      "GET",
      "/maintenance",
      Effect.succeed(HttpServerResponse.empty({ status: 503 })).pipe(
        Effect.withSpan("handler"),
        HttpTracing.route({ name: "planned", attributes: { "blog.section": "all" }, expectedStatuses: [503] })
      )
    )
  ),
  { disableLogger: true, disableListenLog: true }
).pipe(
  Layer.provideMerge(
    NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
  ),
  Layer.orDie
)

/** Waits until the current span is told of a body: that comes after the last bytes. */
const told = Effect.currentSpan.pipe(
  Effect.map((span) => "events" in span && Array.isArray(span.events) ? span.events.length : 0),
  Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: (events) => events > 0, times: 400 })
)

const bodyEvents = Effect.gen(function*() {
  const main = yield* (yield* RecordedSpans).named("main")
  return main.events.filter(({ name }) => name === "http.response.body").map(({ attributes }) => attributes!.toRecord())
})

for (
  const [name, client] of [
    ["fetch", FetchHttpClient.layer],
    ["undici", NodeHttpClient.layerUndici],
    ["node:http", NodeHttpClient.layerNodeHttp]
  ] as const
) {
  const withPages = pages.pipe(Layer.provideMerge(client), Layer.provideMerge(TestTracing.layer()))
  const withBody = HttpTracing.client({ responseBody: true })

  describe(`HttpTracing.client({ responseBody: true }) with ${name}`, () => {
    it.live("says the size the server declares, and when the body has arrived", () =>
      Effect.gen(function*() {
        const text = yield* get("/sized").pipe(
          withBody,
          Effect.flatMap((response) => response.text),
          Effect.tap(told),
          Effect.withSpan("main")
        )
        assert.strictEqual(text, "twelve bytes")
        const span = yield* clientSpan
        assert.strictEqual(span.attributes.get("http.response.body.size"), 12)
        const [event, ...others] = yield* bodyEvents
        assert.deepStrictEqual(others, [])
        assert.include(event, {
          "http.request.span_id": span.spanId,
          "http.response.body.size": 12,
          "http.response.body.complete": true
        })
        assert.isAtLeast(Number(event?.["http.response.body.duration_ms"]), 0)
      }).pipe(Effect.provide(withPages)))

    it.live("does not say a size nobody declared before it is known", () =>
      Effect.gen(function*() {
        yield* get("/streamed").pipe(
          withBody,
          Effect.flatMap((response) => response.text),
          Effect.tap(told),
          Effect.withSpan("main")
        )
        assert.isFalse((yield* clientSpan).attributes.has("http.response.body.size"))
        const [event] = yield* bodyEvents
        // node:http does not tell of the parts of a body.
        assert.strictEqual(event?.["http.response.body.size"], name === "node:http" ? undefined : 6)
      }).pipe(Effect.provide(withPages)))

    it.live("does not hold the span open for a body nobody reads", () =>
      Effect.gen(function*() {
        yield* get("/endless").pipe(withBody, Effect.withSpan("main"))
        const span = yield* clientSpan
        assert.strictEqual(span.attributes.get("http.response.status_code"), 200)
        assert.deepStrictEqual(yield* bodyEvents, [])
      }).pipe(Effect.provide(withPages)))

    it.live("says nothing unasked", () =>
      Effect.gen(function*() {
        yield* get("/sized").pipe(
          Effect.flatMap((response) => response.text),
          Effect.tap(Effect.sleep("20 millis")),
          Effect.withSpan("main")
        )
        assert.isFalse((yield* clientSpan).attributes.has("http.response.body.size"))
        assert.deepStrictEqual(yield* bodyEvents, [])
      }).pipe(Effect.provide(withPages)))
  })
}

describe("HttpTracing.route", () => {
  const withPages = pages.pipe(Layer.provideMerge(TestTracing.layer()))

  it.live("names the server's span, adds attributes to it and expects statuses, from within other spans", () =>
    Effect.gen(function*() {
      yield* ask(yield* port, "/maintenance")
      const span = yield* serverSpan
      assert.strictEqual(span.name, "planned")
      assert.strictEqual(span.statusCode, "unset")
      assert.isFalse(span.attributes.has("error.type"))
      assert.strictEqual(span.attributes.get("blog.section"), "all")
    }).pipe(Effect.provide(withPages)))

  it.effect("does nothing outside a request", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* HttpTracing.route({ name: "x" })(Effect.succeed(1)).pipe(Effect.withSpan("main")), 1)
      assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, ["main"])
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Effect's keys", () => {
  it("are Effect's", () => {
    assert.strictEqual(Keys.ServerHeaderFilter.key, HttpMiddleware.TracerHeaderFilter.key)
    assert.strictEqual(Keys.ClientHeaderFilter.key, HttpClient.TracerHeaderFilter.key)
    assert.strictEqual(Keys.ClientTracerDisabledWhen.key, HttpClient.TracerDisabledWhen.key)
  })
})

describe("HttpTracing.route({ enabled: false })", () => {
  const quiet = HttpTracing.route({ enabled: false })
  const handler = Effect.succeed(HttpServerResponse.text("quiet")).pipe(Effect.withSpan("handler"))

  const served = (env: Record<string, string> = {}) =>
    HttpRouter.serve(
      Layer.mergeAll(
        HttpRouter.add("GET", "/loud", handler),
        HttpRouter.add("GET", "/quiet", quiet(handler)),
        HttpRouter.add("GET", "/inside", Effect.withSpan(quiet(handler), "around")),
        HttpRouter.add("GET", "/late", Effect.andThen(Effect.withSpan(Effect.void, "before"), quiet(handler))),
        HttpRouter.add("GET", "/fails", quiet(Effect.withSpan(Effect.fail("it is broken"), "fails"))),
        HttpRouter.add("GET", "/forced", quiet(Effect.andThen(Trace.forceSample, handler))),
        HttpRouter.add("GET", "/onward", quiet(Effect.orDie(Effect.as(get("/loud"), HttpServerResponse.empty()))))
      ),
      { disableLogger: true, disableListenLog: true }
    ).pipe(
      Layer.provideMerge(
        NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
      ),
      Layer.orDie,
      Layer.provideMerge(FetchHttpClient.layer),
      Layer.provideMerge(TestTracing.layer({ env }))
    )

  const settled = Effect.gen(function*() {
    const { ledger } = yield* Tracing
    return yield* ledger.pipe(
      Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: ({ active }) => active === 0, times: 400 })
    )
  })

  const asked = (path: string, headers: Record<string, string> = {}) =>
    Effect.gen(function*() {
      const answer = yield* ask(yield* port, path, { headers })
      const balance = yield* settled
      return { answer, balance, tree: yield* (yield* RecordedSpans).tree }
    })

  it.live.each([["/quiet", 2], ["/inside", 3], ["/fails", 2], ["/forced", 2]] as const)(
    "takes back the span of %s and all under it, and counts them as sampled out",
    ([path, count]) =>
      Effect.gen(function*() {
        const { answer, balance, tree } = yield* asked(path)
        assert.deepStrictEqual(tree, [])
        assert.strictEqual(balance.sampledOut, count)
        assert.strictEqual(balance.keptBack, 0)
        assert.match(String(answer.headers["x-trace-id"]), /^[0-9a-f]{32}$/)
      }).pipe(Effect.provide(served()))
  )

  it.live("leaves other routes alone", () =>
    Effect.gen(function*() {
      yield* asked("/quiet")
      assert.deepStrictEqual((yield* asked("/loud")).tree, ["GET /loud", "  handler"])
    }).pipe(Effect.provide(served())))

  it.live.each(["/fails", "/late", "/forced"])(
    "wins at %s over what keeps traces late, and holds nothing back",
    (path) =>
      Effect.gen(function*() {
        const { balance, tree } = yield* asked(path)
        assert.deepStrictEqual(tree, [])
        assert.strictEqual(balance.keptBack, 0)
        assert.strictEqual(balance.started, balance.sampledOut)
      }).pipe(Effect.provide(served({ TRACING_SAMPLING_RATE: "0.000001", TRACING_KEEP_SLOW_MS: "1" })))
  )

  it.live("wins over a caller that samples, whose own spans stay", () =>
    Effect.gen(function*() {
      const response = yield* Effect.withSpan(get("/quiet"), "caller")
      assert.strictEqual(response.status, 200)
      yield* settled
      assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, ["caller", "  GET"])
    }).pipe(Effect.provide(served())))

  it.live("tells the servers it asks that nothing is sampled", () =>
    Effect.gen(function*() {
      const { tree } = yield* asked("/onward")
      assert.deepStrictEqual(tree, [])
    }).pipe(Effect.provide(served())))
})
