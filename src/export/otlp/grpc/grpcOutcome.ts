import * as Effect from "effect/Effect"
import type { ExportOutcome } from "../../SpanExporter.ts"
import { ExportError } from "../../SpanExporter.ts"
import { protobufEntries, protobufFields } from "../protobufFields.ts"
import { readOutcome } from "../responseBody.ts"
import type { GrpcAnswer, GrpcFailure } from "./grpcCall.ts"
import { unframeMessage } from "./grpcCall.ts"

interface Meaning {
  readonly name: string
  readonly text: string
  /** Whether the same spans may be taken later, by the specification or once what is complained of is mended. */
  readonly heals?: true
  /** Whether the spans may have been taken all the same. */
  readonly isUnsure?: true
}

// Source: OpenTelemetry protocol specification, "OTLP/gRPC Response", "Failures"; codes are those of google.rpc.Code.
const meanings: ReadonlyMap<number, Meaning> = new Map([
  [1, { name: "CANCELLED", text: "it broke off.", heals: true, isUnsure: true }],
  [2, { name: "UNKNOWN", text: "something went wrong there." }],
  [3, { name: "INVALID_ARGUMENT", text: "it cannot read the batch." }],
  [4, { name: "DEADLINE_EXCEEDED", text: "it was too slow.", heals: true, isUnsure: true }],
  [7, {
    name: "PERMISSION_DENIED",
    text: "the credentials are not enough. Check OTEL_EXPORTER_OTLP_HEADERS.",
    heals: true
  }],
  [8, { name: "RESOURCE_EXHAUSTED", text: "it has too much to do." }],
  [10, { name: "ABORTED", text: "it broke off.", heals: true }],
  [11, { name: "OUT_OF_RANGE", text: "it does not take them now.", heals: true }],
  [12, {
    name: "UNIMPLEMENTED",
    text: "it speaks gRPC, but takes no traces by OTLP. Check TRACING_OTLP_ENDPOINT.",
    heals: true
  }],
  [13, { name: "INTERNAL", text: "something is broken there." }],
  [14, { name: "UNAVAILABLE", text: "it is not available for now.", heals: true }],
  [15, { name: "DATA_LOSS", text: "it has lost them.", heals: true }],
  [16, { name: "UNAUTHENTICATED", text: "it wants credentials. Set them in OTEL_EXPORTER_OTLP_HEADERS.", heals: true }]
])

/** What a status of HTTP means where a proxy answers in place of the server. Source: gRPC, "HTTP to gRPC Status Code Mapping". */
const codesOfStatuses: ReadonlyMap<number, number> = new Map([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14]
])

const oneHeader = (value: string | Array<string> | undefined): string | undefined =>
  Array.isArray(value) ? value.at(-1) : value

/** Undoes the percent-coding of `grpc-message`; what is malformed is taken as it is. */
const decodeMessage = (text: string | undefined): string => {
  try {
    return decodeURIComponent(text ?? "")
  } catch {
    return text ?? ""
  }
}

const bytesIn = (field: bigint | Uint8Array | undefined): Uint8Array =>
  field instanceof Uint8Array ? field : new Uint8Array()

/** How long the server asks to be left alone (`google.rpc.RetryInfo`), in milliseconds. */
export const retryInfoMillis = (details: string | undefined): number | undefined => {
  if (details === undefined) return undefined
  for (const [field, value] of protobufEntries(Buffer.from(details, "base64")) ?? []) {
    const detail = field === 3 ? protobufFields(bytesIn(value)) : undefined
    if (detail === undefined || !Buffer.from(bytesIn(detail.get(1))).toString().endsWith("/google.rpc.RetryInfo")) {
      continue
    }
    const delay = protobufFields(bytesIn(protobufFields(bytesIn(detail.get(2)))?.get(1)))
    return Number(delay?.get(1) ?? 0n) * 1000 + Math.ceil(Number(delay?.get(2) ?? 0n) / 1e6)
  }
  return undefined
}

const tooLarge = /too large|larger than|exceeds? .*(limit|size)/i

const refusal = (
  endpoint: string,
  reason: string,
  text: string,
  details: Pick<Partial<ExportError>, "retryable" | "retryAfterMillis" | "fault" | "mayHaveArrived">
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
 * Judges an answer by the rules of OTLP over gRPC: what was taken, what was refused, and whether to try again.
 */
export const grpcOutcome = (endpoint: string, answer: GrpcAnswer): Effect.Effect<ExportOutcome, ExportError> => {
  const { body, headers } = answer
  const trailers = answer.trailers["grpc-status"] === undefined ? headers : answer.trailers
  const status = Number(headers[":status"])
  const isGrpc = headers["content-type"]?.startsWith("application/grpc") === true
  const said = trailers["grpc-status"]
  if (!isGrpc && said === undefined && !codesOfStatuses.has(status)) {
    return refusal(
      endpoint,
      "not grpc",
      `what answers there (status ${status}, ${headers["content-type"] ?? "no content type"}) does not speak gRPC. ` +
        "OTLP over HTTP is usually on port 4318: set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf if it is meant.",
      { retryable: true }
    )
  }
  if (said === undefined && status === 200) {
    return refusal(endpoint, "torn", "the answer was cut short before its status.", {
      retryable: true,
      mayHaveArrived: true
    })
  }
  const code = said === undefined ? codesOfStatuses.get(status) ?? 2 : Number(oneHeader(said))
  if (code === 0) {
    const message = unframeMessage(body)
    return Effect.succeed(
      (message === undefined ? undefined : readOutcome("application/x-protobuf", message)) ??
        { rejected: 0, message: "the answer is not one of OTLP" }
    )
  }
  const { heals = false, isUnsure, name, text } = meanings.get(code) ??
    { name: `code ${code}`, text: "it does not say why." }
  const message = decodeMessage(oneHeader(trailers["grpc-message"]))
  const retryAfterMillis = retryInfoMillis(oneHeader(trailers["grpc-status-details-bin"]))
  const fault = (code === 8 || code === 3) && tooLarge.test(message) ? "size" : code === 3 ? "content" : undefined
  // oxlint-disable-next-line no-control-regex -- a stranger's text must not drive the reader's terminal
  const shown = message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").slice(0, 200).toWellFormed()
  return refusal(endpoint, name, `${name}: ${text}${shown === "" ? "" : ` It says: ${shown}`}`, {
    retryable: heals || (code === 8 && retryAfterMillis !== undefined),
    retryAfterMillis,
    ...(fault === undefined ? undefined : { fault }),
    ...(isUnsure === undefined ? undefined : { mayHaveArrived: true })
  })
}

const notHttp2 = new Set(["ERR_HTTP2_ERROR", "ERR_HTTP2_SESSION_ERROR", "ERR_HTTP2_STREAM_ERROR"])

/** Why it seems that the server does not speak HTTP/2; `undefined` where nothing says so. */
const strangeness = ({ error, wasGreeted }: GrpcFailure): string | undefined => {
  const { code = "", message = "" } = error ?? {}
  if (code.includes("NO_APPLICATION_PROTOCOL")) return "it refuses HTTP/2"
  if (notHttp2.has(code) && /protocol|frame/i.test(message)) return message
  return code === "ECONNRESET" && !wasGreeted ? "it closes the connection without a word" : undefined
}

/**
 * Says what is wrong where a call got no answer because the server does not speak HTTP/2; `undefined` if it is something else.
 */
export const http1Failure = (endpoint: string, failure: GrpcFailure): ExportError | undefined => {
  const why = strangeness(failure)
  const tls = endpoint.startsWith("http:") ? " Where it takes TLS, the endpoint begins with https://." : ""
  return why === undefined ? undefined : new ExportError({
    reason: "not grpc",
    message:
      `Spans cannot be exported to ${endpoint}: what answers there does not speak gRPC (${why}). OTLP over HTTP is ` +
      `usually on port 4318: set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf if it is meant.${tls}`,
    retryable: true,
    retryAfterMillis: undefined,
    // A server of gRPC may have died after it had taken them, before its greeting came.
    ...(failure.wasSent && failure.error?.code === "ECONNRESET" ? { mayHaveArrived: true } : undefined),
    cause: failure.error
  })
}
