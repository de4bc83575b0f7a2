import type { InstrumentationScope, Resource, SpanEvent, SpanLink } from "../../model/index.ts"
import { Attributes, EndedSpan, SpanId, TraceId } from "../../model/index.ts"
import { kindNumbers, statusNumbers } from "../otlp/spanFields.ts"

/** The fields of a message: the bytes of their values, in their order, by the numbers of `OtlpProtobuf`. */
type Message = ReadonlyMap<number, ReadonlyArray<Buffer>>

const noFields: Message = new Map()

/** The bytes of a number of variable length, and where they end. */
const varintAt = (bytes: Buffer, start: number): Buffer => {
  let end = start
  while (bytes[end]! >= 0x80) end++
  return bytes.subarray(start, end + 1)
}

const varintOf = (bytes: Buffer): bigint => bytes.reduceRight((value, byte) => value << 7n | BigInt(byte & 0x7f), 0n)

const messageOf = (bytes: Buffer): Message => {
  const fields = new Map<number, Array<Buffer>>()
  for (let at = 0; at < bytes.length;) {
    const tagBytes = varintAt(bytes, at)
    const tag = Number(varintOf(tagBytes))
    at += tagBytes.length
    const number = varintAt(bytes, at)
    const wireType = tag & 7
    if (wireType === 2) at += number.length
    const length = wireType === 2 ? Number(varintOf(number)) : wireType === 1 ? 8 : wireType === 5 ? 4 : number.length
    const value = bytes.subarray(at, at + length)
    const values = fields.get(tag >> 3)
    if (values === undefined) fields.set(tag >> 3, [value])
    else values.push(value)
    at += length
  }
  return fields
}

const messagesOf = (message: Message, field: number): ReadonlyArray<Message> =>
  (message.get(field) ?? []).map(messageOf)

const textOf = (message: Message, field: number): string | undefined => message.get(field)?.[0]?.toString("utf8")

const hexOf = (message: Message, field: number): string => message.get(field)?.[0]?.toString("hex") ?? ""

const numberOf = (message: Message, field: number): number =>
  Number(varintOf(message.get(field)?.[0] ?? Buffer.alloc(0)))

const flagsOf = (message: Message, field: number): number => message.get(field)?.[0]?.readUInt32LE() ?? 0

const timeOf = (message: Message, field: number): bigint => message.get(field)?.[0]?.readBigUInt64LE() ?? 0n

const valueOf = (message: Message): unknown => {
  for (const [field, [bytes]] of message) {
    if (field === 1) return bytes!.toString("utf8")
    if (field === 2) return bytes![0] === 1
    if (field === 3) return Number(BigInt.asIntN(64, varintOf(bytes!)))
    if (field === 4) return bytes!.readDoubleLE()
    if (field === 5) return messagesOf(messageOf(bytes!), 1).map(valueOf)
  }
  return null
}

const attributesOf = (message: Message, field: number, droppedField: number): Attributes => {
  const attributes = new Attributes()
  for (const entry of messagesOf(message, field)) {
    for (const value of messagesOf(entry, 2)) attributes.set(textOf(entry, 1) ?? "", valueOf(value))
  }
  attributes.dropped = numberOf(message, droppedField)
  return attributes
}

const eventOf = (message: Message): SpanEvent => ({
  name: textOf(message, 2) ?? "",
  time: timeOf(message, 1),
  attributes: attributesOf(message, 3, 4)
})

const linkOf = (message: Message): SpanLink => ({
  traceId: hexOf(message, 1),
  spanId: hexOf(message, 2),
  traceState: textOf(message, 3),
  traceFlags: flagsOf(message, 6),
  attributes: attributesOf(message, 4, 5)
})

const keyOf = <Key extends string>(numbers: Readonly<Record<Key, number>>, number: number): Key | undefined =>
  (Object.keys(numbers) as Array<Key>).find((key) => numbers[key] === number)

const idOf = (message: Message, field: number): readonly [high: number, low: number] => {
  const hex = hexOf(message, field)
  return SpanId.isValid(hex) ? [SpanId.highOf(hex), SpanId.lowOf(hex)] : [0, 0]
}

/** In `Span.flags`. */
const parentIsRemote = 0x200

const spanOf = (message: Message, scope: InstrumentationScope): EndedSpan | undefined => {
  const trace = TraceId.fromHex(hexOf(message, 1))
  if (trace === undefined) return undefined
  const [idHigh, idLow] = idOf(message, 2)
  const [parentIdHigh, parentIdLow] = idOf(message, 4)
  const flags = flagsOf(message, 16)
  const [status] = messagesOf(message, 15)
  return new EndedSpan({
    trace,
    idHigh,
    idLow,
    parentIdHigh,
    parentIdLow,
    parentIsRemote: (flags & parentIsRemote) !== 0,
    traceFlags: flags & 0xff,
    traceState: textOf(message, 3),
    name: textOf(message, 5) ?? "",
    kind: keyOf(kindNumbers, numberOf(message, 6)) ?? "internal",
    startTime: timeOf(message, 7),
    endTime: timeOf(message, 8),
    endedAttributes: attributesOf(message, 9, 10),
    events: messagesOf(message, 11).map(eventOf),
    droppedEvents: numberOf(message, 12),
    endedLinks: messagesOf(message, 13).map(linkOf),
    droppedLinks: numberOf(message, 14),
    statusCode: (status && keyOf(statusNumbers, numberOf(status, 3))) ?? "unset",
    statusMessage: status && textOf(status, 2),
    scope
  })
}

/**
 * A span and the resource it was sent for.
 */
export interface DecodedSpan {
  readonly resource: Resource
  readonly span: EndedSpan
}

const decode = (body: Buffer): DecodedSpan | undefined => {
  const [request] = messagesOf(messageOf(body), 1)
  const [library] = request === undefined ? [] : messagesOf(request, 2)
  const [message] = library === undefined ? [] : messagesOf(library, 2)
  if (request === undefined || library === undefined || message === undefined) return undefined
  const [resource = noFields] = messagesOf(request, 1)
  const [scope = noFields] = messagesOf(library, 1)
  const span = spanOf(message, {
    name: textOf(scope, 1) ?? "",
    version: textOf(scope, 2),
    schemaUrl: textOf(library, 3)
  })
  return span && { resource: { attributes: attributesOf(resource, 1, 2), schemaUrl: textOf(request, 3) }, span }
}

/**
 * Reads the first span of a request as `OtlpProtobuf` writes it; `undefined` where there is none to be read.
 *
 * **Details**
 *
 * Only for what was written here: of attribute values those that spans can have, and nothing that is not known of before.
 */
export const decodeSpan = (body: Uint8Array): DecodedSpan | undefined => {
  try {
    return decode(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  } catch {
    // Numbers that lie beyond the end: another version wrote it.
    return undefined
  }
}
