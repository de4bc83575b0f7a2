import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { ClientSessionOptions, OutgoingHttpHeaders, SecureClientSessionOptions } from "node:http2"
import * as http2 from "node:http2"
import * as net from "node:net"
import { packageVersion } from "../../../model/index.ts"
import { quietly } from "../../untraced.ts"
import type { Certificates } from "../certificates.ts"
import { readCertificates } from "../certificates.ts"
import type { ReceiverAddress } from "../endpoint.ts"
import { failureOf } from "../failureOf.ts"
import { gzip } from "../HttpTransport.ts"
import { keepOpen } from "../keepOpen.ts"
import type { MakeSender, OtlpTransportOptions } from "../OtlpTransport.ts"
import type { Proxy } from "../proxy.ts"
import { basicCredentials, findProxy, readProxyVariables } from "../proxy.ts"
import { readAddress } from "../receiverAddress.ts"
import { openTunnel, ProxyError, startTls } from "../tunnel.ts"
import type { GrpcConnection } from "./grpcCall.ts"
import { call, frameMessage } from "./grpcCall.ts"
import { grpcOutcome, http1Failure } from "./grpcOutcome.ts"

const method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
/** `grpc-timeout` takes eight digits. */
const longestTimeout = 99_999_999

/** User and password in the address, as a header. */
const credentialsOf = (endpoint: string): OutgoingHttpHeaders => {
  const url = URL.parse(endpoint)
  const credentials = url === null ? undefined : basicCredentials(url)
  return credentials === undefined ? {} : { authorization: credentials }
}

const headersOf = (options: OtlpTransportOptions): OutgoingHttpHeaders => ({
  ...credentialsOf(options.tracesEndpoint),
  ...Object.fromEntries(
    Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), Redacted.value(value)])
  ),
  ":method": "POST",
  ":path": method,
  "content-type": "application/grpc",
  "user-agent": `effect-tracing/${packageVersion}`,
  te: "trailers",
  ...(options.compression === "gzip" ? { "grpc-encoding": "gzip" } : undefined)
})

/** The way through a proxy, which hands on bytes as they are. */
const tunnel = (proxy: Proxy, url: URL, timeoutMillis: number): Effect.Effect<net.Socket, ProxyError> =>
  Effect.callback((resume, signal) => {
    openTunnel(
      proxy,
      url,
      { timeoutMillis, signal },
      (result) => resume(result instanceof ProxyError ? Effect.fail(result) : Effect.succeed(result))
    )
  })

const connect = (
  { socketPath, url }: ReceiverAddress,
  tunnelled: net.Socket | undefined,
  certificates: Certificates
): GrpcConnection => {
  const options: ClientSessionOptions | SecureClientSessionOptions = socketPath !== undefined
    ? { createConnection: () => net.connect(socketPath) }
    : tunnelled === undefined
    ? certificates
    : {
      createConnection: () =>
        url.protocol === "https:" ? startTls(tunnelled, url, { ...certificates, ALPNProtocols: ["h2"] }) : tunnelled
    }
  const session = quietly(() => http2.connect(url.origin, options))
  // Calls tell what went wrong; without a listener an error between two of them would end the process.
  session.on("error", () => session.destroy())
  session.on("goaway", () => session.close())
  session.unref()
  const connection: GrpcConnection = { session, wasGreeted: false }
  session.once("remoteSettings", () => connection.wasGreeted = true)
  return connection
}

/**
 * Makes a transport by gRPC: unary calls over HTTP/2, on one connection that is kept. What the path of the endpoint says
 * is not looked at.
 *
 * **Details**
 *
 * A unary call is one framed message each way and a status in the trailers. That is little enough on `node:http2` to do without a
 * library of gRPC, which brings protobuf, service discovery and load balancing along.
 */
export const make: MakeSender = Effect
  .fnUntraced(function*(options, endpoint) {
    const { compression, timeoutMillis = 10_000 } = options
    const headers: OutgoingHttpHeaders = {
      ...headersOf(options),
      "grpc-timeout": `${Math.min(Math.ceil(timeoutMillis), longestTimeout)}m`
    }
    const proxyVariables = yield* readProxyVariables
    const connection = keepOpen(
      Effect.gen(function*() {
        const address = yield* readAddress(options)
        const proxy = address.socketPath === undefined ? yield* findProxy(address.url, proxyVariables) : undefined
        const certificates = yield* readCertificates(options)
        const tunnelled = proxy === undefined ? undefined : yield* Effect.mapError(
          tunnel(proxy, address.url, timeoutMillis),
          (error) => failureOf(endpoint, timeoutMillis, { error, wasSent: false, isStaleConnection: false })
        )
        return connect(address, tunnelled, certificates)
      }),
      ({ session }) => !session.closed && !session.destroyed
    )
    const close = Effect.sync(() => connection.current()?.session.destroy())
    yield* Effect.addFinalizer(() => close)
    return {
      send: Effect.fnUntraced(function*(plain) {
        const connected = yield* connection.get
        const message = compression === "gzip" ? yield* gzip(plain) : plain
        const answer = yield* Effect.mapError(
          call(connected, headers, frameMessage(message, compression === "gzip"), timeoutMillis),
          (failure) =>
            http1Failure(endpoint, failure) ??
              failureOf(endpoint, timeoutMillis, { ...failure, isStaleConnection: false })
        )
        return yield* grpcOutcome(endpoint, answer)
      }),
      shutdown: close
    }
  })
