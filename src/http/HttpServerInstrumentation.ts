import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Tracer from "effect/Tracer"
import { HttpMethod, HttpStatus, HttpUrl, NetworkAddress } from "../conventions/index.ts"
import type { Baggage } from "../propagation/index.ts"
import type { FinishingSpan, Instrumentation, Outcome, SpanStart } from "../tracer/index.ts"
import { ApiEndpoints, noEndpoints, setEndpoint } from "./ApiEndpoints.ts"
import { ServerRequest, ServerSpanName, ServerTracerDisabledWhen } from "./effectKeys.ts"
import { listHeaders, mapText, setMethod } from "./headerAttributes.ts"
import { isExpected } from "./HttpTracing.ts"
import { judgeParent } from "./messageParent.ts"
import { sentResponse } from "./sentResponse.ts"
import { memoOf, ServerMemo } from "./ServerMemo.ts"
import { peerAddressOf, serverRequestAttributes } from "./ServerRequestAttributes.ts"
import { isUnrecorded, takeOver } from "./takeOver.ts"
import { correlateUntraced } from "./untracedRequests.ts"

/**
 * The context a request brings along, as far as it is to be believed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Extracted {
  readonly parent: Tracer.ExternalSpan | undefined
  readonly links: ReadonlyArray<Tracer.SpanLink>
  /** A decision that came without a span, as far as it counts. */
  readonly decision?: "force" | "drop" | undefined
  /** The baggage, where the sender's is taken over. */
  readonly baggage?: Baggage.Baggage | undefined
}

/**
 * What the server instrumentation needs from its surroundings.
 *
 * @category models
 * @since 0.1.0
 */
export interface HttpServerOptions {
  /**
   * Reads the trace context out of a request's headers and judges it by the peer's address; Effect's own reading of the
   * headers is not used.
   */
  readonly extract: (
    headers: Readonly<Record<string, string | undefined>>,
    peerAddress: string | undefined
  ) => Extracted
  /**
   * Finds `client.address` behind proxies. Default: the address Effect knows (`request.remoteAddress`).
   */
  readonly clientAddress?:
    | ((
      headers: Readonly<Record<string, string | undefined>>,
      peerAddress: string | undefined
    ) => string | undefined)
    | undefined
  /** The header that carries the correlation id, both ways; default `X-Correlation-ID`. */
  readonly correlationHeader?: string | undefined
  /** Methods `http.request.method` may name; default: those of the conventions (`OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`). */
  readonly knownMethods?: ReadonlySet<string> | undefined
}

const noSpan = Option.none<Tracer.AnySpan>()

const unset: Outcome = { status: "unset", exception: false }

const isClientAbort = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) => reason.annotations.has("effect/http/HttpServerError/ClientAbort"))

/** Whether a span this one is in, or is, answers the request already. */
const isAnswering = (span: Tracer.AnySpan | undefined, source: object): boolean => {
  if (isUnrecorded(source)) return true
  while (span !== undefined && span._tag === "Span") {
    if (memoOf(span)?.source === source) return true
    span = span.parent._tag === "Some" ? span.parent.value : undefined
  }
  return false
}

/** The error Effect makes up for a response whose status alone says that it failed. */
const isMereStatus = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.every((reason) =>
    reason._tag === "Fail" && Predicate.isTagged(reason.error, "HttpServerError") &&
    Predicate.hasProperty(reason.error, "reason") && Predicate.isTagged(reason.error.reason, "ResponseError") &&
    !(Predicate.hasProperty(reason.error.reason, "cause") && reason.error.reason.cause !== undefined)
  )

/**
 * Makes the instrumentation that mends the server spans of `effect/http`.
 *
 * **Details**
 *
 * A server span is named `GET /users/:id` and has, from its start, what samplers look at. Its parent is what `extract`
 * makes of the request's own headers. A span of this process around the server, such as that of `main`, is no parent but
 * a link: each request is a trace of its own. The status is an error from 500 on, and for failures; an exception is
 * recorded for failures only.
 *
 * ```
 * GET /users/:id            server
 *   handler                 internal
 *     SELECT users          client
 * ```
 *
 * **Gotchas**
 *
 * Names given by `HttpMiddleware.SpanNameGenerator` are kept; `HttpTracing.route` gives one to a route. A span of kind server
 * inside a request (as `effect/rpc` makes them) keeps its name and attributes; the trace ids that a message over a WebSocket brings are
 * judged like headers, by the peer's address. Over a bare socket (`RpcServer.layerProtocolSocketServer`) there is no request to judge by, and
 * whoever may connect sets the parent: keep such a socket to one's own, or provide its `RpcServer.Protocol` with
 * `supportsSpanPropagation: false`. A route matched inside a span that outlives its request is not
 * found. An answer that switches protocols (101) carries no correlation headers: Node's `ws` writes it past every hook.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: HttpServerOptions): Instrumentation => {
  const { clientAddress, correlationHeader = "X-Correlation-ID", extract, knownMethods } = options
  const correlate = takeOver(correlationHeader)
  let isServing = false

  const onStart = (start: SpanStart, fiber: Fiber.Fiber<unknown, unknown> | undefined): void => {
    if (start.kind !== "server" || fiber === undefined) return
    const request = Context.getOrUndefined(fiber.context, ServerRequest)
    if (request === undefined) return
    const local = fiber.cache.span
    if (isAnswering(local, request.source)) {
      // HttpMiddleware.tracer applied once more: a child of the request's span, not of the caller's once again.
      if (fiber.getRef(ServerSpanName)(request) === start.name) {
        start.parent = local === undefined ? noSpan : Option.some(local)
        start.memo = new ServerMemo(request, start.name === request.method, undefined)
      } else {
        judgeParent(start, request, local, extract)
      }
      return
    }
    // With HTTP tracing off for this request, its first server span is somebody else's.
    if (fiber.getRef(ServerTracerDisabledWhen)(request)) return judgeParent(start, request, local, extract)
    isServing = true
    const peerAddress = peerAddressOf(request)
    const client = clientAddress?.(request.headers, peerAddress) ??
      Option.getOrUndefined(Option.map(request.remoteAddress, NetworkAddress.cleanAddress))
    const memo = new ServerMemo(request, start.name === request.method, client)
    memo.endpoints = fiber.getRef(ApiEndpoints)
    start.memo = memo
    const extracted = extract(request.headers, peerAddress)
    start.parent = extracted.parent === undefined ? noSpan : Option.some(extracted.parent)
    start.decision = extracted.decision
    for (const link of extracted.links) start.links.push(link)
    // A request this process made itself continues the trace anyway.
    if (local !== undefined && extracted.parent?.traceId !== local.traceId) {
      start.links.push({ span: local, attributes: {} })
    }
    const attributes = serverRequestAttributes(request, peerAddress, client, knownMethods)
    start.attributes = start.attributes === undefined ? attributes : { ...start.attributes, ...attributes }
    correlate(start, fiber, memo, extracted.baggage)
  }

  /** The router writes the route to the span it runs in, which a middleware may have opened: hand it up. */
  const passRouteUp = (span: FinishingSpan): void => {
    let parent = span.parent
    while (parent._tag === "Some" && parent.value._tag === "Span" && parent.value.kind !== "server") {
      parent = parent.value.parent
    }
    if (parent._tag === "None" || parent.value._tag !== "Span") return
    const route = span.attributes.get("http.route")
    if (typeof route !== "string") return
    span.attributes.delete("http.route")
    const memo = memoOf(parent.value)
    // The innermost span ends first, and the innermost router knows best.
    if (memo?.isRouted === true) return
    if (memo !== undefined) memo.isRouted = true
    parent.value.attribute("http.route", route)
  }

  const onFinish = (span: FinishingSpan, exit: Exit.Exit<unknown, unknown>): Outcome | undefined => {
    if (span.kind !== "server") {
      if (isServing) passRouteUp(span)
      return undefined
    }
    const memo = span.memo
    if (!(memo instanceof ServerMemo)) return undefined
    const { attributes } = span
    const method = setMethod(attributes, memo.method, HttpMethod.methodOf(memo.method, knownMethods))
    attributes.delete("url.full")
    mapText(attributes, "url.query", HttpUrl.redactQuery)
    mapText(attributes, "server.address", NetworkAddress.cleanAddress)
    if (memo.clientAddress !== undefined) attributes.set("client.address", memo.clientAddress)
    else mapText(attributes, "client.address", NetworkAddress.cleanAddress)
    listHeaders(attributes)
    const route = attributes.get("http.route")
    if (typeof route === "string" && memo.endpoints !== noEndpoints) {
      setEndpoint(attributes, memo.endpoints, memo.method, route)
    }
    if (memo.route?.name !== undefined) span.name = memo.route.name
    else if (memo.hasDefaultName) {
      span.name = HttpMethod.spanName(method, typeof route === "string" ? route : undefined)
    }
    return outcomeOf(span, exit, memo)
  }

  const outcomeOf = (
    span: FinishingSpan,
    exit: Exit.Exit<unknown, unknown>,
    memo: ServerMemo
  ): Outcome | undefined => {
    if (exit._tag === "Success") return unset
    if (Cause.hasInterruptsOnly(exit.cause) && isClientAbort(exit.cause)) {
      // The caller went away: 499 is what the server would have sent, and nobody got.
      const sent = sentResponse(memo.source, memo.bytesBefore)
      if (sent === undefined) span.attributes.delete("http.response.status_code")
      else span.attributes.set("http.response.status_code", sent.status)
      return sent?.isComplete === true ? { ...unset, isDone: true } : unset
    }
    const code = span.attributes.get("http.response.status_code")
    if (HttpStatus.isStatusCode(code) && !HttpStatus.isErrorStatus(code, "server")) return unset
    if (isExpected(memo.route?.expectedStatuses, code)) return unset
    if (isMereStatus(exit.cause) || Cause.hasInterruptsOnly(exit.cause)) {
      return { status: "error", errorType: code === undefined ? undefined : String(code), exception: false }
    }
    return undefined
  }

  const onContext = correlateUntraced(correlationHeader, extract)

  return { name: "http-server", kinds: ["server", "internal"], onContext, onStart, onFinish }
}
