/**
 * The name of the queue, in spans and in the database.
 *
 * @category constants
 * @since 0.1.0
 */
export const queueName = "scrape_jobs"

/**
 * The headers of a message: what `Trace.inject` wrote and `Trace.extract` reads.
 *
 * @category models
 * @since 0.1.0
 */
export type Carrier = Readonly<Record<string, string>>

/** What is known of a message when its span begins. */
export interface MessageOptions {
  /** The name of the span begins with it: `send`, `process`. */
  readonly operation: "send" | "process"
  /** Not known before it is sent. */
  readonly id?: number | undefined
  readonly correlationId: string | null | undefined
  /** Who takes it. */
  readonly worker?: string | undefined
}

/**
 * Describes the span of a message as the messaging conventions of OpenTelemetry ask: `send scrape_jobs` of kind producer in the
 * trace of who sends, `process scrape_jobs` of kind consumer in a trace of its own, linked to it.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 *
 * @category attributes
 * @since 0.1.0
 */
export const message = ({ correlationId, id, operation, worker }: MessageOptions): Record<string, string> => ({
  // The conventions know no name for a table that is a queue: that of the database serves.
  "messaging.system": "postgresql",
  "messaging.destination.name": queueName,
  "messaging.operation.name": operation,
  "messaging.operation.type": operation,
  ...(id === undefined ? {} : { "messaging.message.id": String(id) }),
  ...(typeof correlationId === "string" ? { "messaging.message.conversation_id": correlationId } : {}),
  ...(worker === undefined ? {} : { "messaging.client.id": worker })
})
