import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"
import type { Baggage } from "../propagation/index.ts"
import { addBaggage, Carrier, CorrelationId, correlationIdFrom } from "../propagation/index.ts"
import { CurrentPropagation, externalSpan } from "../tracer/index.ts"

/**
 * Where context is read from: the headers of a message, names in any case, or anything else a {@link Carrier} is made of.
 *
 * @category models
 * @since 0.1.0
 */
export type AnyCarrier = Carrier.Carrier | Readonly<Record<string, unknown>>

/**
 * What a carrier brought.
 *
 * @category models
 * @since 0.1.0
 */
export interface Received {
  /** The sender's span, as a parent or for a link. */
  readonly span: Tracer.ExternalSpan | undefined
  /** The sender's correlation id, where it is well-formed. */
  readonly correlationId: string | undefined
  readonly baggage: Baggage.Baggage | undefined
}

const isCarrier = (carrier: AnyCarrier): carrier is Carrier.Carrier =>
  typeof carrier.values === "function" && typeof carrier.names === "function"

/** Reads a carrier in the formats of the settings. What is not well-formed is not there. */
export const receive = (fiber: Fiber.Fiber<unknown, unknown>, carrier: AnyCarrier): Received => {
  const { correlationHeader, propagator } = fiber.getRef(CurrentPropagation)
  const source = isCarrier(carrier) ? carrier : Carrier.fromRecord(carrier)
  const { baggage, context } = propagator.extract(source)
  return {
    span: context === undefined ? undefined : externalSpan(context),
    correlationId: correlationIdFrom(source.values(correlationHeader.toLowerCase())),
    baggage
  }
}

/** Runs an effect with the correlation id and the baggage that were received. */
export const carryOn =
  ({ baggage, correlationId }: Received) => <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    correlationId === undefined && baggage === undefined ? self : Effect.updateContext(self, (context) => {
      const correlated = correlationId === undefined ? context : Context.add(context, CorrelationId, correlationId)
      return baggage === undefined ? correlated : addBaggage(correlated, baggage)
    })

/** The link to the span that was received; none where there was none. */
export const linkTo = (
  { span }: Received,
  attributes: Readonly<Record<string, unknown>> = {}
): ReadonlyArray<Tracer.SpanLink> => span === undefined ? [] : [{ span, attributes }]
