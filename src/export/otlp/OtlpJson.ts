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
import { forEachInSlices } from "./slices.ts"
import { groupByScope, kindNumbers, linkFlags, spanFlags, statusNumbers } from "./spanFields.ts"

// The JSON encoding of protobuf, with OTLP's exceptions: ids in hexadecimal, enumerations as numbers. Fields that are
// `undefined` have their default and are left out by `JSON.stringify`.

const count = (value: number): number | undefined => value === 0 ? undefined : value

// Half of a surrogate pair is valid in a JavaScript string and nowhere else.
const text = (value: string): string => value.toWellFormed()

const optionalText = (value: string | undefined): string | undefined =>
  value === undefined || value === "" ? undefined : text(value)

const anyValue = (value: AttributeValue.AttributeValue | null | undefined): object => {
  switch (typeof value) {
    case "string":
      return { stringValue: text(value) }
    case "boolean":
      return { boolValue: value }
    case "number":
      if (Number.isSafeInteger(value)) return { intValue: value.toString() }
      // JSON has no NaN and no Infinity: protobuf writes their names.
      return { doubleValue: Number.isFinite(value) ? value : value.toString() }
    default:
      return Array.isArray(value)
        ? {
          arrayValue: {
            values: (value as ReadonlyArray<string | number | boolean | null | undefined>).map((item) => anyValue(item))
          }
        }
        : {}
  }
}

const keyValues = (attributes: ReadonlyAttributes | undefined): Array<object> | undefined => {
  if (attributes === undefined || attributes.size === 0) return undefined
  const values: Array<object> = []
  for (let i = 0; i < attributes.size; i++) {
    values.push({ key: text(attributes.keyAt(i)), value: anyValue(attributes.valueAt(i)) })
  }
  return values
}

const eventOf = (event: SpanEvent): object => ({
  timeUnixNano: event.time.toString(),
  name: text(event.name),
  attributes: keyValues(event.attributes),
  droppedAttributesCount: count(event.attributes?.dropped ?? 0)
})

const linkOf = (link: SpanLink): object => ({
  traceId: link.traceId,
  spanId: link.spanId,
  traceState: optionalText(link.traceState),
  attributes: keyValues(link.attributes),
  droppedAttributesCount: count(link.attributes?.dropped ?? 0),
  flags: linkFlags(link)
})

const spanOf = (span: EndedSpan): object => ({
  traceId: span.traceId,
  spanId: span.spanId,
  traceState: optionalText(span.traceState),
  parentSpanId: span.parentSpanId,
  flags: spanFlags(span),
  name: text(span.name),
  kind: kindNumbers[span.kind],
  startTimeUnixNano: span.startTime.toString(),
  endTimeUnixNano: span.endTime.toString(),
  attributes: keyValues(span.attributes),
  droppedAttributesCount: count(span.attributes.dropped),
  events: span.events.length === 0 ? undefined : span.events.map(eventOf),
  droppedEventsCount: count(span.droppedEvents),
  links: span.links.length === 0 ? undefined : span.links.map(linkOf),
  droppedLinksCount: count(span.droppedLinks),
  status: { code: count(statusNumbers[span.statusCode]), message: optionalText(span.statusMessage) }
})

const scopeOf = (scope: InstrumentationScope): object => ({
  name: text(scope.name),
  version: optionalText(scope.version)
})

const resourceOf = (resource: Resource): object => ({
  attributes: keyValues(resource.attributes),
  droppedAttributesCount: count(resource.attributes.dropped)
})

const schemaUrlOf = (schemaUrl: string | undefined): string =>
  schemaUrl === undefined || schemaUrl === "" ? "" : `,"schemaUrl":${JSON.stringify(text(schemaUrl))}`

/**
 * Encodes spans as the body of an OTLP request (`ExportTraceServiceRequest`) in JSON, on one line.
 *
 * **Details**
 *
 * Written straight from the ended spans, in slices that leave the event loop to the program in between. 64-bit numbers
 * are strings, so that no reader rounds them.
 *
 * @category encoding
 * @since 0.1.0
 */
export const encode: (
  resource: Resource,
  spans: ReadonlyArray<EndedSpan>
) => Effect.Effect<Uint8Array<ArrayBuffer>> = Effect.fnUntraced(function*(resource, spans) {
  const parts: Array<Uint8Array> = []
  let written = `{"resourceSpans":[{"resource":${JSON.stringify(resourceOf(resource))},"scopeSpans":[`
  // Text becomes bytes every now and then: one string of a whole batch would be copied at once at the end.
  const partLength = 64 * 1024
  let separator = ""
  for (const [scope, group] of groupByScope(spans)) {
    written += `${separator}{"scope":${JSON.stringify(scopeOf(scope))},"spans":[`
    separator = ""
    yield* forEachInSlices(group, (span) => {
      written += separator + JSON.stringify(spanOf(span))
      separator = ","
      if (written.length < partLength) return
      parts.push(Buffer.from(written))
      written = ""
    })
    written += `]${schemaUrlOf(scope.schemaUrl)}}`
  }
  written += `]${schemaUrlOf(resource.schemaUrl)}}]}`
  parts.push(Buffer.from(written))
  return Buffer.concat(parts)
})
