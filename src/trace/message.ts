import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import { Messaging } from "../conventions/index.ts"
import { CorrelationId } from "../propagation/index.ts"

/**
 * What is known of an operation on messages.
 *
 * @category models
 * @since 0.1.0
 */
export interface MessageOptions<A> extends Omit<Messaging.Operation, "id"> {
  /** The one message's id, or how it is read from the result. Attribute `messaging.message.id`. */
  readonly id?: string | ((result: A) => string) | undefined
  /**
   * Default by the operation: `producer` creates and sends, `consumer` processes, `client` does the rest. `client` for a `send` of messages
   * that were created by spans of their own.
   */
  readonly kind?: Tracer.SpanKind | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Makes an effect one operation on messages: a span named `send orders` of kind producer, with the attributes of the conventions.
 *
 * **When to use**
 *
 * To send, and to receive or settle where that is worth a span. The work on a message is a trace of its own: `Work.message`.
 *
 * **Details**
 *
 * Inside, `Trace.carrier` gives the headers that lead to this span. `messaging.message.conversation_id` is the correlation id, unless said
 * otherwise.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * interface Message {
 *   readonly headers: Record<string, string>
 *   readonly body: string
 * }
 *
 * declare const publish: (message: Message) => Promise<string>
 *
 * export const send = (body: string) =>
 *   Trace.carrier.pipe(
 *     Effect.flatMap((headers) => Effect.promise(() => publish({ headers, body }))),
 *     Trace.message({ system: "rabbitmq", destination: "orders", operation: "send", id: (id: string) => id })
 *   )
 * ```
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 *
 * @category combinators
 * @since 0.1.0
 */
export const message = <A>(options: MessageOptions<A>) =>
<B extends A, E, R>(
  self: Effect.Effect<B, E, R>
): Effect.Effect<B, E, Exclude<R, Tracer.ParentSpan>> =>
  Effect.withFiber((fiber) => {
    const { id, ...operation } = options
    const { attributes, kind, name } = Messaging.describe({
      ...operation,
      id: typeof id === "string" ? id : undefined,
      conversationId: options.conversationId ?? fiber.getRef(CorrelationId)
    })
    const told = typeof id === "function"
      ? Effect.tap(self, (result) => Effect.annotateCurrentSpan("messaging.message.id", id(result)))
      : self
    return Effect.withSpan(told, name, {
      kind: options.kind ?? kind,
      attributes: { ...attributes, ...options.attributes },
      captureStackTrace: false
    })
  })
