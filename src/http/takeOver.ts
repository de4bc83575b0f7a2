import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { Baggage } from "../propagation/index.ts"
import { addBaggage, CorrelationId, correlationIdFrom, makeCorrelationId } from "../propagation/index.ts"
import type { SpanStart } from "../tracer/index.ts"
import { setResponseHeaders } from "./responseHeaders.ts"

const traceIdHeader = "X-Trace-ID"

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
  start: SpanStart,
  fiber: Fiber.Fiber<unknown, unknown>,
  request: HttpServerRequest,
  correlationHeader: string,
  baggage: Baggage.Baggage | undefined
): void => {
  const correlationId = correlationIdFrom(request.headers[correlationHeader.toLowerCase()]) ?? makeCorrelationId()
  const correlated = Context.add(fiber.context, CorrelationId, correlationId)
  const context = baggage === undefined ? correlated : addBaggage(correlated, baggage)
  fiber.setContext(context)
  start.whenMade = ({ traceId }) =>
    setResponseHeaders(request, context, { [correlationHeader]: correlationId, [traceIdHeader]: traceId })
}
