import * as Otel from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import { Carrier } from "../propagation/index.ts"
import { CurrentPropagation, propagate } from "../tracer/index.ts"
import type { AnyCarrier, Received } from "../work/index.ts"
import { carryOn, linkTo as linksTo, receive } from "../work/index.ts"

export type { AnyCarrier, Received } from "../work/index.ts"

/**
 * Writes the current span, the baggage and the correlation id into the headers of a message, or whatever else a setter writes to, in the
 * formats of the settings (`OTEL_PROPAGATORS`, `TRACING_CORRELATION_HEADER`). Outside a span there is none to write.
 *
 * **When to use**
 *
 * Where headers or a setter are there already; {@link carrier} gives fresh ones.
 *
 * **Details**
 *
 * `Carrier.toEnvironment` of `effect-tracing/propagation` writes for a child process, `Carrier.toMap` to a `Map`. HTTP requests need
 * nothing of this. Who gets a message is told of the trace: unlike for requests, that is yours to judge.
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
 * Gives the current span, the baggage and the correlation id as the headers of a message, in the formats of the settings
 * (`OTEL_PROPAGATORS`, `TRACING_CORRELATION_HEADER`). A record of one's own each time.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * export const message = (body: string) => Effect.map(Trace.carrier, (headers) => ({ headers, body }))
 * ```
 *
 * @category propagation
 * @since 0.1.0
 */
export const carrier: Effect.Effect<Record<string, string>> = Effect.suspend(() => {
  const headers: Record<string, string> = {}
  return Effect.as(inject(headers), headers)
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
export const extract = (carrier: AnyCarrier): Effect.Effect<Received> =>
  Effect.withFiber((fiber) => Effect.succeed(receive(fiber, carrier)))

/**
 * Links the current span to the one that filled a carrier: to each message of a batch, to the attempt before, to who asked to stop. Without
 * a current span, or a span in the carrier, it does nothing.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace, Work } from "effect-tracing"
 *
 * interface Message {
 *   readonly id: string
 *   readonly headers: Record<string, string>
 * }
 *
 * export const handleAll = (messages: ReadonlyArray<Message>) =>
 *   Effect.forEach(messages, ({ headers, id }) => Trace.linkTo(headers, { "messaging.message.id": id })).pipe(
 *     Effect.andThen(Effect.log("working")),
 *     Work.message({ system: "kafka", destination: "orders", count: messages.length })
 *   )
 * ```
 *
 * @category annotations
 * @since 0.1.0
 */
export const linkTo = (
  carrier: AnyCarrier,
  attributes?: Readonly<Record<string, unknown>>
): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const { span } = fiber.cache
    if (span?._tag !== "Span") return Effect.void
    const links = linksTo(receive(fiber, carrier), attributes)
    if (links.length > 0) span.addLinks(links)
    return Effect.void
  })

/**
 * Runs an effect as the continuation of what a carrier brought: the sender's span is the parent, correlation id and baggage are the
 * sender's.
 *
 * **When to use**
 *
 * In a worker thread or child process that does part of its parent's work. Of messages of a queue `Work.message` makes a trace each,
 * linked to the sender's.
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
export const continueFrom = (carrier: AnyCarrier) => <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(extract(carrier), (received) => {
    const continued = carryOn(received)(self)
    return received.span === undefined ? continued : Effect.withParentSpan(continued, received.span)
  })
