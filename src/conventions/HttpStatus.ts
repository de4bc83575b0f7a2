import type { SpanKind } from "effect/Tracer"

/**
 * Says whether a status code makes an HTTP span an error: from 500 for a server, from 400 for a client. A code outside
 * 100 to 599 is an error for both.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
 *
 * @category http
 * @since 0.1.0
 */
export const isErrorStatus = (code: number, kind: SpanKind): boolean =>
  code >= (kind === "server" ? 500 : 400) || code < 100

/**
 * Says whether a number can be the status code of a response.
 *
 * @category http
 * @since 0.1.0
 */
export const isStatusCode = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 100 && value <= 999
