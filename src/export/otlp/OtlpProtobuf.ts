import * as Effect from "effect/Effect"
import type {
  AttributeValue,
  EndedSpan,
  InstrumentationScope,
  ReadonlyAttributes,
  Resource,
  SpanEvent,
  SpanLink
} from "../../model/index.ts"
import { ProtobufWriter } from "./ProtobufWriter.ts"
import { forEachInSlices } from "./slices.ts"
import { groupByScope, kindNumbers, linkFlags, spanFlags, statusNumbers } from "./spanFields.ts"

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
    const mark = writer.begin(field)
    writer.string(1, attributes.keyAt(i))
    writeAnyValue(writer, 2, attributes.valueAt(i))
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
  writer.id(1, trace.a, trace.b, trace.c, trace.d)
  writer.id(2, span.idHigh, span.idLow)
  writeOptionalString(writer, 3, span.traceState)
  if (span.hasParent) writer.id(4, span.parentIdHigh, span.parentIdLow)
  writeOptionalString(writer, 5, span.name)
  writer.uint32(6, kindNumbers[span.kind])
  writer.fixed64(7, span.startTime)
  writer.fixed64(8, span.endTime)
  writeAttributes(writer, 9, span.attributes)
  writer.uint32(10, span.attributes.dropped)
  for (const event of span.events) writeEvent(writer, event)
  writer.uint32(12, span.droppedEvents)
  for (const link of span.links) writeLink(writer, link)
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

// Two batches may be encoded at once, since encoding yields: each takes a writer of its own and gives it back.
const spareWriters: Array<ProtobufWriter> = []

const beginResource = (writer: ProtobufWriter, resource: Resource): number => {
  const resourceSpans = writer.begin(1)
  writeResource(writer, resource)
  return resourceSpans
}

const beginScope = (writer: ProtobufWriter, scope: InstrumentationScope): number => {
  const scopeSpans = writer.begin(2)
  writeScope(writer, scope)
  return scopeSpans
}

const endScope = (writer: ProtobufWriter, scope: InstrumentationScope, scopeSpans: number): void => {
  writeOptionalString(writer, 3, scope.schemaUrl)
  writer.end(scopeSpans)
}

const finish = (writer: ProtobufWriter, resource: Resource, resourceSpans: number): Uint8Array<ArrayBuffer> => {
  writeOptionalString(writer, 3, resource.schemaUrl)
  writer.end(resourceSpans)
  const bytes = writer.finish()
  // A writer whose encoding failed or was interrupted never gets here: what it holds is garbage.
  spareWriters.push(writer)
  return bytes
}

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
export const encode: (
  resource: Resource,
  spans: ReadonlyArray<EndedSpan>
) => Effect.Effect<Uint8Array<ArrayBuffer>> = Effect.fnUntraced(function*(resource, spans) {
  const writer = spareWriters.pop() ?? new ProtobufWriter()
  const resourceSpans = beginResource(writer, resource)
  for (const [scope, group] of groupByScope(spans)) {
    const scopeSpans = beginScope(writer, scope)
    yield* forEachInSlices(group, (span) => writeSpan(writer, span))
    endScope(writer, scope, scopeSpans)
  }
  return finish(writer, resource, resourceSpans)
})

/**
 * Encodes spans as {@link encode} does, at once: for the end of the process, and for what is to be on disk before
 * anything else happens.
 *
 * @category encoding
 * @since 0.1.0
 */
export const encodeNow = (resource: Resource, spans: ReadonlyArray<EndedSpan>): Uint8Array<ArrayBuffer> => {
  const writer = spareWriters.pop() ?? new ProtobufWriter()
  const resourceSpans = beginResource(writer, resource)
  for (const [scope, group] of groupByScope(spans)) {
    const scopeSpans = beginScope(writer, scope)
    for (const span of group) writeSpan(writer, span)
    endScope(writer, scope, scopeSpans)
  }
  return finish(writer, resource, resourceSpans)
}
