import { NodeHttpClient } from "@effect/platform-node"
import * as Undici from "@effect/platform-node/Undici"
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

/** A client that connects to loopback whatever address it is given. */
const connectsToLoopback = NodeHttpClient.layerUndiciNoDispatcher.pipe(
  Layer.provide(
    Layer.effect(
      NodeHttpClient.Dispatcher,
      Effect.acquireRelease(
        Effect.sync(() => {
          const connect = Undici.buildConnector({})
          return new Undici.Agent({
            connect: (options, callback) => connect({ ...options, hostname: "127.0.0.1", host: "127.0.0.1" }, callback)
          })
        }),
        (agent) => Effect.promise(() => agent.destroy())
      )
    )
  )
)

const hostsToldAt = (address: string) =>
  Effect.gen(function*() {
    const { port, received } = yield* makeServer
    yield* Effect.flatMap(HttpClient.get(`http://${address}:${port}/`), (response) => response.text)
    assert.strictEqual(received.size, 1)
    return carried.filter((name) => [...received.values()][0]?.[name] !== undefined)
  }).pipe(
    Effect.withSpan("caller"),
    Trace.withBaggage({ a: "1" }),
    Effect.provideService(CorrelationId, "order-1"),
    Effect.scoped,
    Effect.provide(Layer.merge(connectsToLoopback, TestTracing.layer()))
  )

describe("trace headers, baggage and correlation id, by address", () => {
  it.live.each([
    "10.1.2.3",
    "172.16.0.9",
    "192.168.1.20",
    "169.254.10.1",
    "[fd12::7]",
    "[fe80::1]",
    "[::ffff:10.1.2.3]"
  ])(
    "go to %s",
    (address) => Effect.map(hostsToldAt(address), (told) => assert.deepStrictEqual(told, carried))
  )

  it.live.each(["172.32.0.9", "192.0.2.1", "203.0.113.7", "[2001:db8::7]", "[::ffff:203.0.113.7]"])(
    "do not go to %s",
    (address) => Effect.map(hostsToldAt(address), (told) => assert.deepStrictEqual(told, []))
  )
})
