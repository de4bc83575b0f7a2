import type { EndedSpan } from "../model/index.ts"
import type { Rule } from "./Deviation.ts"
import { absent, present, rulesFrom } from "./Deviation.ts"
import { isOperationType, kindsOf, spanName } from "./Messaging.ts"
import { cleanAddress } from "./NetworkAddress.ts"

const rule = rulesFrom("https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/")

const text = (span: EndedSpan, key: string): string | undefined => {
  const value = span.attributes.get(key)
  return typeof value === "string" ? value : undefined
}

/** Names up to version 1.25 of the conventions, which backends no longer look for. */
const formerNames = [
  "messaging.operation",
  "messaging.destination",
  "messaging.destination_kind",
  "messaging.message_id",
  "messaging.conversation_id",
  "messaging.client_id",
  "messaging.consumer_id",
  "messaging.consumer.id"
]

/** What products call a type of operation that the conventions know by another name. */
const synonyms = new Set(["ack", "consume", "deliver", "nack", "poll", "produce", "publish", "reject"])

/** A destination whose name is made up, so that it must not be part of a span's name. */
const isFleeting = ({ attributes }: EndedSpan): boolean =>
  attributes.get("messaging.destination.temporary") === true ||
  attributes.get("messaging.destination.anonymous") === true

const isNamedWell = (span: EndedSpan): boolean => {
  const operationName = text(span, "messaging.operation.name")
  if (operationName === undefined) return true
  const port = span.attributes.get("server.port")
  const destination = {
    template: text(span, "messaging.destination.template"),
    destination: isFleeting(span) ? undefined : text(span, "messaging.destination.name"),
    host: text(span, "server.address"),
    port: typeof port === "number" ? port : undefined
  }
  if (span.name === spanName(operationName, destination)) return true
  // The broker is not to stand for a destination that has no name of its own, and the program may know of none.
  return span.name === operationName && destination.template === undefined && destination.destination === undefined
}

/** Says whether a span is about messages. */
export const isAboutMessages = ({ attributes }: EndedSpan): boolean =>
  attributes.has("messaging.system") || attributes.has("messaging.operation.name")

/** What a span about messages must say. */
export const messagingRules: ReadonlyArray<Rule> = [
  rule("system is there", "messaging.system", "messaging.system is required", present("messaging.system")),
  rule(
    "operation is there",
    "messaging.operation.name",
    "messaging.operation.name is required",
    present("messaging.operation.name")
  ),
  rule("operation type is known", "messaging.operation.type", "create, send, receive, process or settle", (span) => {
    const type = text(span, "messaging.operation.type")
    return type === undefined || !synonyms.has(type)
  }),
  rule(
    "name is operation and destination",
    undefined,
    "{messaging.operation.name} {messaging.destination.template or .name}, without a destination that is made up",
    isNamedWell
  ),
  rule(
    "kind fits the operation",
    undefined,
    "producer creates and sends, consumer processes, client the rest",
    (span) => {
      const type = text(span, "messaging.operation.type")
      return type === undefined || !isOperationType(type) || kindsOf(type).includes(span.kind)
    }
  ),
  rule(
    "message has a destination",
    "messaging.destination.name",
    "messaging.destination.name where there is one message",
    (span) => absent("messaging.message.id")(span) || present("messaging.destination.name")(span)
  ),
  rule(
    "one message is not counted",
    "messaging.batch.message_count",
    "a count only of a batch",
    (span) =>
      absent("messaging.batch.message_count")(span) ||
      (absent("messaging.message.id")(span) && text(span, "messaging.operation.type") !== "create")
  ),
  rule(
    "no former names",
    undefined,
    "messaging.operation.type, messaging.destination.name, messaging.message.id, messaging.client.id",
    (span) => formerNames.every((key) => absent(key)(span))
  ),
  rule("address of broker is clean", "server.address", "no brackets, no IPv4 inside IPv6", (span) => {
    const address = text(span, "server.address")
    return address === undefined || cleanAddress(address) === address
  })
]
