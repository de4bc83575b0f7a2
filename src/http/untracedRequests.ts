import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"
import { TraceId } from "../model/index.ts"
import { addBaggage, CorrelationId, correlationIdFrom, makeCorrelationId } from "../propagation/index.ts"
import { RequestState, ServerRequest, ServerTracerDisabledWhen } from "./effectKeys.ts"
import type { HttpServerOptions } from "./HttpServerInstrumentation.ts"
import { setResponseHeaders } from "./responseHeaders.ts"
import { memoOf } from "./ServerMemo.ts"
import { peerAddressOf } from "./ServerRequestAttributes.ts"
import { traceIdHeader } from "./takeOver.ts"

/** Whether the span is in one that answers the request, or did: then only a part of the request's work is not traced. */
const isOfRequest = (span: Tracer.AnySpan | undefined, source: object): boolean => {
  while (span !== undefined && span._tag === "Span") {
    // One that has ended, or records nothing, no longer knows which request it was.
    if (span.kind === "server" && (memoOf(span)?.source ?? source) === source) return true
    span = span.parent._tag === "Some" ? span.parent.value : undefined
  }
  return false
}

/**
 * Correlates the requests that have no span, because the program has turned tracing off for them: the fiber has their correlation id and
 * baggage, and the answer carries the same headers as any other.
 *
 * **Details**
 *
 * Called for every context a fiber is seen in. The first that has a request's state is that of the fiber which answers it, before
 * any route or middleware. Of most requests nothing more is asked than whether tracing may be off at all.
 *
 * The trace named is the caller's, where the caller is believed; else it is one that nobody records, as for requests that are not
 * sampled.
 */
export const correlateUntraced = (
  correlationHeader: string,
  extract: HttpServerOptions["extract"]
): (fiber: Fiber.Fiber<unknown, unknown>) => void => {
  const field = correlationHeader.toLowerCase()
  const seen = new WeakSet<object>()
  return (fiber) => {
    const { context } = fiber
    const state = Context.getOrUndefined(context, RequestState)
    if (state === undefined) return
    const isDisabled = Context.getOrUndefined(context, ServerTracerDisabledWhen)
    const { tracerEnabled } = fiber.cache
    if ((tracerEnabled && isDisabled === undefined) || seen.has(state)) return
    seen.add(state)
    const request = Context.getOrUndefined(context, ServerRequest)
    if (request === undefined || (tracerEnabled && isDisabled?.(request) !== true)) return
    if (isOfRequest(fiber.cache.span, request.source)) return
    const { baggage, parent } = extract(request.headers, peerAddressOf(request))
    const correlationId = correlationIdFrom(request.headers[field]) ?? makeCorrelationId()
    const correlated = Context.add(context, CorrelationId, correlationId)
    fiber.setContext(baggage === undefined ? correlated : addBaggage(correlated, baggage))
    const traceId = parent?.traceId ?? TraceId.random().hex
    setResponseHeaders(request, correlationHeader, correlationId, traceIdHeader, traceId)
  }
}
