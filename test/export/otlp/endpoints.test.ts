import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as net from "node:net"
import type { AddressInfo } from "node:net"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { authority, server } from "../fixtures/certificates.ts"
import { certificateFiles, exporterIn, exportIn, failureIn, socketTo } from "../fixtures/endpoints.ts"
import { makeGrpcReceiver } from "../fixtures/GrpcReceiver.ts"
import { makeProxyServer } from "../fixtures/ProxyServer.ts"

const taken = ["GET", "INSERT posts"]

/** A port that answers whatever comes with these bytes, and closes. */
const answering = (bytes: string | Buffer) =>
  Effect.gen(function*() {
    const server = net.createServer((socket) => {
      socket.on("error", () => socket.destroy())
      socket.once("data", () => socket.end(bytes))
    })
    yield* Effect.acquireRelease(
      Effect.callback<void>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.void))
      }),
      () => Effect.sync(() => server.close())
    )
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

describe("an endpoint of OTLP over HTTP", () => {
  it.live.each(
    [
      ["TRACING_OTLP_ENDPOINT", "", "/v1/traces"],
      ["TRACING_OTLP_ENDPOINT", "/", "/v1/traces"],
      ["TRACING_OTLP_ENDPOINT", "/v1/traces", "/v1/traces"],
      ["TRACING_OTLP_ENDPOINT", "/tenant/v1/traces/", "/tenant/v1/traces"],
      ["OTEL_EXPORTER_OTLP_ENDPOINT", "", "/v1/traces"],
      ["OTEL_EXPORTER_OTLP_ENDPOINT", "/otlp", "/otlp/v1/traces"],
      ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/custom", "/custom"],
      ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces?key=1", "/v1/traces?key=1"],
      ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "", "/"]
    ] as const
  )("%s=http://host:port%s is posted to at %s", ([name, suffix, path]) =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* exportIn({ [name]: `http://127.0.0.1:${receiver.port}${suffix}` })
      assert.deepStrictEqual(receiver.requests.map((request) => request.path), [path])
    }))

  it.live("gets headers decoded, for traces before those for all signals", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const env = { TRACING_OTLP_ENDPOINT: receiver.url }
      yield* exportIn({
        ...env,
        OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Bearer%20a%2Cb%3D%3D, x-tenant = blog%20%2F1"
      })
      yield* exportIn({
        ...env,
        OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=all",
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-tenant=b"
      })
      assert.strictEqual(receiver.requests[0]!.headers.authorization, "Bearer a,b==")
      assert.strictEqual(receiver.requests[0]!.headers["x-tenant"], "blog /1")
      assert.strictEqual(receiver.requests[1]!.headers["x-tenant"], "b")
    }))

  it.live("may be a Unix socket", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const path = yield* socketTo(receiver.port)
      const env = { TRACING_OTLP_ENDPOINT: `unix://${path}`, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" }
      const exporter = yield* exporterIn({ ...env, HTTP_PROXY: "http://proxy.invalid:3128" })
      assert.strictEqual(exporter.name, `otlp unix:${path}`)
      yield* exportIn(env)
      assert.strictEqual(receiver.requests[0]!.path, "/v1/traces")
      assert.strictEqual(receiver.requests[0]!.headers.host, "localhost")
    }))
})

describe("an endpoint of OTLP over gRPC", () => {
  it.live("is what port 4317 and no protocol make of it", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver()
      const proxy = yield* makeProxyServer({ to: receiver.port })
      yield* exportIn({ TRACING_OTLP_ENDPOINT: "http://collector.test:4317", http_proxy: proxy.host })
      assert.deepStrictEqual(receiver.calls.map(({ names }) => names), [taken])
      assert.deepStrictEqual(proxy.tunnels, ["collector.test:4317"])
    }))

  it.live("needs no scheme, and then speaks TLS unless it is told not to", () =>
    Effect.gen(function*() {
      const { trusted } = yield* certificateFiles
      const plain = yield* makeGrpcReceiver()
      const secure = yield* makeGrpcReceiver({ tls: "server" })
      const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }
      yield* exportIn({
        ...grpc,
        OTEL_EXPORTER_OTLP_ENDPOINT: `localhost:${plain.port}`,
        OTEL_EXPORTER_OTLP_INSECURE: "true"
      })
      yield* exportIn({ ...grpc, ...trusted, OTEL_EXPORTER_OTLP_ENDPOINT: `localhost:${secure.port}` })
      assert.lengthOf(plain.calls, 1)
      assert.lengthOf(secure.calls, 1)
      const error = yield* failureIn({ ...grpc, OTEL_EXPORTER_OTLP_ENDPOINT: `localhost:${plain.port}` })
      assert.strictEqual(error.reason, "tls")
      assert.include(error.message, "OTEL_EXPORTER_OTLP_INSECURE=true")
    }))

  it.live("may be a Unix socket, as gRPC names one", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver()
      const path = yield* socketTo(receiver.port)
      for (const OTEL_EXPORTER_OTLP_ENDPOINT of [`unix:${path}`, `unix://${path}`]) {
        yield* exportIn({ OTEL_EXPORTER_OTLP_ENDPOINT })
      }
      assert.deepStrictEqual(receiver.calls.map(({ names }) => names), [taken, taken])
    }))
})

describe.each(["http/protobuf", "grpc"] as const)("an endpoint over TLS, by %s", (protocol) => {
  const receive = (tls: "server" | "mutual") =>
    protocol === "grpc"
      ? Effect.map(makeGrpcReceiver({ tls }), ({ calls, url }) => ({ url, count: () => calls.length }))
      : Effect.map(
        makeOtlpReceiver({ tls: tls === "mutual" ? { ...server, ca: authority } : server }),
        ({ requests, url }) => ({ url, count: () => requests.length })
      )
  const base = { OTEL_EXPORTER_OTLP_PROTOCOL: protocol }

  it.live("is trusted by the authority of the settings", () =>
    Effect.gen(function*() {
      const { trusted } = yield* certificateFiles
      const receiver = yield* receive("server")
      yield* exportIn({ ...base, ...trusted, TRACING_OTLP_ENDPOINT: receiver.url })
      assert.strictEqual(receiver.count(), 1)
    }))

  it.live("is not trusted without, and the setting is named", () =>
    Effect.gen(function*() {
      const receiver = yield* receive("server")
      const error = yield* failureIn({ ...base, TRACING_OTLP_ENDPOINT: receiver.url })
      assert.strictEqual(error.reason, "certificate")
      assert.isTrue(error.retryable)
      assert.isFalse(error.mayHaveArrived)
      assert.include(error.message, "OTEL_EXPORTER_OTLP_CERTIFICATE")
    }))

  it.live("is not trusted under a name its certificate does not have", () =>
    Effect.gen(function*() {
      const { trusted } = yield* certificateFiles
      const receiver = yield* receive("server")
      const proxy = yield* makeProxyServer({ to: Number(new URL(receiver.url).port) })
      const error = yield* failureIn({
        ...base,
        ...trusted,
        TRACING_OTLP_ENDPOINT: "https://other.test",
        HTTPS_PROXY: proxy.host
      })
      assert.strictEqual(error.reason, "certificate")
      assert.include(error.message, "for another name")
      assert.include(error.message, "other.test")
    }))

  it.live("is shown the certificate of this process", () =>
    Effect.gen(function*() {
      const { own, trusted } = yield* certificateFiles
      const receiver = yield* receive("mutual")
      yield* exportIn({ ...base, ...trusted, ...own, TRACING_OTLP_ENDPOINT: receiver.url })
      assert.strictEqual(receiver.count(), 1)
    }))

  it.live("names a certificate or key that is none, or that do not belong together", () =>
    Effect.gen(function*() {
      const { own, trusted, write } = yield* certificateFiles
      const junk = yield* write("junk.pem", "not a certificate")
      const otherKey = yield* write("other.key", server.key)
      for (
        const env of [
          { OTEL_EXPORTER_OTLP_CERTIFICATE: junk },
          { ...trusted, ...own, OTEL_EXPORTER_OTLP_CLIENT_KEY: junk },
          { ...trusted, ...own, OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: junk },
          { ...trusted, ...own, OTEL_EXPORTER_OTLP_CLIENT_KEY: otherKey }
        ]
      ) {
        const error = yield* failureIn({ ...base, ...env, TRACING_OTLP_ENDPOINT: "https://127.0.0.1:1" })
        assert.strictEqual(error.reason, "certificate file")
        assert.isTrue(error.retryable)
        assert.include(error.message, Object.values(env).includes(junk) ? junk : otherKey)
      }
    }))
})

describe("an endpoint over TLS that wants a certificate of this process", () => {
  it.live.each(["http/protobuf", "grpc"])(
    "says so by %s, and names the settings",
    (protocol) =>
      Effect.gen(function*() {
        const { trusted } = yield* certificateFiles
        // gRPC's own server refuses during the handshake; it does so whatever is spoken after it.
        const { url } = yield* makeGrpcReceiver({ tls: "mutual" })
        const error = yield* failureIn({
          ...trusted,
          TRACING_OTLP_ENDPOINT: url,
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol
        })
        assert.strictEqual(error.reason, "client certificate")
        assert.isFalse(error.mayHaveArrived)
        assert.include(error.message, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE")
      })
  )
})

describe("an endpoint of the other protocol", () => {
  it.live("is recognised where HTTP is spoken to gRPC, with and without TLS", () =>
    Effect.gen(function*() {
      const { trusted } = yield* certificateFiles
      for (const tls of [undefined, "server"] as const) {
        const { url } = yield* makeGrpcReceiver({ tls })
        const error = yield* failureIn({ ...trusted, TRACING_OTLP_ENDPOINT: url })
        assert.strictEqual(error.reason, "not http")
        assert.include(error.message, "Set OTEL_EXPORTER_OTLP_PROTOCOL to grpc")
        assert.include(error.message, "4318")
      }
    }))

  it.live("is recognised where gRPC is spoken to HTTP, with and without TLS", () =>
    Effect.gen(function*() {
      const { trusted } = yield* certificateFiles
      for (const tls of [undefined, server]) {
        const { url } = yield* makeOtlpReceiver({ tls })
        const error = yield* failureIn({ ...trusted, TRACING_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })
        assert.strictEqual(error.reason, "not grpc")
        assert.isTrue(error.retryable)
        assert.include(error.message, "set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf")
        assert.include(error.message, "4318")
      }
    }))

  it.live("is recognised where TLS is spoken to none", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver()
      for (const OTEL_EXPORTER_OTLP_PROTOCOL of ["http/protobuf", "grpc"]) {
        const TRACING_OTLP_ENDPOINT = receiver.url.replace("http:", "https:")
        const error = yield* failureIn({ TRACING_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL })
        assert.strictEqual(error.reason, "tls")
        assert.isFalse(error.mayHaveArrived)
        assert.include(error.message, "begins with http://")
      }
    }))

  it.live("is recognised where none is spoken to TLS", () =>
    Effect.gen(function*() {
      const { url } = yield* makeGrpcReceiver({ tls: "server" })
      const TRACING_OTLP_ENDPOINT = url.replace("https:", "http:")
      const byGrpc = yield* failureIn({ TRACING_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })
      assert.strictEqual(byGrpc.reason, "not grpc")
      assert.include(byGrpc.message, "begins with https://")
      for (
        const said of [
          "Client sent an HTTP request to an HTTPS server.\n",
          "<html><h1>400</h1>The plain HTTP request was sent to HTTPS port</html>"
        ]
      ) {
        const TRACING_OTLP_ENDPOINT = yield* answering(
          `HTTP/1.0 400 Bad Request\r\nContent-Type: text/html\r\n\r\n${said}`
        )
        const byHttp = yield* failureIn({ TRACING_OTLP_ENDPOINT })
        assert.strictEqual(byHttp.reason, "tls")
        assert.isTrue(byHttp.retryable)
        assert.isUndefined(byHttp.fault)
        assert.include(byHttp.message, "has to begin with https://")
      }
    }))

  it.live("is recognised by what a server of gRPC says to HTTP/1.1", () =>
    Effect.gen(function*() {
      for (
        const answer of [
          "HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 21\r\n\r\ngRPC requires HTTP/2\n",
          "HTTP/1.1 415 Unsupported\r\nContent-Type: application/grpc\r\nGrpc-Status: 13\r\nContent-Length: 0\r\n\r\n",
          Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0x40, 0])
        ]
      ) {
        const error = yield* failureIn({ TRACING_OTLP_ENDPOINT: yield* answering(answer) })
        assert.strictEqual(error.reason, "not http")
        assert.include(error.message, "OTEL_EXPORTER_OTLP_PROTOCOL to grpc")
      }
    }))
})

describe.each(["http/protobuf", "grpc"])("a Unix socket, by %s,", (OTEL_EXPORTER_OTLP_PROTOCOL) => {
  it.live("that is not there is told, and heals", () =>
    Effect.gen(function*() {
      const error = yield* failureIn({ TRACING_OTLP_ENDPOINT: "unix:/nowhere/otel.sock", OTEL_EXPORTER_OTLP_PROTOCOL })
      assert.strictEqual(error.reason, "unreachable")
      assert.isTrue(error.retryable)
      assert.include(error.message, "unix:/nowhere/otel.sock: there is no such socket")
    }))

  it.live("that is a file is told, and heals", () =>
    Effect.gen(function*() {
      const { write } = yield* certificateFiles
      const path = yield* write("plain", "")
      const error = yield* failureIn({ TRACING_OTLP_ENDPOINT: `unix:${path}`, OTEL_EXPORTER_OTLP_PROTOCOL })
      assert.strictEqual(error.reason, "unreachable")
      assert.isTrue(error.retryable)
    }))

  it.live("whose path is too long is told", () =>
    Effect.gen(function*() {
      const error = yield* failureIn({ TRACING_OTLP_ENDPOINT: `unix:/${"x".repeat(107)}`, OTEL_EXPORTER_OTLP_PROTOCOL })
      assert.strictEqual(error.reason, "endpoint")
      assert.include(error.message, "107 bytes at most")
    }))
})
