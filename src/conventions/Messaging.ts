import type { SpanKind } from "effect/Tracer"

/**
 * What is done with messages, as the conventions tell it apart: one is made for a batch that is sent later (`create`), handed to a broker
 * (`send`), asked for (`receive`), worked on (`process`), or its fate is told to the broker (`settle`).
 *
 * @category models
 * @since 0.1.0
 */
export type OperationType = "create" | "send" | "receive" | "process" | "settle"

/**
 * Where messages go to and come from.
 *
 * @category models
 * @since 0.1.0
 */
export interface Destination {
  /** The product: `rabbitmq`, `kafka`, `aws_sqs`; of a table that is a queue the database's, `postgresql`. Attribute `messaging.system`. */
  readonly system: string
  /** The queue or topic. Attribute `messaging.destination.name`. */
  readonly destination?: string | undefined
  /** The same with placeholders, where the name is different each time: `/users/{id}/inbox`. Attribute `messaging.destination.template`. */
  readonly template?: string | undefined
  /** The broker's host. Attribute `server.address`. */
  readonly host?: string | undefined
  /** The broker's port. Attribute `server.port`. */
  readonly port?: number | undefined
}

/**
 * What is known of an operation on messages when it begins.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operation extends Destination {
  /** What is done. Attribute `messaging.operation.type`. */
  readonly operation: OperationType
  /** What the product calls it: `publish`, `ack`. Attribute `messaging.operation.name`, and part of the span's name; default: the operation. */
  readonly operationName?: string | undefined
  /** The one message's id. Attribute `messaging.message.id`. */
  readonly id?: string | undefined
  /** What ties messages and their answers together. Attribute `messaging.message.conversation_id`. */
  readonly conversationId?: string | undefined
  /** How many messages there are, where one operation is about several. Attribute `messaging.batch.message_count`. */
  readonly count?: number | undefined
  /** Who sends or takes them: a worker's name. Attribute `messaging.client.id`. */
  readonly client?: string | undefined
  /** The group of consumers that share the messages. Attribute `messaging.consumer.group.name`. */
  readonly group?: string | undefined
  /** Attribute `messaging.destination.partition.id`. */
  readonly partition?: string | undefined
}

/** The kinds of span an operation may be, the usual one first. */
const kinds: Readonly<Record<OperationType, readonly [SpanKind, ...ReadonlyArray<SpanKind>]>> = {
  create: ["producer"],
  // A batch whose messages were created by spans of their own is sent by a client.
  send: ["producer", "client"],
  receive: ["client"],
  process: ["consumer"],
  settle: ["client"]
}

/**
 * Says whether a text is a type of operation that the conventions know.
 *
 * @category guards
 * @since 0.1.0
 */
export const isOperationType = (text: string): text is OperationType => Object.hasOwn(kinds, text)

/**
 * Gives the kinds of span an operation may be, the usual one first.
 *
 * @category naming
 * @since 0.1.0
 */
export const kindsOf = (operation: OperationType): readonly [SpanKind, ...ReadonlyArray<SpanKind>] => kinds[operation]

/**
 * Names the span of an operation on messages: `send orders`, by the template where there is one, by the broker where no
 * destination is meant.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/#span-name
 *
 * @category naming
 * @since 0.1.0
 */
export const spanName = (
  operationName: string,
  { destination, host, port, template }: Omit<Destination, "system">
): string => {
  const broker = host === undefined || port === undefined ? host : `${host}:${port}`
  const target = template ?? destination ?? broker
  return target === undefined ? operationName : `${operationName} ${target}`
}

/**
 * Describes the span of an operation on messages: its name, its usual kind and its attributes.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 *
 * @category naming
 * @since 0.1.0
 */
export const describe = (operation: Operation): {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Readonly<Record<string, string | number | undefined>>
} => {
  const operationName = operation.operationName ?? operation.operation
  return {
    name: spanName(operationName, operation),
    kind: kinds[operation.operation][0],
    attributes: {
      "messaging.system": operation.system,
      "messaging.destination.name": operation.destination,
      "messaging.destination.template": operation.template,
      "messaging.destination.partition.id": operation.partition,
      "messaging.operation.name": operationName,
      "messaging.operation.type": operation.operation,
      "messaging.message.id": operation.id,
      "messaging.message.conversation_id": operation.conversationId,
      "messaging.batch.message_count": operation.count,
      "messaging.client.id": operation.client,
      "messaging.consumer.group.name": operation.group,
      "server.address": operation.host,
      "server.port": operation.port
    }
  }
}
