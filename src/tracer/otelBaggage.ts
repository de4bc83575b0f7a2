import * as Otel from "@opentelemetry/api"
import type { Baggage } from "../propagation/index.ts"

/** The baggage of an OpenTelemetry context in our own form; `undefined` where there is none. */
export const baggageOf = (context: Otel.Context): Baggage.Baggage | undefined => {
  const entries = Otel.propagation.getBaggage(context)?.getAllEntries() ?? []
  if (entries.length === 0) return undefined
  return new Map(entries.map(([key, { metadata, value }]) => [key, { value, properties: metadata?.toString() }]))
}

/** Puts baggage into an OpenTelemetry context. */
export const setBaggage = (context: Otel.Context, baggage: Baggage.Baggage): Otel.Context =>
  Otel.propagation.setBaggage(
    context,
    Otel.propagation.createBaggage(Object.fromEntries(
      Array.from(baggage, ([key, { properties, value }]) => [
        key,
        properties === undefined ? { value } : { value, metadata: Otel.baggageEntryMetadataFromString(properties) }
      ])
    ))
  )
