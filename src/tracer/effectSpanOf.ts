import * as Otel from "@opentelemetry/api"
import type * as Tracer from "effect/Tracer"
import { fromSpanContext } from "./otelConversions.ts"
import { OtelSpan } from "./OtelSpan.ts"
import { unrecordedBehind } from "./UnrecordedSpan.ts"

/** Effect's span behind an OpenTelemetry span: our own, or an external one for another library's; `undefined` if it is invalid. */
export const effectSpanOf = (span: Otel.Span): Tracer.AnySpan | undefined => {
  if (span instanceof OtelSpan) return span.live
  const unrecorded = unrecordedBehind(span)
  if (unrecorded !== undefined) return unrecorded
  const context = span.spanContext()
  return Otel.isSpanContextValid(context) ? fromSpanContext(context) : undefined
}
