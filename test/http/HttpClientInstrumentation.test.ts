import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { Conventions } from "effect-tracing/conventions"
import type { EndedSpan } from "effect-tracing/model"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import type { HttpServer } from "effect/http"
import { createServer } from "node:net"
import { blog, port, slowRequestArrived } from "./blog.ts"

const clients: ReadonlyArray<readonly [name: string, layer: Layer.Layer<HttpClient.HttpClient>]> = [
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["node:http", NodeHttpClient.layerNodeHttp]
]

const clientSpans: Effect.Effect<ReadonlyArray<EndedSpan>, never, RecordedSpans> = Effect.gen(function*() {
  const { all } = yield* RecordedSpans
  const spans = yield* all
  assert.deepStrictEqual(Conventions.check(spans), [])
  return spans.filter(({ kind }) => kind === "client")
})

const clientSpan = Effect.map(clientSpans, (spans) => spans[0]!)

/** A port of loopback that refuses connections: one that was just given back. */
const refusingPort = Effect.callback<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0)))
  })
})

/** Takes a connection and closes it without an answer. */
const rudePort = Effect.map(
  Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer((socket) => socket.destroy())
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => server.close())
  ),
  (server) => {
    const address = server.address()
    return typeof address === "object" && address !== null ? address.port : 0
  }
)

for (const [name, client] of clients) {
  const withBlog = blog.pipe(Layer.provideMerge(client), Layer.provideMerge(TestTracing.layer()))
  const get = (path: (port: number) => string) =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(HttpClient.get(path(yield* port)))
      return { exit, span: yield* clientSpan }
    })
  const test = <A, E>(
    rule: string,
    effect: Effect.Effect<A, E, HttpClient.HttpClient | HttpServer.HttpServer | RecordedSpans>
  ) => it.live(rule, () => effect.pipe(Effect.provide(withBlog)))

  describe(`HttpClientInstrumentation with ${name}`, () => {
    test(
      "names the span by its method and says where and what",
      Effect.gen(function*() {
        const { span } = yield* get((port) => `http://127.0.0.1:${port}/posts?page=2#top`)
        const attributes = span.attributes.toRecord()
        assert.strictEqual(span.name, "GET")
        assert.deepStrictEqual(attributes, {
          "http.request.method": "GET",
          "url.full": `http://127.0.0.1:${yield* port}/posts?page=2#top`,
          "server.address": "127.0.0.1",
          "server.port": yield* port,
          "http.response.status_code": 200,
          "network.peer.address": "127.0.0.1",
          "network.peer.port": yield* port,
          "network.protocol.version": "1.1"
        })
        assert.strictEqual(span.statusCode, "unset")
      })
    )

    test(
      "makes a status from 400 on an error that the code describes",
      Effect.gen(function*() {
        const { exit, span } = yield* get((port) => `http://127.0.0.1:${port}/teapot`)
        assert.strictEqual(exit._tag, "Success")
        assert.deepStrictEqual(
          [span.statusCode, span.statusMessage, span.attributes.get("error.type"), span.events.length],
          ["error", undefined, "418", 0]
        )
      })
    )

    test(
      "never shows credentials",
      Effect.gen(function*() {
        const { span } = yield* get((port) => `http://alice:hunter2@127.0.0.1:${port}/posts`)
        assert.match(String(span.attributes.get("url.full")), /^http:\/\/REDACTED:REDACTED@127\.0\.0\.1:/)
        assert.notInclude(JSON.stringify([span.attributes.toRecord(), span.statusMessage]), "hunter2")
      })
    )

    test(
      "writes REDACTED for what signs a request",
      Effect.gen(function*() {
        const { span } = yield* get((port) => `http://127.0.0.1:${port}/posts?sig=abc&X-Amz-Signature=d&page=1`)
        assert.match(String(span.attributes.get("url.full")), /\/posts\?sig=REDACTED&X-Amz-Signature=REDACTED&page=1$/)
      })
    )

    test(
      "calls a refused connection ECONNREFUSED, and says so without the URL",
      Effect.gen(function*() {
        const refusing = yield* refusingPort
        yield* Effect.exit(HttpClient.get(`http://127.0.0.1:${refusing}/secret-path`))
        const span = yield* clientSpan
        assert.strictEqual(span.statusCode, "error")
        assert.strictEqual(span.attributes.get("error.type"), "ECONNREFUSED")
        assert.strictEqual(span.statusMessage, `connect ECONNREFUSED 127.0.0.1:${refusing}`)
        assert.deepStrictEqual(span.events.map((event) => event.name), ["exception"])
        assert.isFalse(span.attributes.has("http.response.status_code"))
      })
    )

    test(
      "calls an unknown host ENOTFOUND",
      Effect.gen(function*() {
        yield* Effect.exit(HttpClient.get("http://nowhere.invalid/"))
        assert.strictEqual((yield* clientSpan).attributes.get("error.type"), "ENOTFOUND")
      })
    )

    test(
      "names what broke when the other side closes without an answer",
      Effect.gen(function*() {
        const rude = yield* rudePort
        yield* Effect.exit(HttpClient.get(`http://127.0.0.1:${rude}/`))
        assert.include(["UND_ERR_SOCKET", "ECONNRESET"], (yield* clientSpan).attributes.get("error.type"))
      }).pipe(Effect.scoped)
    )

    test(
      "names what broke when TLS is spoken to a server that does not",
      Effect.gen(function*() {
        const { span } = yield* get((port) => `https://127.0.0.1:${port}/posts`)
        assert.include(["ERR_SSL_WRONG_VERSION_NUMBER", "EPROTO"], span.attributes.get("error.type"))
      })
    )

    test(
      "leaves a request its caller gave up without error",
      Effect.gen(function*() {
        const client = yield* HttpClient.HttpClient
        const asking = yield* Effect.forkChild(client.get(`http://127.0.0.1:${yield* port}/slow`))
        yield* slowRequestArrived
        yield* Fiber.interrupt(asking)
        const span = yield* clientSpan
        assert.strictEqual(span.statusCode, "unset")
        assert.isFalse(span.attributes.has("error.type"))
        assert.strictEqual(span.attributes.get("effect.fiber.interrupted"), true)
      })
    )

    test(
      "counts how often a request was sent again",
      Effect.gen(function*() {
        const client = (yield* HttpClient.HttpClient).pipe(HttpClient.retryTransient({ times: 2 }))
        yield* client.get(`http://127.0.0.1:${yield* port}/unavailable`)
        assert.deepStrictEqual(
          (yield* clientSpans).map((span) => span.attributes.get("http.request.resend_count")),
          [undefined, 1, 2]
        )
      })
    )

    test(
      "counts what Effect.retry sends again, and not what is asked for anew in between",
      Effect.gen(function*() {
        const url = `http://127.0.0.1:${yield* port}`
        const refusing = yield* refusingPort
        yield* HttpClient.get(`${url}/posts`).pipe(
          Effect.andThen(HttpClient.get(`http://127.0.0.1:${refusing}/`)),
          Effect.retry({ times: 1 }),
          Effect.exit
        )
        assert.deepStrictEqual(
          (yield* clientSpans).map((span) => span.attributes.get("http.request.resend_count")),
          [undefined, undefined, undefined, 1]
        )
      })
    )

    test(
      "does not take polling for resending",
      Effect.gen(function*() {
        yield* HttpClient.get(`http://127.0.0.1:${yield* port}/posts`).pipe(Effect.repeat({ times: 1 }))
        assert.deepStrictEqual(
          (yield* clientSpans).map((span) => span.attributes.get("http.request.resend_count")),
          [undefined, undefined]
        )
      })
    )

    test(
      "is in one trace with the server's span",
      Effect.gen(function*() {
        const { all } = yield* RecordedSpans
        const { span } = yield* Effect.withSpan(get((port) => `http://127.0.0.1:${port}/posts`), "main")
        const server = (yield* all).find(({ kind }) => kind === "server")
        assert.strictEqual(server?.traceId, span.traceId)
        assert.strictEqual(server?.parentSpanId, span.spanId)
      })
    )
  })
}

describe("HttpClientInstrumentation", () => {
  it.live("records an unknown method as _OTHER", () =>
    Effect.gen(function*() {
      const client = yield* HttpClient.HttpClient
      // A method Effect's types do not know.
      const request = Object.assign(Object.create(Object.getPrototypeOf(HttpClientRequest.get("/"))), {
        ...HttpClientRequest.get(`http://127.0.0.1:${yield* port}/any`),
        method: "PURGE"
      })
      yield* client.execute(request)
      const span = yield* clientSpan
      assert.strictEqual(span.name, "HTTP")
      assert.strictEqual(span.attributes.get("http.request.method"), "_OTHER")
      assert.strictEqual(span.attributes.get("http.request.method_original"), "PURGE")
    }).pipe(
      Effect.provide(
        blog.pipe(Layer.provideMerge(NodeHttpClient.layerNodeHttp), Layer.provideMerge(TestTracing.layer()))
      )
    ))

  it.live("keeps a name the program gave and lists headers it asked for", () =>
    Effect.gen(function*() {
      yield* HttpClient.get(`http://127.0.0.1:${yield* port}/posts/7`)
      const span = yield* clientSpan
      assert.strictEqual(span.name, "fetch a post")
      assert.deepStrictEqual(span.attributes.get("http.response.header.x-blog"), ["yes"])
    }).pipe(
      Effect.provideService(HttpClient.SpanNameGenerator, () => "fetch a post"),
      Effect.provideService(HttpClient.TracerHeaderFilter, (header: string) => header === "x-blog"),
      Effect.provide(blog.pipe(Layer.provideMerge(FetchHttpClient.layer), Layer.provideMerge(TestTracing.layer())))
    ))
})
