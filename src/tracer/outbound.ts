import * as Otel from "@opentelemetry/api"
import type { PropagatedContext } from "../propagation/index.ts"
import { baggageOf } from "./otelBaggage.ts"

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
