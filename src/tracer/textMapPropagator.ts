import * as Otel from "@opentelemetry/api"
import type { Propagator } from "../propagation/index.ts"
import { Carrier } from "../propagation/index.ts"
import { setBaggage } from "./otelBaggage.ts"
import { propagatedContext } from "./outbound.ts"

/**
 * Makes a propagator serve libraries that use OpenTelemetry's API.
 *
 * @category conversions
 * @since 0.1.0
 */
export const textMapPropagator = (propagator: Propagator.Propagator): Otel.TextMapPropagator => ({
  fields: () => [...propagator.fields],
  inject: (context, carrier, setter) => {
    const propagated = propagatedContext(context)
    if (propagated !== undefined) propagator.inject(propagated, (name, value) => setter.set(carrier, name, value))
  },
  extract: (context, carrier, getter) => {
    const keys = getter.keys(carrier)
    const extracted = propagator.extract(Carrier.fromEntries(keys.map((key) => [key, getter.get(carrier, key)])))
    const withBaggage = extracted.baggage === undefined ? context : setBaggage(context, extracted.baggage)
    if (extracted.context === undefined) return withBaggage
    const { spanId, traceFlags, traceId, traceState } = extracted.context
    return Otel.trace.setSpanContext(withBaggage, {
      traceId,
      spanId,
      traceFlags,
      isRemote: true,
      ...(traceState === undefined ? undefined : { traceState: Otel.createTraceState(traceState) })
    })
  }
})
