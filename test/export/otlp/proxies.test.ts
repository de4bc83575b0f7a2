import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { needsNoProxy } from "../../../src/export/otlp/proxy.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { server } from "../fixtures/certificates.ts"
import { certificateFiles, exporterIn, exportIn, failureIn, spans } from "../fixtures/endpoints.ts"
import { makeGrpcReceiver } from "../fixtures/GrpcReceiver.ts"
import { makeProxyServer } from "../fixtures/ProxyServer.ts"

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`

describe("a proxy to an http endpoint", () => {
  it.live("is told the whole address, and who asks", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const proxy = yield* makeProxyServer({ to: receiver.port })
      yield* exportIn({
        TRACING_OTLP_ENDPOINT: "http://me:word@collector.test:4318",
        HTTP_PROXY: `http://user:p%40ss@${proxy.host}`
      })
      assert.deepStrictEqual(proxy.addresses, ["http://collector.test:4318/v1/traces"])
      assert.deepStrictEqual(proxy.credentials, [basic("user:p@ss")])
      assert.deepStrictEqual(proxy.tunnels, [])
      assert.strictEqual(receiver.requests[0]!.headers.host, "collector.test:4318")
      assert.strictEqual(receiver.requests[0]!.headers.authorization, basic("me:word"))
    }))

  it.live("is named in either case, of which the lower wins, with or without a scheme", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const proxy = yield* makeProxyServer({ to: receiver.port })
      const endpoint = { TRACING_OTLP_ENDPOINT: "http://collector.test" }
      yield* exportIn({ ...endpoint, HTTP_PROXY: proxy.host })
      yield* exportIn({ ...endpoint, http_proxy: `http://${proxy.host}`, HTTP_PROXY: "http://proxy.invalid" })
      yield* exportIn({ ...endpoint, http_proxy: "", HTTP_PROXY: `http://${proxy.host}/` })
      assert.lengthOf(proxy.addresses, 3)
    }))

  it.live("that wants credentials is told apart from a receiver that does", () =>
    Effect.gen(function*() {
      const proxy = yield* makeProxyServer({ to: 1, wants: basic("user:word") })
      const error = yield* failureIn({
        TRACING_OTLP_ENDPOINT: "http://collector.test",
        HTTP_PROXY: `http://user:hush@${proxy.host}`
      })
      assert.strictEqual(error.reason, "status 407")
      assert.isTrue(error.retryable)
      assert.include(error.message, "the proxy wants credentials")
      assert.notInclude(error.message, "hush")
    }))
})

describe("a proxy to an https endpoint", () => {
  it.live("is asked for one tunnel, through which all batches go", () =>
    Effect.gen(function*() {
      const { trusted } = yield* certificateFiles
      const receiver = yield* makeOtlpReceiver({ tls: server })
      const proxy = yield* makeProxyServer({ to: receiver.port })
      const exporter = yield* exporterIn({
        ...trusted,
        TRACING_OTLP_ENDPOINT: "https://collector.test",
        HTTPS_PROXY: `http://user:word@${proxy.host}`,
        HTTP_PROXY: "http://proxy.invalid"
      })
      for (let i = 0; i < 3; i++) yield* exporter.export(spans)
      assert.deepStrictEqual(proxy.tunnels, ["collector.test:443"])
      assert.deepStrictEqual(proxy.credentials, [basic("user:word")])
      assert.deepStrictEqual(receiver.requests.map(({ connection }) => connection), [1, 1, 1])
      // What is meant for the proxy is not for who is behind it.
      assert.isUndefined(receiver.requests[0]!.headers["proxy-authorization"])
    }))

  it.live("is asked for another one where the receiver has closed the first", () =>
    Effect.gen(function*() {
      const { trusted } = yield* certificateFiles
      const receiver = yield* makeOtlpReceiver({ tls: server })
      const proxy = yield* makeProxyServer({ to: receiver.port })
      const exporter = yield* exporterIn({
        ...trusted,
        TRACING_OTLP_ENDPOINT: "https://collector.test:8443",
        https_proxy: proxy.host
      })
      yield* exporter.export(spans)
      yield* receiver.stop
      yield* receiver.start
      yield* exporter.export(spans)
      assert.deepStrictEqual(proxy.tunnels, ["collector.test:8443", "collector.test:8443"])
    }))
})

describe("a proxy to an endpoint of gRPC", () => {
  it.live.each(["http", "https"] as const)(
    "is asked for one tunnel to an %s endpoint",
    (scheme) =>
      Effect.gen(function*() {
        const { trusted } = yield* certificateFiles
        const receiver = yield* makeGrpcReceiver({ tls: scheme === "https" ? "server" : undefined })
        const proxy = yield* makeProxyServer({ to: receiver.port })
        const exporter = yield* exporterIn({
          ...trusted,
          TRACING_OTLP_ENDPOINT: `${scheme}://collector.test:4317`,
          [`${scheme.toUpperCase()}_PROXY`]: `http://user:word@${proxy.host}`
        })
        for (let i = 0; i < 2; i++) yield* exporter.export(spans)
        assert.deepStrictEqual(proxy.tunnels, ["collector.test:4317"])
        assert.deepStrictEqual(proxy.credentials, [basic("user:word")])
        assert.lengthOf(receiver.calls, 2)
      })
  )
})

describe.each(["http/protobuf", "grpc"] as const)("a proxy that fails, by %s", (protocol) => {
  const through = (HTTPS_PROXY: string) => ({
    TRACING_OTLP_ENDPOINT: "https://collector.test:4317",
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_TIMEOUT: "300",
    HTTPS_PROXY
  })

  it.live.each(
    [
      ["HTTP/1.1 403 Forbidden\r\n\r\n", "opens no way to collector.test:4317 (403 Forbidden)"],
      ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants credentials (407)"],
      ["SSH-2.0-OpenSSH_9.6\r\n\r\n", "does not speak HTTP"],
      ["x".repeat(20_000), "does not speak HTTP"],
      ["HTTP/1.1 200 OK\r\nVia: ", "closed the connection"]
    ] as const
  )("%j is told: it %s", ([answer, words]) =>
    Effect.gen(function*() {
      const proxy = yield* makeProxyServer({ to: 1, answer })
      const error = yield* failureIn(through(`http://user:hush@${proxy.host}`))
      assert.strictEqual(error.reason, "proxy")
      assert.isTrue(error.retryable)
      assert.isFalse(error.mayHaveArrived)
      assert.include(error.message, `the proxy http://${proxy.host} (HTTPS_PROXY) ${words}`)
      assert.notInclude(error.message, "hush")
    }))

  it.live("by never answering is given no more than the time of a request", () =>
    Effect.gen(function*() {
      const proxy = yield* makeProxyServer({ to: 1, answer: "" })
      const error = yield* failureIn(through(proxy.host))
      assert.include(["proxy", "timeout"], error.reason)
      assert.isTrue(error.retryable)
      assert.isFalse(error.mayHaveArrived)
      yield* Effect.repeat(Effect.delay(proxy.connections, 5), { until: (open) => open === 0 })
    }))

  it.live("by never answering is let go when the exporter is shut down", () =>
    Effect.gen(function*() {
      const proxy = yield* makeProxyServer({ to: 1, answer: "" })
      const exporter = yield* exporterIn({ ...through(proxy.host), OTEL_EXPORTER_OTLP_TIMEOUT: "60000" })
      const fiber = yield* Effect.forkChild(exporter.export(spans))
      yield* Effect.repeat(Effect.delay(proxy.connections, 5), { until: () => proxy.tunnels.length > 0 })
      yield* Fiber.interrupt(fiber)
      yield* exporter.shutdown
      yield* Effect.repeat(Effect.delay(proxy.connections, 5), { until: (open) => open === 0 })
    }))

  it.live("by not being there is not taken for a receiver that is not there", () =>
    Effect.gen(function*() {
      const { host } = yield* Effect.scoped(makeProxyServer({ to: 1 }))
      const error = yield* failureIn(through(`http://${host}`))
      assert.strictEqual(error.reason, "proxy")
      assert.include(error.message, `the proxy http://${host} (HTTPS_PROXY) cannot be reached (ECONNREFUSED)`)
    }))

  it.live("by a certificate nobody trusts is told", () =>
    Effect.gen(function*() {
      const proxy = yield* makeProxyServer({ to: 1, tls: true })
      const error = yield* failureIn(through(`https://${proxy.host}`))
      assert.strictEqual(error.reason, "proxy")
      assert.include(error.message, "cannot be reached (UNABLE_TO_VERIFY_LEAF_SIGNATURE)")
    }))

  it.live.each(["socks5://hush@proxy:1080", "http://", "http://:hush@:80"])(
    "since it is none (%s) is told",
    (text) =>
      Effect.gen(function*() {
        const error = yield* failureIn(through(text))
        assert.strictEqual(error.reason, "proxy")
        assert.isFalse(error.retryable)
        assert.include(error.message, "HTTPS_PROXY does not name a proxy that can be used")
        assert.notInclude(error.message, "hush")
      })
  )
})

describe("NO_PROXY", () => {
  it.live("in either case lets requests go straight", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const proxy = yield* makeProxyServer({ to: receiver.port })
      const endpoint = { TRACING_OTLP_ENDPOINT: "http://collector.invalid:4318", HTTP_PROXY: proxy.host }
      yield* failureIn({ ...endpoint, NO_PROXY: "collector.invalid", OTEL_EXPORTER_OTLP_TIMEOUT: "500" })
      yield* failureIn({ ...endpoint, no_proxy: "*", NO_PROXY: "other", OTEL_EXPORTER_OTLP_TIMEOUT: "500" })
      assert.deepStrictEqual(proxy.addresses, [])
      yield* exportIn({ ...endpoint, NO_PROXY: "other" })
      assert.lengthOf(proxy.addresses, 1)
    }))

  it.live("need not list this machine", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const proxy = yield* makeProxyServer({ to: receiver.port })
      yield* exportIn({ TRACING_OTLP_ENDPOINT: receiver.url, HTTP_PROXY: proxy.host })
      assert.deepStrictEqual(proxy.addresses, [])
      assert.lengthOf(receiver.requests, 1)
    }))

  const good = [
    ["collector.example", "collector.example"],
    ["a.collector.example", "collector.example"],
    ["a.collector.example", ".collector.example"],
    ["a.collector.example", "*.collector.example"],
    ["COLLECTOR.example.", "x, Collector.Example ,y"],
    ["collector.example", "x y\tcollector.example"],
    ["collector.example:4318", "collector.example:4318"],
    ["collector.example", "*"],
    ["10.1.2.3", "10.0.0.0/8"],
    ["10.1.2.3", "10.1.2.3"],
    ["10.1.2.3:4318", "10.1.2.3:4318"],
    ["[fd00::1]", "fd00::1"],
    ["[fd00::1]", "fd00::/8"],
    ["[fd00::1]:4318", "[fd00::1]:4318"],
    ["127.0.0.2", ""],
    ["[::1]:4318", ""],
    ["localhost", "nobody"],
    ["app.localhost", "nobody"]
  ] as const
  it.each(good)("%s needs no proxy where it is %j", (host, list) => {
    assert.isTrue(needsNoProxy(new URL(`http://${host}`), list))
  })

  const bad = [
    ["collector.example", ""],
    ["collector.example", " , "],
    ["mycollector.example", "collector.example"],
    ["collector.example", ".collector.example"],
    ["collector.example", "*.collector.example"],
    ["collector.example:4318", "collector.example:4317"],
    ["collector.example", "collector.example:4318"],
    ["11.1.2.3", "10.0.0.0/8"],
    ["10.1.2.3", "10.0.0.0/99"],
    ["10.1.2.3", "10.0.0.0/x"],
    ["10.1.2.3", "fd00::/8"],
    ["[fd00::1]", "fd00::2"]
  ] as const
  it.each(bad)("%s needs one where it is %j", (host, list) => {
    assert.isFalse(needsNoProxy(new URL(`http://${host}`), list))
  })
})
