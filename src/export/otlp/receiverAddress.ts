import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as http from "node:http"
import { ExportError } from "../SpanExporter.ts"
import { parseEndpoint, type ReceiverAddress } from "./endpoint.ts"
import type { OtlpTransportOptions } from "./OtlpTransport.ts"

/** What `sockaddr_un` holds on Linux. Some versions of Node cut a longer path, and would find another socket or none. */
const longestPath = 107

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
  const address = parseEndpoint(tracesEndpoint)
  if (address === undefined) {
    return yield* failure(
      "endpoint",
      `"${tracesEndpoint}" is not the address of an OTLP receiver. ` +
        "Set TRACING_OTLP_ENDPOINT to one that begins with http:// or https://, or to unix:/path of a socket."
    )
  }
  const { socketPath = "" } = address
  if (Buffer.byteLength(socketPath) > longestPath) {
    return yield* failure(
      "endpoint",
      `the path of a socket has ${longestPath} bytes at most, and ${socketPath} has more. Set TRACING_OTLP_ENDPOINT to a shorter one.`
    )
  }
  yield* checkHeaders(headers)
  return address
})
