import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { CorrelationId, Trace } from "effect-tracing"
import { TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient } from "effect/http"
import dns from "node:dns"
import { createServer } from "node:http"
import type { IncomingHttpHeaders, Server } from "node:http"

const carried = ["traceparent", "baggage", "x-correlation-id"]

/** A server on loopback; `/to/HOST` redirects there, whatever else is remembered by the host it was asked as. */
const makeServer = Effect.gen(function*() {
  const received = new Map<string, IncomingHttpHeaders>()
  const server = yield* Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const server = createServer((request, response) => {
        received.set(String(request.headers.host).replace(/:\d+$/, ""), request.headers)
        const target = /^\/to\/(.+)$/.exec(request.url ?? "")?.[1]
        if (target !== undefined) response.writeHead(302, { location: `http://${target}/` })
        response.end()
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  )
  const address = server.address()
  return { received, port: typeof address === "object" && address !== null ? address.port : 0 }
})

/** Has every name resolve to loopback while the scope is open. */
const namesAreLoopback = Effect.acquireRelease(
  Effect.sync(() => {
    const { lookup } = dns
    const toLoopback = (_name: string, options: unknown, callback?: unknown) => {
      const done = typeof options === "function" ? options : callback
      if (typeof done !== "function") return
      const all = typeof options === "object" && options !== null && "all" in options && options.all === true
      process.nextTick(() => all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4))
    }
    Object.assign(dns, { lookup: toLoopback })
    return lookup
  }),
  (lookup) => Effect.sync(() => Object.assign(dns, { lookup }))
)

const call = (host: string, path = "/") =>
  Effect.gen(function*() {
    yield* namesAreLoopback
    const { port, received } = yield* makeServer
    yield* Effect.flatMap(
      HttpClient.get(`http://${host}:${port}${path.replace("HOST", `shop.example:${port}`)}`),
      (response) => response.text
    )
    return received
  }).pipe(
    Effect.withSpan("caller"),
    Trace.withBaggage({ a: "1" }),
    Effect.provideService(CorrelationId, "order-1"),
    Effect.scoped
  )

const told = (received: ReadonlyMap<string, IncomingHttpHeaders>, host: string): ReadonlyArray<string> =>
  carried.filter((name) => received.get(host)?.[name] !== undefined)

const live = (env: Record<string, string> = {}) => Layer.mergeAll(FetchHttpClient.layer, TestTracing.layer({ env }))

describe("trace headers, baggage and correlation id", () => {
  it.live.each(["127.0.0.1", "localhost", "db", "api.internal", "printer.local"])(
    "go to %s",
    (host) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(told(yield* call(host), host), carried)
      }).pipe(Effect.provide(live()))
  )

  it.live("do not go to a public name, though it resolves to loopback", () =>
    Effect.gen(function*() {
      const received = yield* call("shop.example")
      assert.isTrue(received.has("shop.example"))
      assert.deepStrictEqual(told(received, "shop.example"), [])
    }).pipe(Effect.provide(live())))

  it.live("go to a public name that a setting calls one's own", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(told(yield* call("shop.example"), "shop.example"), carried)
    }).pipe(Effect.provide(live({ TRACING_PROPAGATION_TARGETS: ".example" }))))

  it.live("do not follow a redirect from one's own to a stranger", () =>
    Effect.gen(function*() {
      const received = yield* call("127.0.0.1", "/to/HOST")
      assert.deepStrictEqual(told(received, "127.0.0.1"), carried)
      assert.isTrue(received.has("shop.example"))
      assert.deepStrictEqual(told(received, "shop.example"), [])
    }).pipe(Effect.provide(live())))
})
