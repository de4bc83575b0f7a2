import * as Otel from "@opentelemetry/api"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import type { Baggage } from "../propagation/index.ts"
import { addBaggage, Carrier, CorrelationId, correlationIdFrom } from "../propagation/index.ts"
import { CurrentPropagation, externalSpan, propagate } from "../tracer/index.ts"

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

const isCarrier = (carrier: Carrier.Carrier | Readonly<Record<string, unknown>>): carrier is Carrier.Carrier =>
  typeof carrier.values === "function" && typeof carrier.names === "function"

/**
 * Writes the current span, the baggage and the correlation id into the headers of a message, or whatever else a setter writes to, in the
 * formats of the settings (`OTEL_PROPAGATORS`, `TRACING_CORRELATION_HEADER`). Outside a span there is none to write.
 *
 * **Details**
 *
 * `Carrier.toEnvironment` of `effect-tracing/propagation` writes for a child process, `Carrier.toMap` to a `Map`. HTTP requests need
 * nothing of this. Who gets a message is told of the trace: unlike for requests, that is yours to judge.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * export const message = Effect.fnUntraced(function*(body: string) {
 *   const headers: Record<string, string> = {}
 *   yield* Trace.inject(headers)
 *   return { headers, body }
 * })
 * ```
 *
 * @category propagation
 * @since 0.1.0
 */
export const inject = (carrier: Record<string, string> | Carrier.Setter): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const set = typeof carrier === "function" ? carrier : Carrier.toRecord(carrier)
    propagate(fiber.getRef(CurrentPropagation), Otel.context.active(), set)
    return Effect.void
  })

/**
 * Reads what {@link inject} or another service wrote. Never fails: what is not well-formed is not there.
 *
 * **Gotchas**
 *
 * It is believed as it stands. Of a carrier a stranger filled, only a link should be made.
 *
 * @category propagation
 * @since 0.1.0
 */
export const extract = (
  carrier: Carrier.Carrier | Readonly<Record<string, unknown>>
): Effect.Effect<Received> =>
  Effect.withFiber((fiber) => {
    const { correlationHeader, propagator } = fiber.getRef(CurrentPropagation)
    const source = isCarrier(carrier) ? carrier : Carrier.fromRecord(carrier)
    const { baggage, context } = propagator.extract(source)
    return Effect.succeed({
      span: context === undefined ? undefined : externalSpan(context),
      correlationId: correlationIdFrom(source.values(correlationHeader.toLowerCase())),
      baggage
    })
  })

/**
 * Runs an effect as the continuation of what a carrier brought: the sender's span is the parent, correlation id and baggage are the
 * sender's.
 *
 * **When to use**
 *
 * In a worker thread or child process that does part of its parent's work. For messages of a queue `Work.item` makes a trace of each, with
 * `extract` giving the span to link to.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 * import { Carrier } from "effect-tracing/propagation"
 *
 * export const child = (environment: Record<string, string | undefined>) =>
 *   Effect.log("in the child").pipe(
 *     Effect.withSpan("child"),
 *     Trace.continueFrom(Carrier.fromEnvironment(environment))
 *   )
 * ```
 *
 * @category propagation
 * @since 0.1.0
 */
export const continueFrom =
  (carrier: Carrier.Carrier | Readonly<Record<string, unknown>>) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(extract(carrier), ({ baggage, correlationId, span }) => {
      const continued = Effect.updateContext(self, (context: Context.Context<R>) => {
        const correlated = correlationId === undefined ? context : Context.add(context, CorrelationId, correlationId)
        return baggage === undefined ? correlated : addBaggage(correlated, baggage)
      })
      return span === undefined ? continued : Effect.withParentSpan(continued, span)
    })
