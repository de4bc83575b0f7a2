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
import { encodeInSlices } from "./slices.ts"
import { kindNumbers, linkFlags, placesByScope, spanFlags, statusNumbers } from "./spanFields.ts"

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
          // Unlike `map`, which leaves holes: they would become `null`, which no message is.
          arrayValue: { values: Array.from<AttributeValue.AttributeValue | null | undefined, object>(value, anyValue) }
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

/** Spans are put in the order of their libraries when the body is finished. */
class JsonBody implements SpanBody {
  private readonly resource: Resource
  private readonly scopes: Array<InstrumentationScope> = []
  private readonly spans: Array<Buffer> = []
  bytes = 0

  constructor(resource: Resource) {
    this.resource = resource
  }

  write(span: EndedSpan): void {
    const written = Buffer.from(`,${JSON.stringify(spanOf(span))}`)
    this.spans.push(written)
    this.scopes.push(span.scope)
    this.bytes += written.length
  }

  finish(): FinishedBody {
    const { resource, scopes, spans } = this
    const order: Array<number> = []
    const parts: Array<Uint8Array> = []
    let text = `{"resourceSpans":[{"resource":${JSON.stringify(resourceOf(resource))},"scopeSpans":[`
    for (const [scope, places] of placesByScope(scopes)) {
      parts.push(Buffer.from(`${text}{"scope":${JSON.stringify(scopeOf(scope))},"spans":[`))
      // Each span begins with a comma, save for the first.
      for (const place of places) parts.push(place === places[0] ? spans[place]!.subarray(1) : spans[place]!)
      for (const place of places) order.push(place)
      text = `]${schemaUrlOf(scope.schemaUrl)}},`
    }
    parts.push(Buffer.from(`${order.length === 0 ? text : text.slice(0, -1)}]${schemaUrlOf(resource.schemaUrl)}}]}`))
    return { bytes: Buffer.concat(parts), order }
  }
}

interface JsonRequest {
  readonly resourceSpans: ReadonlyArray<{ scopeSpans: ReadonlyArray<{ spans: ReadonlyArray<object> }> }>
}

const select = (body: Uint8Array, isKept: (index: number) => boolean): Uint8Array<ArrayBuffer> => {
  const request = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString()) as JsonRequest
  let index = 0
  for (const ofResource of request.resourceSpans) {
    for (const ofScope of ofResource.scopeSpans) ofScope.spans = ofScope.spans.filter(() => isKept(index++))
    ofResource.scopeSpans = ofResource.scopeSpans.filter(({ spans }) => spans.length > 0)
  }
  return Buffer.from(JSON.stringify(request))
}

/**
 * The JSON encoding of OTLP for spans of a resource: the same one each time.
 *
 * @category encoding
 * @since 0.1.0
 */
export const encodingFor: (resource: Resource) => SpanEncoding = perResource((resource) => ({
  begin: () => new JsonBody(resource),
  select
}))

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
export const encode = (
  resource: Resource,
  spans: ReadonlyArray<EndedSpan>
): Effect.Effect<Uint8Array<ArrayBuffer>> => encodeInSlices(encodingFor(resource), spans)
