import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import { Messaging } from "../conventions/index.ts"
import { CorrelationId } from "../propagation/index.ts"
import type { AnyCarrier, Received } from "./receive.ts"
import { carryOn, linkTo, receive } from "./receive.ts"

/**
 * What is known of a work item when it begins.
 *
 * @category models
 * @since 0.1.0
 */
export interface ItemOptions {
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** Default `internal`; `consumer` for a message taken from a queue. */
  readonly kind?: Tracer.SpanKind | undefined
  /** What the message brought that the item comes from, its headers: a link to the sender, the sender's correlation id and baggage. */
  readonly carrier?: AnyCarrier | undefined
  /** More spans to link to, besides the run's and the sender's. */
  readonly links?: ReadonlyArray<Tracer.SpanLink> | undefined
}

/**
 * What is known of messages when they are worked on.
 *
 * @category models
 * @since 0.1.0
 */
export interface MessageOptions
  extends Omit<Messaging.Operation, "operation">, Pick<ItemOptions, "attributes" | "carrier" | "links">
{}

/** Attributes of the links from an item to its run, and to the sender of its message. */
const linkToRun = { "link.type": "run" }
const linkToSender = { "link.type": "message" }

const nothing: Received = { span: undefined, correlationId: undefined, baggage: undefined }

const receivedBy = (fiber: Fiber.Fiber<unknown, unknown>, carrier: AnyCarrier | undefined): Received =>
  carrier === undefined ? nothing : receive(fiber, carrier)

const start = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  fiber: Fiber.Fiber<unknown, unknown>,
  name: string,
  { attributes, kind, links = [] }: ItemOptions,
  received: Received
): Effect.Effect<A, E, Exclude<R, Tracer.ParentSpan>> => {
  const around = fiber.cache.span
  // Where tracing is turned off there is a span as well, but one without ids.
  const run = around === undefined || Context.get(around.annotations, Tracer.DisablePropagation) ? undefined : around
  return Effect.withSpan(self, name, {
    root: true,
    kind,
    attributes: { ...attributes, ...(run === undefined ? undefined : { "work.run.trace_id": run.traceId }) },
    links: [
      ...(run === undefined ? [] : [{ span: run, attributes: linkToRun }]),
      ...linkTo(received, linkToSender),
      ...links
    ],
    captureStackTrace: false
  }).pipe(carryOn(received))
}

/**
 * Runs an effect as one work item: a trace of its own, linked to the span it was started from and sampled on its own, so
 * that a run over 100,000 pages is 100,001 readable traces and not one that nobody can open.
 *
 * **Details**
 *
 * The item's span carries `work.run.trace_id` (string, the 32 hexadecimal digits of the run's trace), so that a backend
 * finds all items of a run. Outside a span it is simply the root of a new trace.
 *
 * ```text
 * scrape run                       one trace
 * scrape_wordpress_post            another, with a link to `scrape run`
 *   GET
 *   INSERT posts
 * ```
 *
 * With a `carrier`, it is linked to the sender's span as well (`link.type` is `message`), and has the sender's correlation id and baggage.
 *
 * **Gotchas**
 *
 * A carrier is believed as it stands. Of one that a stranger filled, only a link should be made: `Trace.linkTo`.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Work } from "effect-tracing"
 *
 * export const run = Effect.forEach(
 *   ["https://blog.example/1", "https://blog.example/2"],
 *   (url) => Effect.log("scraping").pipe(Work.item("scrape_post", { attributes: { "url.full": url } })),
 *   { concurrency: 4 }
 * ).pipe(Effect.withSpan("scrape run"))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const item = (name: string, options: ItemOptions = {}) =>
<A, E, R>(
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Tracer.ParentSpan>> =>
  Effect.withFiber((fiber) => start(self, fiber, name, options, receivedBy(fiber, options.carrier)))

/**
 * Runs an effect as the work on a message: an item of kind consumer named `process orders`, with the attributes of the conventions, linked
 * to the sender by the message's headers.
 *
 * **Details**
 *
 * `messaging.message.conversation_id` is the correlation id of the message, or of the work at hand, unless said otherwise.
 *
 * ```text
 * POST /orders
 *   send orders              producer, by `Trace.message`
 *
 * process orders             consumer, a trace of its own with a link to `send orders`
 *   INSERT orders
 * ```
 *
 * For a batch, `count` says how many messages there are, and `Trace.linkTo` links to the sender of each.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Work } from "effect-tracing"
 *
 * export const handle = (message: { readonly id: string; readonly headers: Record<string, string> }) =>
 *   Effect.log("working").pipe(
 *     Work.message({ system: "rabbitmq", destination: "orders", id: message.id, carrier: message.headers })
 *   )
 * ```
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 *
 * @category combinators
 * @since 0.1.0
 */
export const message = (options: MessageOptions) =>
<A, E, R>(
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Tracer.ParentSpan>> =>
  Effect.withFiber((fiber) => {
    const received = receivedBy(fiber, options.carrier)
    const { attributes, kind, name } = Messaging.describe({
      ...options,
      operation: "process",
      conversationId: options.conversationId ?? received.correlationId ?? fiber.getRef(CorrelationId)
    })
    return start(
      self,
      fiber,
      name,
      { kind, links: options.links, attributes: { ...attributes, ...options.attributes } },
      received
    )
  })
