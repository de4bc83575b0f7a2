import * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import { ErrorType, HttpMethod, HttpUrl, NetworkAddress } from "../conventions/index.ts"
import type { FinishingSpan, Instrumentation, Outcome, SpanStart } from "../tracer/index.ts"
import { ClientMemo } from "./ClientMemo.ts"
import { listHeaders, mapText, setMethod } from "./headerAttributes.ts"
import type { ClientTracing } from "./HttpTracing.ts"
import { ClientOptions, isExpected, noTracing } from "./HttpTracing.ts"
import { resendOf } from "./resends.ts"

/**
 * What the client instrumentation may be told.
 *
 * @category models
 * @since 0.1.0
 */
export interface HttpClientOptions {
  /** Methods `http.request.method` may name; default: those of the conventions (`OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`). */
  readonly knownMethods?: ReadonlySet<string> | undefined
}

const unset: Outcome = { status: "unset", exception: false }

const noMemo = new ClientMemo(undefined, noTracing)

/** The reason inside an `HttpClientError`. */
const reasonOf = (cause: Cause.Cause<unknown>): object | undefined => {
  for (const reason of cause.reasons) {
    if (reason._tag !== "Fail") continue
    const { error } = reason
    if (!Predicate.isTagged(error, "HttpClientError") || !Predicate.hasProperty(error, "reason")) return undefined
    return typeof error.reason === "object" && error.reason !== null ? error.reason : undefined
  }
  return undefined
}

const tagOf = (reason: object): string | undefined =>
  Predicate.hasProperty(reason, "_tag") && typeof reason._tag === "string" ? reason._tag : undefined

const outcomeOf = (
  span: FinishingSpan,
  exit: Exit.Exit<unknown, unknown>,
  tracing: ClientTracing
): Outcome | undefined => {
  if (exit._tag === "Success" || Cause.hasInterruptsOnly(exit.cause)) return unset
  const reason = reasonOf(exit.cause)
  if (reason === undefined) return undefined
  const tag = tagOf(reason)
  if (tag === "StatusCodeError") {
    const code = span.attributes.get("http.response.status_code")
    if (isExpected(tracing.expectedStatuses, code)) {
      span.attributes.delete("error.type")
      return unset
    }
    return { status: "error", errorType: code === undefined ? undefined : String(code), exception: false }
  }
  const cause: unknown = Predicate.hasProperty(reason, "cause") ? reason.cause : undefined
  const errorType = ErrorType.transportErrorType(cause) ?? tag
  // A signal of the caller's own ended the request.
  if (errorType === "AbortError") return unset
  return {
    status: "error",
    errorType,
    // What Effect's errors say begins with the URL; what went wrong is said by the error inside.
    message: ErrorType.innermostMessage(cause) ?? ErrorType.innermostMessage(reason),
    exception: true
  }
}

/**
 * Makes the instrumentation that mends the client spans of `effect/http`.
 *
 * **Details**
 *
 * One span per attempt, named `GET`; a retry (`HttpClient.retry`, `HttpClient.retryTransient`, `Effect.retry`) has
 * `http.request.resend_count`. Status and `error.type` come from the status code or from what went wrong below HTTP
 * (`ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`); a request its caller gave up is no error, nor is a status that
 * `HttpTracing.client` expects. `url.path`, `url.query` and
 * `url.scheme`, which only repeat `url.full`, are dropped.
 *
 * ```
 * fetchPost     internal
 *   GET         client, 503, error
 *   GET         client, 200, http.request.resend_count 1
 * ```
 *
 * **Gotchas**
 *
 * The span ends at the response's headers: its duration is the time to the first byte, and a body nobody reads does not hold it
 * open. `HttpTracing.client({ responseBody: true })` tells of the body. Redirects that `fetch` follows by itself are inside
 * one span. Names given by `HttpClient.SpanNameGenerator` are kept.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: HttpClientOptions = {}): Instrumentation => {
  const { knownMethods } = options

  const onStart = (start: SpanStart, fiber: Fiber.Fiber<unknown, unknown> | undefined): void => {
    if (fiber === undefined || start.memo !== undefined) return
    const resend = resendOf(fiber)
    const tracing = fiber.getRef(ClientOptions)
    if (resend !== undefined || tracing !== noTracing) start.memo = new ClientMemo(resend, tracing)
  }

  const onFinish = (span: FinishingSpan, exit: Exit.Exit<unknown, unknown>): Outcome | undefined => {
    const { attributes, memo } = span
    const original = attributes.get("http.request.method")
    if (typeof original !== "string") return undefined
    const { resend, tracing } = memo instanceof ClientMemo ? memo : noMemo
    if (resend?.isOf(original, attributes.get("server.address"), attributes.get("url.path")) === true) {
      attributes.set("http.request.resend_count", resend.count)
    }
    if (tracing.attributes !== undefined) {
      for (const [key, value] of Object.entries(tracing.attributes)) attributes.set(key, value)
    }
    const method = setMethod(attributes, original, HttpMethod.methodOf(original, knownMethods))
    if (attributes.has("url.full")) {
      attributes.delete("url.path")
      attributes.delete("url.query")
      attributes.delete("url.scheme")
    }
    mapText(attributes, "url.full", HttpUrl.redactUrl)
    mapText(attributes, "server.address", NetworkAddress.cleanAddress)
    listHeaders(attributes)
    if (tracing.name !== undefined) span.name = tracing.name
    else if (span.name === original) {
      const template = attributes.get("url.template")
      span.name = HttpMethod.spanName(method, typeof template === "string" ? template : undefined)
    }
    return outcomeOf(span, exit, tracing)
  }

  return { name: "http-client", kinds: ["client"], onStart, onFinish }
}
