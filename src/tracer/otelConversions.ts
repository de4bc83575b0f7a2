import * as Otel from "@opentelemetry/api"
import type * as Tracer from "effect/Tracer"
import { externalSpan } from "./remoteContext.ts"

/** Effect's name of an OpenTelemetry span kind. */
export const fromOtelKind = (kind: Otel.SpanKind | undefined): Tracer.SpanKind => {
  switch (kind) {
    case Otel.SpanKind.SERVER:
      return "server"
    case Otel.SpanKind.CLIENT:
      return "client"
    case Otel.SpanKind.PRODUCER:
      return "producer"
    case Otel.SpanKind.CONSUMER:
      return "consumer"
    default:
      return "internal"
  }
}

/** An OpenTelemetry span context as Effect's external span. */
export const fromSpanContext = (context: Otel.SpanContext): Tracer.ExternalSpan =>
  externalSpan({
    traceId: context.traceId,
    spanId: context.spanId,
    traceFlags: context.traceFlags,
    traceState: context.traceState?.serialize(),
    isRemote: context.isRemote ?? false
  })

/** An OpenTelemetry link as Effect's. */
export const fromOtelLink = (link: Otel.Link): Tracer.SpanLink => ({
  span: fromSpanContext(link.context),
  attributes: link.attributes ?? {}
})
