import { ExportError } from "../SpanExporter.ts"
import type { HttpFailure } from "./httpRequest.ts"

interface Explanation {
  readonly reason: string
  readonly text: string
  readonly isPermanent?: boolean
}

const explain = (code: string, message: string): Explanation => {
  switch (code) {
    case "ECONNREFUSED":
      return {
        reason: "unreachable",
        text:
          "nothing listens there (connection refused). Start the collector, or set TRACING_OTLP_ENDPOINT to where it is."
      }
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        reason: "unreachable",
        text: `the host name is not known (${code}). Check TRACING_OTLP_ENDPOINT and the name service.`
      }
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return {
        reason: "unreachable",
        text: `the host does not answer (${code}). Check TRACING_OTLP_ENDPOINT and the network.`
      }
    case "ECONNRESET":
    case "EPIPE":
      return {
        reason: "connection closed",
        text: `the connection was closed before an answer came (${code}).`
      }
    case "EPROTO":
      return {
        reason: "tls",
        text: "it does not speak TLS. If it is meant to be plain HTTP, the endpoint begins with http://."
      }
  }
  if (code.startsWith("HPE_")) {
    return {
      reason: "not http",
      text: "its answer is not HTTP/1.1. Port 4317 usually takes gRPC: OTLP over HTTP is usually on port 4318.",
      isPermanent: true
    }
  }
  if (/CERT|SIGNATURE|ISSUER/.test(code)) {
    return {
      reason: "certificate",
      text:
        `its certificate is not trusted (${code}). Name the authority's certificate in OTEL_EXPORTER_OTLP_CERTIFICATE.`
    }
  }
  return { reason: code === "" ? "connection" : code, text: `${message === "" ? code : message}.` }
}

/**
 * Turns a request that got no answer into an error that says why and what to check. All of them heal by themselves,
 * save for a server that does not speak HTTP.
 */
export const failureOf = (endpoint: string, timeoutMillis: number, failure: HttpFailure): ExportError => {
  const { reason, text, isPermanent = false } = failure.error === undefined
    ? {
      reason: "timeout",
      text: `no answer within ${timeoutMillis} ms (OTEL_EXPORTER_OTLP_TIMEOUT).`
    }
    : explain(failure.error.code ?? "", failure.error.message)
  return new ExportError({
    reason,
    message: `Spans cannot be exported to ${endpoint}: ${text}${
      failure.wasSent ? " What was sent may arrive twice." : ""
    }`,
    retryable: !isPermanent,
    retryAfterMillis: undefined,
    mayHaveArrived: failure.wasSent,
    ...(failure.error === undefined ? undefined : { cause: failure.error })
  })
}
