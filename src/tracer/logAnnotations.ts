import type * as Fiber from "effect/Fiber"
import { CorrelationId } from "../propagation/index.ts"
import { flagsAndStateOf } from "./remoteContext.ts"
import { visibleSpan } from "./visibleSpan.ts"

const names = new Set(["trace_id", "span_id", "trace_flags", "correlation_id"])

/** Whether an annotation is one of {@link logIds}: the span's event of a log line needs none of them. */
export const isLogId = (key: string): boolean => names.has(key)

/**
 * The ids a log line of the fiber has, where there are any; names and forms as in OpenTelemetry's "Trace Context in non-OTLP Log
 * Formats".
 */
export const logIds = (fiber: Fiber.Fiber<unknown, unknown>): Record<string, string> => {
  const ids: Record<string, string> = {}
  const span = visibleSpan(fiber)
  if (span !== undefined) {
    ids["trace_id"] = span.traceId
    ids["span_id"] = span.spanId
    ids["trace_flags"] = flagsAndStateOf(span).traceFlags.toString(16).padStart(2, "0")
  }
  const correlationId = fiber.getRef(CorrelationId)
  if (correlationId !== undefined) ids["correlation_id"] = correlationId
  return ids
}
