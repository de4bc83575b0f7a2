import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { ClientHttp2Session, OutgoingHttpHeaders } from "node:http2"
import * as http2 from "node:http2"
import * as querystring from "node:querystring"
import { packageVersion } from "../../../model/index.ts"
import { quietly } from "../../untraced.ts"
import { failureOf } from "../failureOf.ts"
import { gzip, readCertificates, readEndpoint } from "../HttpTransport.ts"
import type { OtlpTransport, OtlpTransportOptions } from "../OtlpTransport.ts"
import { call, frameMessage } from "./grpcCall.ts"
import { grpcOutcome, http1Failure } from "./grpcOutcome.ts"

const method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
/** `grpc-timeout` takes eight digits. */
const longestTimeout = 99_999_999

/** User and password in the address, as a header. */
const credentialsOf = (endpoint: string): OutgoingHttpHeaders => {
  const { password = "", username = "" } = URL.parse(endpoint) ?? {}
  if (username === "" && password === "") return {}
  const plain = `${querystring.unescape(username)}:${querystring.unescape(password)}`
  return { authorization: `Basic ${Buffer.from(plain).toString("base64")}` }
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

/**
 * Makes a transport by gRPC: unary calls over HTTP/2, on one connection that is kept. What the path of the endpoint says
 * is not looked at.
 *
 * **Details**
 *
 * A unary call is one framed message each way and a status in the trailers. That is little enough on `node:http2` to do without a
 * library of gRPC, which brings protobuf, service discovery and load balancing along.
 */
export const make: (options: OtlpTransportOptions) => Effect.Effect<OtlpTransport, never, Scope.Scope> = Effect
  .fnUntraced(function*(options) {
    const { compression, timeoutMillis = 10_000 } = options
    const url = URL.parse(options.tracesEndpoint)
    const endpoint = url === null ? options.tracesEndpoint : url.origin
    const headers: OutgoingHttpHeaders = {
      ...headersOf(options),
      "grpc-timeout": `${Math.min(Math.ceil(timeoutMillis), longestTimeout)}m`
    }
    let session: ClientHttp2Session | undefined
    const close = Effect.sync(() => session?.destroy())
    yield* Effect.addFinalizer(() => close)
    const connect = Effect.fnUntraced(function*() {
      if (session !== undefined && !session.closed && !session.destroyed) return session
      const { origin } = yield* readEndpoint(options)
      const certificates = yield* readCertificates(options)
      const opened = quietly(() => http2.connect(origin, certificates))
      // Calls tell what went wrong; without a listener an error between two of them would end the process.
      opened.on("error", () => opened.destroy())
      opened.on("goaway", () => opened.close())
      opened.unref()
      return session = opened
    })
    return {
      name: `otlp ${endpoint}`,
      endpoint,
      send: Effect.fnUntraced(function*(plain) {
        const connected = yield* connect()
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
