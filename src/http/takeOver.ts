import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"
import type { Baggage } from "../propagation/index.ts"
import { addBaggage, CorrelationId, correlationIdFrom, makeCorrelationId } from "../propagation/index.ts"
import type { SpanStart } from "../tracer/index.ts"
import { setResponseHeaders } from "./responseHeaders.ts"
import { ServerMemo } from "./ServerMemo.ts"

/** The header of an answer that names the trace. */
export const traceIdHeader = "X-Trace-ID"

// Requests whose span keeps nothing, not even its memo, by what the platform gave them as.
const unrecorded = new WeakSet<object>()

/** Whether the request has a span already, one of which nothing is kept. */
export const isUnrecorded = (source: object): boolean => unrecorded.has(source)

/**
 * Gives the fiber that answers a request the request's correlation id, or a new one, and its baggage, and has the answer carry the
 * correlation id and the trace's.
 *
 * **Details**
 *
 * Who sent a correlation id does not matter: it decides nothing. Called as the request's span begins, before Effect takes the fiber's
 * services up, so that what is set here is there for all of the request, routes, middleware and forks alike.
 */
export const takeOver = (
  correlationHeader: string
): (
  start: SpanStart,
  fiber: Fiber.Fiber<unknown, unknown>,
  memo: ServerMemo,
  baggage: Baggage.Baggage | undefined
) => void => {
  const field = correlationHeader.toLowerCase()

  // One function for all requests, called as a method of the span's start. A closure for each, holding its request, had every
  // request survive until the next full collection: 4 KB promoted a request, and as much time in the collector as in all of this
  // room.
  function answer(this: SpanStart, span: Tracer.Span): void {
    const { memo } = this
    if (!(memo instanceof ServerMemo) || memo.request === undefined || memo.correlationId === undefined) return
    if (!("memo" in span)) unrecorded.add(memo.source)
    const { correlationId, request } = memo
    memo.request = undefined
    setResponseHeaders(request, correlationHeader, correlationId, traceIdHeader, span.traceId)
  }

  return (start, fiber, memo, baggage) => {
    const correlationId = correlationIdFrom(memo.request?.headers[field]) ?? makeCorrelationId()
    const correlated = Context.add(fiber.context, CorrelationId, correlationId)
    fiber.setContext(baggage === undefined ? correlated : addBaggage(correlated, baggage))
    memo.correlationId = correlationId
    start.whenMade = answer
  }
}
