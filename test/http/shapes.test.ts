import { NodeHttpClient, NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schedule, Stream } from "effect"
import type { Scope } from "effect"
import { Conventions } from "effect-tracing/conventions"
import type { EndedSpan } from "effect-tracing/model"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import type { RequestListener } from "node:http"
import { connect } from "node:net"
import { Readable } from "node:stream"
import { ask, port } from "./blog.ts"

/** Requests of every shape, served by Effect on loopback. */
const served = HttpRouter.serve(
  Layer.mergeAll(
    HttpRouter.add("GET", "/posts", HttpServerResponse.text("posts")),
    HttpRouter.add("GET", "/unchanged", HttpServerResponse.empty({ status: 304 })),
    HttpRouter.add(
      "GET",
      "/events",
      HttpServerResponse.stream(Stream.make("data: one\n\n", "data: two\n\n").pipe(Stream.encodeText), {
        contentType: "text/event-stream"
      })
    ),
    HttpRouter.add(
      "GET",
      "/socket",
      Effect.gen(function*() {
        const request = yield* HttpServerRequest.HttpServerRequest
        const socket = yield* request.upgrade
        const { pull } = yield* socket.reader
        const { write } = yield* socket.writer
        yield* write("hello")
        yield* Effect.ignore(pull)
        return HttpServerResponse.empty()
      }).pipe(Effect.scoped)
    ),
    // Their ends never come, as that of a file may come after the client has gone.
    HttpRouter.add("GET", "/endless/:promised", ({ url }) =>
      Effect.sync(() => {
        const body = new Readable({ read: () => {} })
        body.push("abc")
        return HttpServerResponse.raw(body, { contentLength: Number(url.slice("/endless/".length)) })
      })),
    HttpRouter.add("GET", "/file", HttpServerResponse.file(import.meta.filename).pipe(Effect.orDie))
  ),
  { disableLogger: true, disableListenLog: true }
).pipe(
  Layer.provideMerge(
    NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
  ),
  Layer.orDie
)

const spansOf = (kind: EndedSpan["kind"]) =>
  Effect.gen(function*() {
    const { all } = yield* RecordedSpans
    const spans = yield* all.pipe(
      Effect.map((spans) => spans.filter((span) => span.kind === kind)),
      Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: (spans) => spans.length > 0, times: 400 })
    )
    assert.deepStrictEqual(Conventions.check(spans), [])
    return spans
  })

const serverSpan = Effect.map(spansOf("server"), (spans) => spans[0]!)
const clientSpan = Effect.map(spansOf("client"), (spans) => spans[0]!)

const whatItSays = (span: EndedSpan) => [
  span.name,
  span.statusCode,
  span.attributes.get("http.response.status_code"),
  span.attributes.get("error.type")
]

const traced = served.pipe(Layer.provideMerge(TestTracing.layer()))

const rows: ReadonlyArray<
  readonly [shape: string, path: string, options: Parameters<typeof ask>[2], says: ReturnType<typeof whatItSays>]
> = [
  ["HEAD of a page", "/posts", { method: "HEAD" }, ["HEAD /posts", "unset", 200, undefined]],
  ["304", "/unchanged", {}, ["GET /unchanged", "unset", 304, undefined]],
  ["an unknown route", "/wp-login.php?user=admin", {}, ["GET", "unset", 404, undefined]],
  ["an unknown method", "/nowhere", { method: "PURGE" }, ["HTTP", "unset", 404, undefined]],
  ["a stream of events", "/events", { headers: { accept: "text/event-stream" } }, [
    "GET /events",
    "unset",
    200,
    undefined
  ]]
]

describe("a server's span", () => {
  for (const [shape, path, options, says] of rows) {
    it.live(`says what became of ${shape}`, () =>
      Effect.gen(function*() {
        yield* ask(yield* port, path, options)
        assert.deepStrictEqual(whatItSays(yield* serverSpan), says)
      }).pipe(Effect.provide(traced)))
  }

  it.live("takes a client that leaves with all it was promised for no abort, and any other for one", () =>
    Effect.gen(function*() {
      const { all, clear } = yield* RecordedSpans
      for (const [promised, interrupted] of [[3, undefined], [1000, true]] as const) {
        yield* clear
        const number = yield* port
        yield* Effect.callback<void>((resume) => {
          const socket = connect(number, "127.0.0.1", () => {
            socket.write(`GET /endless/${promised} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
          })
          socket.on("data", (data) => {
            if (String(data).endsWith("abc")) socket.destroy()
          })
          socket.on("close", () => resume(Effect.void))
        })
        const span = yield* serverSpan
        assert.strictEqual((yield* all).length, 1)
        assert.deepStrictEqual(whatItSays(span), ["GET /endless/:promised", "unset", 200, undefined])
        assert.strictEqual(span.attributes.get("effect.fiber.interrupted"), interrupted)
      }
    }).pipe(Effect.provide(traced)))

  it.live("says what became of a file", () =>
    Effect.gen(function*() {
      yield* Effect.flatMap(port, (port) => ask(port, "/file"))
      assert.deepStrictEqual(whatItSays(yield* serverSpan), ["GET /file", "unset", 200, undefined])
    }).pipe(Effect.provide(traced)))

  it.live("is there for an upgrade to WebSocket, without error", () =>
    Effect.gen(function*() {
      const address = `ws://127.0.0.1:${yield* port}/socket`
      const heard = yield* Effect.callback<unknown>((resume) => {
        const socket = new WebSocket(address)
        socket.addEventListener("message", ({ data }) => {
          socket.close()
          resume(Effect.succeed(data))
        })
        socket.addEventListener("error", () => resume(Effect.succeed("an error")))
        return Effect.sync(() => socket.close())
      })
      assert.strictEqual(heard, "hello")
      const span = yield* serverSpan
      assert.strictEqual(span.name, "GET /socket")
      assert.strictEqual(span.statusCode, "unset")
    }).pipe(Effect.provide(traced)))
})

/** A server of plain Node that answers as it is told. */
const answering = (answer: RequestListener) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer(answer)
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.sync(() => {
          server.close()
          server.closeAllConnections()
        })
    ),
    (server) => {
      const address = server.address()
      return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/page`
    }
  )

for (
  const [name, client] of [
    ["fetch", FetchHttpClient.layer],
    ["undici", NodeHttpClient.layerUndici],
    ["node:http", NodeHttpClient.layerNodeHttp]
  ] as const
) {
  const test = <A, E>(
    rule: string,
    effect: Effect.Effect<A, E, HttpClient.HttpClient | RecordedSpans | Scope.Scope>
  ) => it.live(rule, () => effect.pipe(Effect.scoped, Effect.provide(Layer.merge(client, TestTracing.layer()))))

  describe(`a client's span with ${name}`, () => {
    test(
      "says the final status, not the interim one",
      Effect.gen(function*() {
        const url = yield* answering((_, response) => {
          response.writeEarlyHints({ link: "</style.css>; rel=preload" })
          response.end("page")
        })
        yield* HttpClient.get(url)
        assert.deepStrictEqual(whatItSays(yield* clientSpan), ["GET", "unset", 200, undefined])
      })
    )

    test(
      "leaves 304 without error",
      Effect.gen(function*() {
        const url = yield* answering((_, response) => response.writeHead(304).end())
        yield* HttpClient.get(url)
        assert.deepStrictEqual(whatItSays(yield* clientSpan), ["GET", "unset", 304, undefined])
      })
    )

    test(
      "names HEAD",
      Effect.gen(function*() {
        yield* HttpClient.head(yield* answering((_, response) => response.end()))
        assert.deepStrictEqual(whatItSays(yield* clientSpan), ["HEAD", "unset", 200, undefined])
      })
    )

    test(
      "says the peer of each connection, and of one that is used again",
      Effect.gen(function*() {
        const url = yield* answering((_, response) => response.end("page"))
        yield* HttpClient.get(url).pipe(Effect.flatMap((response) => response.text), Effect.repeat({ times: 2 }))
        const peers = (yield* spansOf("client")).map((span) => [
          span.attributes.get("network.peer.address"),
          span.attributes.get("network.peer.port"),
          span.attributes.get("network.protocol.version")
        ])
        assert.deepStrictEqual(peers, Array.from({ length: 3 }, () => ["127.0.0.1", Number(new URL(url).port), "1.1"]))
      })
    )

    test(
      "says the peer of a server that never answers, once a timeout of the caller ends it, and what the caller's span is",
      Effect.gen(function*() {
        const url = yield* answering(() => {})
        yield* HttpClient.get(url).pipe(Effect.timeout("200 millis"), Effect.withSpan("main"), Effect.exit)
        const span = yield* clientSpan
        assert.strictEqual(span.statusCode, "unset")
        assert.isTrue(span.attributes.get("effect.fiber.interrupted"))
        assert.strictEqual(span.attributes.get("network.peer.address"), "127.0.0.1")
        const main = yield* (yield* RecordedSpans).named("main")
        assert.deepStrictEqual([main.statusCode, main.attributes.get("error.type")], ["error", "TimeoutError"])
      })
    )

    test(
      "has no peer where there was no connection",
      Effect.gen(function*() {
        yield* Effect.exit(HttpClient.get("http://nowhere.invalid/"))
        const span = yield* clientSpan
        assert.isFalse(span.attributes.has("network.peer.address"))
        assert.strictEqual(span.attributes.get("error.type"), "ENOTFOUND")
      })
    )

    test(
      "keeps requests at the same time apart",
      Effect.gen(function*() {
        const urls = yield* Effect.all(
          Array.from({ length: 5 }, () => answering((_, response) => response.end("page")))
        )
        yield* Effect.forEach(urls, (url) => HttpClient.get(url), { concurrency: "unbounded" })
        for (const span of yield* spansOf("client")) {
          assert.strictEqual(span.attributes.get("network.peer.port"), span.attributes.get("server.port"))
        }
      })
    )
  })
}

describe("a client's span with fetch", () => {
  const withFetch = Layer.merge(FetchHttpClient.layer, TestTracing.layer())

  it.live("says the peer of the last hop fetch followed by itself", () =>
    Effect.gen(function*() {
      const end = yield* answering((_, response) => response.end("page"))
      const start = yield* answering((_, response) => response.writeHead(302, { location: end }).end())
      yield* HttpClient.get(start)
      const span = yield* clientSpan
      assert.strictEqual(span.attributes.get("network.peer.port"), Number(new URL(end).port))
    }).pipe(Effect.scoped, Effect.provide(withFetch)))
})
