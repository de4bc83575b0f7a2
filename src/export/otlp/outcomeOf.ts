import * as Effect from "effect/Effect"
import type { ExportOutcome } from "../SpanExporter.ts"
import { ExportError } from "../SpanExporter.ts"
import { speaksHttp2, wantsTls } from "./failureOf.ts"
import type { HttpAnswer } from "./httpRequest.ts"
import { readMessage, readOutcome } from "./responseBody.ts"
import { retryAfterMillis } from "./retryAfter.ts"

// Source: OpenTelemetry protocol specification, "OTLP/HTTP Response", "Retryable Response Codes".
const retryableStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504])

// Not retryable by the specification, since sending again alone does not help. But what they complain of is mended while the
// program runs (a key, a route), so the spans wait for it within their bound.
const mendableStatuses: ReadonlySet<number> = new Set([401, 403, 404, 407])

const tooLarge = /too large|larger than|too big|exceeds? .*(limit|size)/i

/** What is wrong with the spans, where the receiver says that it is them. */
const faultOf = (status: number, message: string | undefined): "size" | "content" | undefined => {
  if (status === 413) return "size"
  if (status === 400 || status === 422) return message !== undefined && tooLarge.test(message) ? "size" : "content"
  return undefined
}

const meanings: Readonly<Record<number, string>> = {
  400: "it could not read the batch. Is it an OTLP receiver, and of the same protocol (OTEL_EXPORTER_OTLP_PROTOCOL)?",
  401: "it wants credentials. Set them in OTEL_EXPORTER_OTLP_HEADERS.",
  403: "the credentials are not enough. Check OTEL_EXPORTER_OTLP_HEADERS.",
  404: "there is no OTLP receiver at this path. It is usually /v1/traces.",
  405: "there is no OTLP receiver at this path. It is usually /v1/traces.",
  407: "the proxy wants credentials. Write them into its address: HTTP_PROXY=http://user:password@host:port.",
  413: "the batch is too large for it. Lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE.",
  415: "it does not take this encoding. Set OTEL_EXPORTER_OTLP_PROTOCOL to http/json or http/protobuf.",
  429: "it has too much to do.",
  502: "a gateway has no collector behind it.",
  503: "it is not available for now.",
  504: "a gateway waited in vain for the collector."
}

/** What else speaks at that port, where the answer gives it away. */
const strangerOf = ({ body, headers }: HttpAnswer): readonly [reason: string, text: string] | undefined => {
  const said = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 1024)).toString("latin1")
  // Servers in Go, nginx.
  if (/HTTP request (was sent )?to (an )?HTTPS (server|port)/i.test(said)) return ["tls", wantsTls]
  // Servers of gRPC that read HTTP/1.1 to the end of the headers; Node.
  return headers["content-type"]?.startsWith("application/grpc") === true ||
      /gRPC requires HTTP\/2|Missing ALPN Protocol/i.test(said)
    ? ["not http", speaksHttp2]
    : undefined
}

const refusal = (
  endpoint: string,
  reason: string,
  text: string,
  details: Pick<Partial<ExportError>, "retryable" | "retryAfterMillis" | "fault" | "mayHaveArrived"> = {}
): Effect.Effect<never, ExportError> =>
  Effect.fail(
    new ExportError({
      reason,
      message: `Spans cannot be exported to ${endpoint}: ${text}`,
      retryable: false,
      retryAfterMillis: undefined,
      ...details
    })
  )

/**
 * Judges an answer by the rules of OTLP over HTTP: what was taken, what was refused, and whether to try again.
 *
 * **Details**
 *
 * With a good status the batch has been taken, even if the rest of the answer is torn off or makes no sense: sending it
 * again would double it. Only a web page is no answer of a receiver.
 */
export const outcomeOf = (
  endpoint: string,
  answer: HttpAnswer,
  nowMillis: number
): Effect.Effect<ExportOutcome, ExportError> => {
  const { body, headers, status } = answer
  const contentType = headers["content-type"] ?? ""
  if (status >= 200 && status < 300) {
    if (contentType.includes("html")) {
      return refusal(
        endpoint,
        "web page",
        "a web page answers, not an OTLP receiver. Check port and path of TRACING_OTLP_ENDPOINT (OTLP over HTTP is usually on port 4318).",
        { retryable: true }
      )
    }
    if (!answer.isComplete) {
      return Effect.succeed({
        rejected: 0,
        message: "the answer was cut short, so whether some were refused is not known"
      })
    }
    const outcome = readOutcome(contentType, body)
    return Effect.succeed(
      outcome ?? { rejected: 0, message: `the answer (${contentType || "no content type"}) is not one of OTLP` }
    )
  }
  if (status >= 300 && status < 400) {
    return refusal(
      endpoint,
      `status ${status}`,
      `it redirects (${status}) to ${
        headers.location ?? "nowhere"
      }. Redirects are not followed: set TRACING_OTLP_ENDPOINT to the final address.`,
      { retryable: true }
    )
  }
  const stranger = strangerOf(answer)
  if (stranger !== undefined) return refusal(endpoint, ...stranger, { retryable: true })
  const message = readMessage(contentType, body)
  const fault = faultOf(status, message)
  const isRetryable = retryableStatuses.has(status)
  return refusal(
    endpoint,
    `status ${status}`,
    `status ${status}: ${meanings[status] ?? "it does not take them."}${
      message === undefined ? "" : ` It says: ${message}`
    }`,
    {
      retryable: isRetryable || mendableStatuses.has(status),
      retryAfterMillis: isRetryable ? retryAfterMillis(headers["retry-after"], nowMillis) : undefined,
      ...(fault === undefined ? undefined : { fault }),
      // A gateway that waited in vain has handed the spans on.
      ...(status === 504 ? { mayHaveArrived: true } : undefined)
    }
  )
}
