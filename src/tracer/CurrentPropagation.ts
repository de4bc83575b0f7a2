import type * as Otel from "@opentelemetry/api"
import * as Context from "effect/Context"
import type { Carrier, Propagator } from "../propagation/index.ts"
import { Propagator as Propagators } from "../propagation/index.ts"
import { propagatedContext, propagatedCorrelationId } from "./outbound.ts"

/**
 * How context travels: in which formats, and under which name the correlation id.
 *
 * @category models
 * @since 0.1.0
 */
export interface Propagation {
  /** Writes and reads trace context and baggage (`OTEL_PROPAGATORS`). */
  readonly propagator: Propagator.Propagator
  /** The field that carries the correlation id (`TRACING_CORRELATION_HEADER`). */
  readonly correlationHeader: string
}

/**
 * Holds how context travels; a tracing layer sets it by its settings. Default: W3C trace context and baggage, and `X-Correlation-ID`.
 *
 * @category references
 * @since 0.1.0
 */
export const CurrentPropagation: Context.Reference<Propagation> = Context.Reference<Propagation>(
  "effect-tracing/tracer/CurrentPropagation",
  { defaultValue: () => ({ propagator: Propagators.w3c, correlationHeader: "X-Correlation-ID" }) }
)

/**
 * Writes what goes on from an OpenTelemetry context: its span, baggage and correlation id. Writes nothing where tracing is suppressed.
 *
 * @category propagation
 * @since 0.1.0
 */
export const propagate = (propagation: Propagation, context: Otel.Context, set: Carrier.Setter): void => {
  const correlationId = propagatedCorrelationId(context)
  if (correlationId !== undefined) set(propagation.correlationHeader, correlationId)
  const propagated = propagatedContext(context)
  if (propagated !== undefined) propagation.propagator.inject(propagated, set)
}
