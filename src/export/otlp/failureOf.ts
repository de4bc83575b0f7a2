import { ExportError } from "../SpanExporter.ts"
import type { HttpFailure } from "./httpRequest.ts"
import { ProxyError } from "./tunnel.ts"

interface Explanation {
  readonly reason: string
  readonly text: string
  /** Whether it is certain that nothing was taken, whatever had gone out: the two never got to talk. */
  readonly isUntaken?: true
}

const endpointVariable = "TRACING_OTLP_ENDPOINT"

/** What to do where HTTP/1.1 is spoken to a server of HTTP/2. */
export const speaksHttp2 =
  "it speaks HTTP/2 alone, as gRPC does. Set OTEL_EXPORTER_OTLP_PROTOCOL to grpc, or use its port for OTLP over HTTP, " +
  "usually 4318."

/** What to do where a server takes TLS alone. */
export const wantsTls = `it takes TLS alone: ${endpointVariable} has to begin with https://.`

const unreachable = (text: string): Explanation => ({ reason: "unreachable", text })

const explanations: ReadonlyArray<readonly [code: RegExp, (code: string, message: string) => Explanation]> = [
  [/^ECONNREFUSED$/, () =>
    unreachable(
      `nothing listens there (connection refused). Start the collector, or set ${endpointVariable} to where it is.`
    )],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    (code) => unreachable(`the host name is not known (${code}). Check ${endpointVariable} and the name service.`)
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/,
    (code) => unreachable(`the host does not answer (${code}). Check ${endpointVariable} and the network.`)
  ],
  [
    /^ENOENT$/,
    () => unreachable(`there is no such socket. Start the collector, or set ${endpointVariable} to where it is.`)
  ],
  [/^(EACCES|EPERM)$/, (code) => unreachable(`this process may not connect to it (${code}).`)],
  [/^(ECONNRESET|EPIPE)$/, (code) => ({
    reason: "connection closed",
    text: `the connection was closed before an answer came (${code}).`
  })],
  [/^EPROTO$|^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL)/, () => ({
    reason: "tls",
    text: "it does not speak TLS. If none is meant, the endpoint begins with http://; for gRPC without a scheme set " +
      "OTEL_EXPORTER_OTLP_INSECURE=true.",
    isUntaken: true
  })],
  [/ALERT_NO_APPLICATION_PROTOCOL/, () => ({ reason: "not http", text: speaksHttp2, isUntaken: true })],
  [/ALERT_CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE/, (code) => ({
    reason: "client certificate",
    text: `it wants to see a certificate of this process (${code}). Set OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and ` +
      "OTEL_EXPORTER_OTLP_CLIENT_KEY.",
    isUntaken: true
  })],
  [/^ERR_SSL_.*ALERT_.*(CERT|UNKNOWN_CA)/, (code) => ({
    reason: "client certificate",
    text: `it does not accept the certificate of this process (${code}). Check OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE.`,
    isUntaken: true
  })],
  [
    /^HPE_/,
    () => ({ reason: "not http", text: `its answer is not HTTP/1.1. Perhaps ${speaksHttp2}` })
  ],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, (_, message) => ({
    reason: "certificate",
    text: `its certificate is for another name (${message}). Set ${endpointVariable} to a name that it has.`
  })],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, (code) => ({
    reason: "certificate",
    text: `its certificate is not valid at this time (${code}). Renew it, or set the clock.`
  })],
  [/CERT|SIGNATURE|ISSUER/, (code) => ({
    reason: "certificate",
    text:
      `its certificate is not trusted (${code}). Name the authority's certificate in OTEL_EXPORTER_OTLP_CERTIFICATE.`
  })]
]

const explain = (error: NodeJS.ErrnoException | undefined, timeoutMillis: number): Explanation => {
  if (error === undefined) {
    return { reason: "timeout", text: `no answer within ${timeoutMillis} ms (OTEL_EXPORTER_OTLP_TIMEOUT).` }
  }
  if (error instanceof ProxyError) return { reason: "proxy", text: error.message, isUntaken: true }
  const { code = "", message } = error
  const known = explanations.find(([pattern]) => pattern.test(code))
  if (known !== undefined) return known[1](code, message)
  // What OpenSSL says ends in a line break.
  return { reason: code === "" ? "connection" : code, text: `${(message || code).replace(/\s+/g, " ").trim()}.` }
}

/**
 * Turns a request that got no answer into an error that says why and what to check. All of them heal, by themselves or once
 * what is wrong is mended.
 */
export const failureOf = (endpoint: string, timeoutMillis: number, failure: HttpFailure): ExportError => {
  const { isUntaken = false, reason, text } = explain(failure.error, timeoutMillis)
  const mayHaveArrived = failure.wasSent && !isUntaken
  return new ExportError({
    reason,
    message: `Spans cannot be exported to ${endpoint}: ${text}${
      mayHaveArrived ? " What was sent may arrive twice." : ""
    }`,
    retryable: true,
    retryAfterMillis: undefined,
    mayHaveArrived,
    ...(failure.error === undefined ? undefined : { cause: failure.error })
  })
}
