import type * as Effect from "effect/Effect"
import type {
  AttributeValue,
  EndedSpan,
  InstrumentationScope,
  ReadonlyAttributes,
  Resource,
  SpanEvent,
  SpanLink
} from "../../model/index.ts"
import type { FinishedBody, SpanBody, SpanEncoding } from "../SpanEncoding.ts"
import { perResource } from "./perResource.ts"
import { ProtobufWriter } from "./ProtobufWriter.ts"
import { encodeInSlices } from "./slices.ts"
import { kindNumbers, linkFlags, spanFlags, statusNumbers } from "./spanFields.ts"

// Field numbers are those of opentelemetry/proto: collector/trace/v1, trace/v1, resource/v1 and common/v1.

const writeAnyValue = (
  writer: ProtobufWriter,
  field: number,
  value: AttributeValue.AttributeValue | null | undefined
): void => {
  const mark = writer.begin(field)
  if (typeof value === "string") writer.string(1, value)
  else if (typeof value === "boolean") writer.bool(2, value)
  else if (typeof value === "number") {
    if (Number.isSafeInteger(value)) writer.int64(3, value)
    else writer.double(4, value)
  } else if (Array.isArray(value)) {
    const array = writer.begin(5)
    for (const item of value as ReadonlyArray<string | number | boolean | null | undefined>) {
      writeAnyValue(writer, 1, item)
    }
    writer.end(array)
  }
  // `null` and `undefined` inside an array: an empty value, as the specification says.
  writer.end(mark)
}

const writeAttributes = (writer: ProtobufWriter, field: number, attributes: ReadonlyAttributes): void => {
  for (let i = 0; i < attributes.size; i++) {
    const key = attributes.keyAt(i)
    const value = attributes.valueAt(i)
    if (writer.shortAttribute(field, key, value)) continue
    const mark = writer.begin(field)
    writer.string(1, key)
    writeAnyValue(writer, 2, value)
    writer.end(mark)
  }
}

const writeOptionalString = (writer: ProtobufWriter, field: number, text: string | undefined): void => {
  if (text !== undefined && text !== "") writer.string(field, text)
}

const writeEvent = (writer: ProtobufWriter, event: SpanEvent): void => {
  const mark = writer.begin(11)
  writer.fixed64(1, event.time)
  writeOptionalString(writer, 2, event.name)
  if (event.attributes !== undefined) {
    writeAttributes(writer, 3, event.attributes)
    writer.uint32(4, event.attributes.dropped)
  }
  writer.end(mark)
}

const writeLink = (writer: ProtobufWriter, link: SpanLink): void => {
  const mark = writer.begin(13)
  writer.hex(1, link.traceId)
  writer.hex(2, link.spanId)
  writeOptionalString(writer, 3, link.traceState)
  if (link.attributes !== undefined) {
    writeAttributes(writer, 4, link.attributes)
    writer.uint32(5, link.attributes.dropped)
  }
  writer.fixed32(6, linkFlags(link))
  writer.end(mark)
}

const writeSpan = (writer: ProtobufWriter, span: EndedSpan): void => {
  const mark = writer.begin(2)
  const { trace } = span
  writer.id128(1, trace.a, trace.b, trace.c, trace.d)
  writer.id64(2, span.idHigh, span.idLow)
  writeOptionalString(writer, 3, span.traceState)
  if (span.hasParent) writer.id64(4, span.parentIdHigh, span.parentIdLow)
  writeOptionalString(writer, 5, span.name)
  writer.uint32(6, kindNumbers[span.kind])
  writer.fixed64(7, span.startTime)
  writer.fixed64(8, span.endTime)
  writeAttributes(writer, 9, span.attributes)
  writer.uint32(10, span.attributes.dropped)
  if (span.events.length > 0) { for (const event of span.events) writeEvent(writer, event) }
  writer.uint32(12, span.droppedEvents)
  if (span.links.length > 0) { for (const link of span.links) writeLink(writer, link) }
  writer.uint32(14, span.droppedLinks)
  if (span.statusCode !== "unset") {
    const status = writer.begin(15)
    writeOptionalString(writer, 2, span.statusMessage)
    writer.uint32(3, statusNumbers[span.statusCode])
    writer.end(status)
  }
  writer.fixed32(16, spanFlags(span))
  writer.end(mark)
}

const writeScope = (writer: ProtobufWriter, scope: InstrumentationScope): void => {
  const mark = writer.begin(1)
  writer.string(1, scope.name)
  writeOptionalString(writer, 2, scope.version)
  writer.end(mark)
}

const writeResource = (writer: ProtobufWriter, resource: Resource): void => {
  const mark = writer.begin(1)
  writeAttributes(writer, 1, resource.attributes)
  writer.uint32(2, resource.attributes.dropped)
  writer.end(mark)
}

// Several bodies may be written at once: each takes a writer of its own and gives it back.
const spareWriters: Array<ProtobufWriter> = []

const borrow = (): ProtobufWriter => spareWriters.pop() ?? new ProtobufWriter()

const giveBack = (writer: ProtobufWriter): void => {
  writer.truncate(0)
  spareWriters.push(writer)
}

/** Spans of one library that were written one after the other: nearly always all of them. */
interface Run {
  readonly scope: InstrumentationScope
  /** Where the first of them begins and the last one ends in what is written. */
  readonly start: number
  end: number
  /** The how manieth the first one is, and the one behind the last. */
  readonly from: number
  to: number
}

/** The runs of each library, in the order in which the libraries first appear. */
const runsByScope = (runs: ReadonlyArray<Run>): ReadonlyMap<InstrumentationScope, ReadonlyArray<Run>> => {
  const groups = new Map<InstrumentationScope, Array<Run>>()
  for (const run of runs) {
    const group = groups.get(run.scope)
    if (group === undefined) groups.set(run.scope, [run])
    else group.push(run)
  }
  return groups
}

const placesOf = ({ from, to }: Run): ReadonlyArray<number> => Array.from({ length: to - from }, (_, i) => from + i)

/** Spans are written one after the other, and put in the order of their libraries when the body is finished. */
class ProtobufBody implements SpanBody {
  private readonly resource: Resource
  private readonly writer = borrow()
  private readonly runs: Array<Run> = []
  private run: Run | undefined

  constructor(resource: Resource) {
    this.resource = resource
  }

  get bytes(): number {
    return this.writer.length
  }

  write(span: EndedSpan): void {
    const { run, writer } = this
    const start = writer.length
    try {
      writeSpan(writer, span)
    } catch (error) {
      writer.truncate(start)
      throw error
    }
    if (run === undefined || run.scope !== span.scope) this.beginRun(span.scope, start)
    else {
      run.end = writer.length
      run.to++
    }
  }

  private beginRun(scope: InstrumentationScope, start: number): void {
    const from = this.run?.to ?? 0
    this.run = { scope, start, end: this.writer.length, from, to: from + 1 }
    this.runs.push(this.run)
  }

  finish(): FinishedBody {
    const { resource, runs, writer } = this
    const body = borrow()
    const ordered: Array<Run> = []
    const resourceSpans = body.begin(1)
    writeResource(body, resource)
    for (const [scope, ofScope] of runsByScope(runs)) {
      const scopeSpans = body.begin(2)
      writeScope(body, scope)
      for (const run of ofScope) {
        body.copy(writer, run.start, run.end)
        ordered.push(run)
      }
      writeOptionalString(body, 3, scope.schemaUrl)
      body.end(scopeSpans)
    }
    writeOptionalString(body, 3, resource.schemaUrl)
    body.end(resourceSpans)
    const bytes = body.finish()
    giveBack(body)
    giveBack(writer)
    return { bytes, order: runs.length <= 1 ? undefined : ordered.flatMap(placesOf) }
  }
}

/**
 * The protobuf encoding of OTLP for spans of a resource: the same one each time.
 *
 * @category encoding
 * @since 0.1.0
 */
export const encodingFor: (resource: Resource) => SpanEncoding = perResource((resource) => ({
  begin: () => new ProtobufBody(resource),
  select
}))

/**
 * Encodes spans as the body of an OTLP request (`ExportTraceServiceRequest`) in protobuf.
 *
 * **Details**
 *
 * Written straight from the ended spans, in slices that leave the event loop to the program in between. Numbers that are
 * safe integers are `int64`, all others `double`.
 *
 * @category encoding
 * @since 0.1.0
 */
export const encode = (
  resource: Resource,
  spans: ReadonlyArray<EndedSpan>
): Effect.Effect<Uint8Array<ArrayBuffer>> => encodeInSlices(encodingFor(resource), spans)

type Filter = (field: number, value: Uint8Array) => Uint8Array | undefined

/** A number of up to 32 bits, and where it ends. */
const readVarint = (bytes: Uint8Array, start: number): readonly [value: number, end: number] => {
  let value = 0
  let at = start
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++] ?? 0
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  return [value >>> 0, at]
}

/**
 * A message with only what the filter lets through of its fields, as it has them; `undefined` where nothing of field `essential` is
 * left. For the messages around spans, all of whose fields are messages or text.
 */
const filterMessage = (message: Uint8Array, essential: number, filter: Filter): Uint8Array<ArrayBuffer> | undefined => {
  const writer = borrow()
  let hasEssential = false
  for (let at = 0; at < message.length;) {
    const [tag, afterTag] = readVarint(message, at)
    const [length, start] = readVarint(message, afterTag)
    at = start + length
    const kept = filter(tag >>> 3, message.subarray(start, at))
    if (kept === undefined) continue
    writer.bytes(tag >>> 3, kept)
    hasEssential ||= tag >>> 3 === essential
  }
  const filtered = hasEssential ? writer.finish() : undefined
  giveBack(writer)
  return filtered
}

/**
 * The body of an OTLP request in protobuf, as it is encoded here, with only those of its spans that are to be kept, told by their
 * place in it.
 *
 * @category encoding
 * @since 0.1.0
 */
export const select = (body: Uint8Array, isKept: (index: number) => boolean): Uint8Array<ArrayBuffer> => {
  let index = 0
  const filterSpans: Filter = (field, value) => field !== 2 || isKept(index++) ? value : undefined
  const filterScopes: Filter = (field, value) => field === 2 ? filterMessage(value, 2, filterSpans) : value
  return filterMessage(body, 1, (_, value) => filterMessage(value, 2, filterScopes)) ?? new Uint8Array()
}
