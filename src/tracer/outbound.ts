import * as Otel from "@opentelemetry/api"
import * as Fiber from "effect/Fiber"
import type { PropagatedContext } from "../propagation/index.ts"
import { CorrelationId, isCorrelationId } from "../propagation/index.ts"
import { correlationIdOf } from "./correlation.ts"
import { effectSpanOf } from "./effectSpanOf.ts"
import type { LiveSpan } from "./LiveSpan.ts"
import { baggageOf } from "./otelBaggage.ts"
import { OtelSpan } from "./OtelSpan.ts"

// The key `suppressTracing` of @opentelemetry/core sets; its description makes it the same symbol everywhere.
const suppressKey = Otel.createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING")

/** Whether whoever runs in this context asked not to be traced, as exporters do. */
export const isSuppressed = (context: Otel.Context): boolean => context.getValue(suppressKey) === true

/**
 * What a request made in an OpenTelemetry context is to carry: its span, of Effect's or of another library, and its baggage.
 * `undefined` where there is no span, and where tracing is suppressed.
 *
 * @category propagation
 * @since 0.1.0
 */
export const propagatedContext = (context: Otel.Context): PropagatedContext | undefined => {
  const span = Otel.trace.getSpanContext(context)
  if (span === undefined || !Otel.isSpanContextValid(span) || isSuppressed(context)) return undefined
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    traceFlags: span.traceFlags,
    traceState: span.traceState?.serialize(),
    isRemote: false,
    baggage: baggageOf(context)
  }
}

/**
 * The correlation id a request made in an OpenTelemetry context is to carry: that of the fiber that makes it, or where the request is made
 * outside of one (a redirect that `fetch` follows) that of the span. `undefined` where there is none, and where tracing is suppressed.
 *
 * @category propagation
 * @since 0.1.0
 */
export const propagatedCorrelationId = (context: Otel.Context): string | undefined => {
  if (isSuppressed(context)) return undefined
  const span = Otel.trace.getSpan(context)
  const ofSpan = span === undefined ? undefined : effectSpanOf(span)
  const id = Fiber.getCurrent()?.getRef(CorrelationId) ?? (ofSpan === undefined ? undefined : correlationIdOf(ofSpan))
  // User code may have set anything; only what is well-formed can stand in a header.
  return id !== undefined && isCorrelationId(id) ? id : undefined
}

// The client span that started last, and its fiber's number.
let lastClient: LiveSpan | undefined
let lastClientFiber: number | undefined

/** A client span has started. */
export const clientStarted = (span: LiveSpan): void => {
  lastClient = span
  lastClientFiber = Fiber.getCurrent()?.id
}

/**
 * The OpenTelemetry context a request that is made right now belongs to.
 *
 * **Details**
 *
 * Effect's client over `node:http` makes its request after it has started the client span, but before that span is the
 * current one: such a request belongs to the client span that its fiber has just started.
 *
 * @category propagation
 * @since 0.1.0
 */
export const requestContext = (): Otel.Context => {
  const active = Otel.context.active()
  const span = lastClient
  if (span === undefined || span.ended || lastClientFiber !== Fiber.getCurrent()?.id) return active
  const current = Otel.trace.getSpan(active)
  const isNext = current instanceof OtelSpan ? current.live === span.parentSpan : span.parentSpan === undefined
  return isNext && span.endedAttributes.has("http.request.method") ? Otel.trace.setSpan(active, span.span) : active
}
