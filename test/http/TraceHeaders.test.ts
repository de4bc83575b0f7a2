import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TraceHeaders } from "effect-tracing/http"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { createServer, get as nodeGet, request as nodeRequest } from "node:http"
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http"

interface Seen {
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

interface Target {
  readonly port: number
  readonly seen: Array<Seen>
}

const listen = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<{ readonly target: Target; readonly close: () => void }>((resume) => {
        const seen: Array<Seen> = []
        const server = createServer((request, response) => {
          seen.push({ path: request.url ?? "", headers: request.headers })
          answer(request, response)
        })
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          resume(Effect.succeed({
            target: { port, seen },
            close: () => {
              server.close()
              server.closeAllConnections()
            }
          }))
        })
      }),
      ({ close }) => Effect.sync(close)
    ),
    ({ target }) => target
  )

const echo = listen((_, response) => {
  response.end("ok")
})

/** Redirects to where it is told. */
const redirecting = listen((request, response) => {
  response.writeHead(302, { location: new URL(request.url ?? "/", "http://x").searchParams.get("to") ?? "/" }).end()
})

const subscribed = (inject: TraceHeaders.Inject, errors: Array<unknown> = []) =>
  Effect.acquireRelease(
    Effect.sync(() => TraceHeaders.subscribe(inject, (error) => errors.push(error))),
    (unsubscribe) => Effect.sync(unsubscribe)
  )

/** Effect's own injection, which every tracing layer turns off. */
const effectInjectionOff = Layer.succeed(HttpClient.TracerPropagationEnabled, false)

const fetchClient = Layer.merge(FetchHttpClient.layer, effectInjectionOff)

const clients: ReadonlyArray<readonly [name: string, layer: Layer.Layer<HttpClient.HttpClient>]> = [
  ["fetch", fetchClient],
  ["undici", Layer.merge(NodeHttpClient.layerUndici, effectInjectionOff)],
  ["node:http", Layer.merge(NodeHttpClient.layerNodeHttp, effectInjectionOff)]
]

describe("TraceHeaders.subscribe", () => {
  for (const [name, client] of clients) {
    describe(name, () => {
      it.live("adds what inject says, once", () =>
        Effect.gen(function*() {
          const { port, seen } = yield* echo
          const asked: Array<Omit<TraceHeaders.OutgoingRequest, "has">> = []
          yield* subscribed(({ host, method, path, port, protocol }) => {
            asked.push({ protocol, host, port, method, path })
            return [["traceparent", "00-a-b-01"], ["baggage", "k=v"]]
          })
          yield* HttpClient.get(`http://127.0.0.1:${port}/posts?page=2`)
          assert.deepStrictEqual(asked, [
            { protocol: "http:", host: "127.0.0.1", port, method: "GET", path: "/posts?page=2" }
          ])
          assert.include(seen[0]?.headers, { traceparent: "00-a-b-01", baggage: "k=v" })
        }).pipe(Effect.scoped, Effect.provide(client)))

      it.live("adds nothing where inject says nothing, and nothing once it is ended", () =>
        Effect.gen(function*() {
          const { port, seen } = yield* echo
          yield* subscribed(() => undefined)
          yield* HttpClient.get(`http://127.0.0.1:${port}/`)
          yield* Effect.scoped(subscribed(() => [["traceparent", "00-a-b-01"]]))
          yield* HttpClient.get(`http://127.0.0.1:${port}/`)
          assert.deepStrictEqual(seen.map(({ headers }) => headers["traceparent"]), [undefined, undefined])
        }).pipe(Effect.scoped, Effect.provide(client)))

      it.live("leaves a header that is there, in any case", () =>
        Effect.gen(function*() {
          const { port, seen } = yield* echo
          let had: boolean | undefined
          yield* subscribed(({ has }) => {
            had = has("traceparent")
            return [["traceparent", "00-ours-b-01"]]
          })
          const request = HttpClientRequest.get(`http://127.0.0.1:${port}/`).pipe(
            HttpClientRequest.setHeader("Traceparent", "00-mine-b-01")
          )
          yield* HttpClient.execute(request)
          assert.isTrue(had)
          assert.strictEqual(seen[0]?.headers["traceparent"], "00-mine-b-01")
        }).pipe(Effect.scoped, Effect.provide(client)))

      it.live("lets the request go when inject throws, and tells", () =>
        Effect.gen(function*() {
          const { port, seen } = yield* echo
          const errors: Array<unknown> = []
          const wrong = new Error("wrong")
          yield* subscribed(() => {
            throw wrong
          }, errors)
          yield* HttpClient.get(`http://127.0.0.1:${port}/`)
          assert.deepStrictEqual(errors, [wrong])
          assert.strictEqual(seen.length, 1)
        }).pipe(Effect.scoped, Effect.provide(client)))

      it.live("lets the request go when a value cannot stand in a header, and tells", () =>
        Effect.gen(function*() {
          const { port, seen } = yield* echo
          const errors: Array<unknown> = []
          yield* subscribed(() => [["traceparent", "a\r\nb"]], errors)
          yield* HttpClient.get(`http://127.0.0.1:${port}/`)
          assert.strictEqual(errors.length, 1)
          assert.notProperty(seen[0]?.headers, "traceparent")
        }).pipe(Effect.scoped, Effect.provide(client)))
    })
  }

  it.live("decides each hop of a redirect that fetch follows by itself", () =>
    Effect.gen(function*() {
      const own = yield* redirecting
      const stranger = yield* echo
      yield* subscribed(({ port }) => port === own.port ? [["traceparent", "00-a-b-01"]] : undefined)
      yield* HttpClient.get(`http://127.0.0.1:${own.port}/?to=http://127.0.0.1:${stranger.port}/secret`)
      assert.deepStrictEqual(own.seen.map(({ headers }) => headers["traceparent"]), ["00-a-b-01"])
      assert.deepStrictEqual(stranger.seen.map(({ headers, path }) => [path, headers["traceparent"]]), [
        ["/secret", undefined]
      ])
    }).pipe(Effect.scoped, Effect.provide(fetchClient)))

  for (const [name, client] of clients) {
    it.live(`decides each hop of a redirect that Effect follows over ${name}`, () =>
      Effect.gen(function*() {
        const stranger = yield* redirecting
        const own = yield* echo
        yield* subscribed(({ port }) => port === own.port ? [["traceparent", "00-a-b-01"]] : undefined)
        const following = HttpClient.followRedirects(yield* HttpClient.HttpClient)
        yield* following.get(`http://127.0.0.1:${stranger.port}/?to=http://127.0.0.1:${own.port}/`)
        assert.deepStrictEqual(stranger.seen.map(({ headers }) => headers["traceparent"]), [undefined])
        assert.deepStrictEqual(own.seen.map(({ headers }) => headers["traceparent"]), ["00-a-b-01"])
      }).pipe(
        Effect.scoped,
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
        Effect.provide(client)
      ))
  }

  it.live("works for requests nobody made with Effect, and leaves alone what node:http has sent at once", () =>
    Effect.gen(function*() {
      const { port, seen } = yield* echo
      yield* subscribed(() => [["traceparent", "00-a-b-01"]])
      const ended = (start: (done: (response: IncomingMessage) => void) => void) =>
        Effect.callback<void>((resume) => {
          start((response) => response.resume().once("end", () => resume(Effect.void)))
        })
      yield* ended((done) => nodeGet(`http://127.0.0.1:${port}/get`, { agent: false }, done))
      yield* ended((done) =>
        nodeRequest({ host: "127.0.0.1", port, path: "/list", agent: false, headers: ["host", "x", "a", "b"] }, done)
          .end()
      )
      yield* Effect.promise(() =>
        globalThis.fetch(`http://127.0.0.1:${port}/fetch`).then((response) => response.text())
      )
      assert.deepStrictEqual(seen.map(({ headers, path }) => [path, headers["traceparent"]]), [
        ["/get", "00-a-b-01"],
        ["/list", undefined],
        ["/fetch", "00-a-b-01"]
      ])
    }).pipe(Effect.scoped))
})
