import type { Attribute } from "./Attribute.ts"

const messaging = (name: string, type: Attribute["type"], description: string, unit?: string): Attribute => ({
  name,
  type,
  source: "https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/",
  description,
  unit
})

/** What is said of messages. */
export const messagingAttributes: ReadonlyArray<Attribute> = [
  messaging(
    "messaging.system",
    "string",
    "The product: `rabbitmq`, `kafka`; a database's name where a table is a queue."
  ),
  messaging("messaging.destination.name", "string", "The queue or topic."),
  messaging("messaging.destination.template", "string", "The same with placeholders, where its name varies."),
  messaging("messaging.destination.partition.id", "string", "The partition of the destination."),
  messaging("messaging.operation.name", "string", "What is done, as the product calls it: `publish`."),
  messaging("messaging.operation.type", "string", "What is done: `create`, `send`, `receive`, `process`, `settle`."),
  messaging("messaging.message.id", "string", "The id of the one message an operation is about."),
  messaging(
    "messaging.message.conversation_id",
    "string",
    "What ties a message to others; by default the correlation id."
  ),
  messaging(
    "messaging.batch.message_count",
    "int",
    "How many messages an operation on a batch is about.",
    "{message}"
  ),
  messaging("messaging.client.id", "string", "Who sends or takes the message."),
  messaging("messaging.consumer.group.name", "string", "The group of consumers that share the messages.")
]
