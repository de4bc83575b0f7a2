import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as http from "node:http"
import { ExportError } from "../SpanExporter.ts"
import type { OtlpTransportOptions } from "./OtlpTransport.ts"

/**
 * The address of a receiver.
 */
export interface ReceiverAddress {
  /** Of a receiver behind a socket what is asked for there: the host says nothing. */
  readonly url: URL
  /** The path of a Unix socket, in place of host and port. */
  readonly socketPath: string | undefined
}

const parse = (endpoint: string): ReceiverAddress | undefined => {
  const socketPath = /^unix:(?:\/\/(?=\/))?(.+)$/s.exec(endpoint)?.[1]
  if (socketPath !== undefined) return { url: new URL("http://localhost/v1/traces"), socketPath }
  const url = URL.parse(endpoint)
  return url?.protocol === "http:" || url?.protocol === "https:" ? { url, socketPath: undefined } : undefined
}

/**
 * Shows an endpoint without what may be secret in it: credentials and query.
 */
export const showEndpoint = (endpoint: string, isGrpc: boolean): string => {
  const address = parse(endpoint)
  if (address === undefined) return endpoint
  const { socketPath, url } = address
  return socketPath === undefined ? `${url.protocol}//${url.host}${isGrpc ? "" : url.pathname}` : `unix:${socketPath}`
}

const failure = (reason: string, text: string): ExportError =>
  new ExportError({
    reason,
    message: `Spans cannot be exported: ${text}`,
    retryable: false,
    retryAfterMillis: undefined
  })

// Node throws while a request is made, and the message would repeat the value, which is a secret.
const checkHeaders = (headers: Readonly<Record<string, Redacted.Redacted>>): Effect.Effect<void, ExportError> =>
  Effect.forEach(Object.entries(headers), ([name, value]) =>
    Effect.try({
      try: () => {
        http.validateHeaderName(name)
        http.validateHeaderValue(name, Redacted.value(value))
      },
      catch: () =>
        failure(
          "header",
          `the header ${
            JSON.stringify(name)
          } has characters that headers cannot have. Check OTEL_EXPORTER_OTLP_HEADERS.`
        )
    }), { discard: true })

/**
 * The address to send to; fails where the endpoint is none, or a header cannot be sent.
 */
export const readAddress = Effect.fnUntraced(function*(
  { headers = {}, tracesEndpoint }: OtlpTransportOptions
): Effect.fn.Return<ReceiverAddress, ExportError> {
  const address = parse(tracesEndpoint)
  if (address === undefined) {
    return yield* failure(
      "endpoint",
      `"${tracesEndpoint}" is not the address of an OTLP receiver. ` +
        "Set TRACING_OTLP_ENDPOINT to one that begins with http:// or https://, or to unix:/path of a socket."
    )
  }
  yield* checkHeaders(headers)
  return address
})
