import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Attributes, EndedSpan, SpanId, TraceId } from "../../model/index.ts"
import type { SpanEvent, SpanLink, StatusCode } from "../../model/index.ts"

const scalars = {
  stringValue: Schema.optional(Schema.String),
  boolValue: Schema.optional(Schema.Boolean),
  intValue: Schema.optional(Schema.Union([Schema.Finite, Schema.FiniteFromString])),
  // Protobuf writes what is not finite by name.
  // @effect-diagnostics-next-line schemaNumber:off
  doubleValue: Schema.optional(Schema.Union([Schema.Finite, Schema.NumberFromString])),
  bytesValue: Schema.optional(Schema.String)
}

interface AnyValue {
  readonly stringValue?: string | undefined
  readonly boolValue?: boolean | undefined
  readonly intValue?: number | undefined
  readonly doubleValue?: number | undefined
  readonly bytesValue?: string | undefined
  readonly arrayValue?: { readonly values?: ReadonlyArray<AnyValue> | undefined } | undefined
}

const AnyValue = Schema.Struct({
  ...scalars,
  arrayValue: Schema.optional(Schema.Struct({ values: Schema.optional(Schema.Array(Schema.Struct(scalars))) }))
})

const KeyValues = Schema.Array(Schema.Struct({ key: Schema.String, value: Schema.optional(AnyValue) }))

const Nanos = Schema.Union([Schema.BigIntFromString, Schema.Int])

const Event = Schema.Struct({
  timeUnixNano: Schema.optional(Nanos),
  name: Schema.optional(Schema.String),
  attributes: Schema.optional(KeyValues)
})

const Link = Schema.Struct({
  traceId: Schema.String,
  spanId: Schema.String,
  traceState: Schema.optional(Schema.String),
  attributes: Schema.optional(KeyValues),
  flags: Schema.optional(Schema.Int)
})

const Span = Schema.Struct({
  traceId: Schema.String,
  spanId: Schema.String,
  parentSpanId: Schema.optional(Schema.String),
  traceState: Schema.optional(Schema.String),
  flags: Schema.optional(Schema.Int),
  name: Schema.optional(Schema.String),
  kind: Schema.optional(Schema.Union([Schema.Int, Schema.String])),
  startTimeUnixNano: Nanos,
  endTimeUnixNano: Nanos,
  attributes: Schema.optional(KeyValues),
  events: Schema.optional(Schema.Array(Event)),
  droppedEventsCount: Schema.optional(Schema.Int),
  links: Schema.optional(Schema.Array(Link)),
  droppedLinksCount: Schema.optional(Schema.Int),
  status: Schema.optional(Schema.Struct({
    code: Schema.optional(Schema.Union([Schema.Int, Schema.String])),
    message: Schema.optional(Schema.String)
  }))
})

const Line = Schema.fromJsonString(Schema.Struct({
  resourceSpans: Schema.Array(Schema.Struct({
    resource: Schema.optional(Schema.Struct({ attributes: Schema.optional(KeyValues) })),
    scopeSpans: Schema.optional(Schema.Array(Schema.Struct({
      scope: Schema.optional(Schema.Struct({
        name: Schema.optional(Schema.String),
        version: Schema.optional(Schema.String)
      })),
      spans: Schema.optional(Schema.Array(Span))
    })))
  }))
}))

const decodeLine = Schema.decodeUnknownOption(Line)

const plain = (value: AnyValue | undefined): unknown =>
  value === undefined
    ? undefined
    : value.arrayValue === undefined
    ? value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue ?? value.bytesValue
    : (value.arrayValue.values ?? []).map(plain)

const attributesOf = (list: typeof KeyValues.Type | undefined): Attributes =>
  Attributes.fromRecord(Object.fromEntries((list ?? []).map(({ key, value }) => [key, plain(value)])))

// As numbers or, as protobuf's JSON allows, by name.
const kinds = ["internal", "internal", "server", "client", "producer", "consumer"] as const
const kindOf = (kind: number | string | undefined): EndedSpan["kind"] =>
  typeof kind === "string"
    ? kinds.find((name) => kind === `SPAN_KIND_${name.toUpperCase()}`) ?? "internal"
    : kinds[kind ?? 0] ?? "internal"

const statusOf = (code: number | string | undefined): StatusCode =>
  code === 2 || code === "STATUS_CODE_ERROR" ? "error" : code === 1 || code === "STATUS_CODE_OK" ? "ok" : "unset"

const remoteParent = 0x200

const spanOf = (span: typeof Span.Type, scope: EndedSpan["scope"]): EndedSpan | undefined => {
  const trace = TraceId.fromHex(span.traceId.toLowerCase())
  const spanId = span.spanId.toLowerCase()
  const parentId = span.parentSpanId?.toLowerCase() ?? ""
  if (trace === undefined || !SpanId.isValid(spanId)) return undefined
  const hasParent = SpanId.isValid(parentId)
  const startTime = BigInt(span.startTimeUnixNano)
  const endTime = BigInt(span.endTimeUnixNano)
  const flags = span.flags ?? 1
  const statusCode = statusOf(span.status?.code)
  return new EndedSpan({
    trace,
    idHigh: SpanId.highOf(spanId),
    idLow: SpanId.lowOf(spanId),
    parentIdHigh: hasParent ? SpanId.highOf(parentId) : 0,
    parentIdLow: hasParent ? SpanId.lowOf(parentId) : 0,
    parentIsRemote: (flags & remoteParent) !== 0,
    traceFlags: flags & 0xff,
    traceState: span.traceState,
    name: span.name ?? "",
    kind: kindOf(span.kind),
    startTime,
    endTime: endTime < startTime ? startTime : endTime,
    endedAttributes: attributesOf(span.attributes),
    events: (span.events ?? []).map((event): SpanEvent => ({
      name: event.name ?? "",
      time: BigInt(event.timeUnixNano ?? startTime),
      attributes: attributesOf(event.attributes)
    })),
    droppedEvents: span.droppedEventsCount ?? 0,
    endedLinks: (span.links ?? []).map((link): SpanLink => ({
      traceId: link.traceId,
      spanId: link.spanId,
      traceFlags: (link.flags ?? 0) & 0xff,
      traceState: link.traceState,
      attributes: attributesOf(link.attributes)
    })),
    droppedLinks: span.droppedLinksCount ?? 0,
    statusCode,
    statusMessage: statusCode === "error" ? span.status?.message : undefined,
    scope
  })
}

/**
 * The spans of one service.
 */
export interface ServiceSpans {
  readonly service: string | undefined
  readonly spans: ReadonlyArray<EndedSpan>
}

/**
 * Reads one line of OTLP in JSON (`ExportTraceServiceRequest`), as the Collector's file exporter and ours write it; fails with what is
 * wrong with it.
 */
export const readLine = (line: string): Result.Result<ReadonlyArray<ServiceSpans>, string> =>
  Option.match(decodeLine(line), {
    onNone: () => Result.fail("not a line of OTLP spans in JSON"),
    onSome: ({ resourceSpans }) => {
      const read = resourceSpans.map(({ resource, scopeSpans }): ServiceSpans => {
        const service = attributesOf(resource?.attributes).get("service.name")
        const spans = (scopeSpans ?? []).flatMap(({ scope, spans }) =>
          (spans ?? []).flatMap((span) =>
            spanOf(span, { name: scope?.name ?? "", version: scope?.version, schemaUrl: undefined }) ?? []
          )
        )
        return { service: typeof service === "string" ? service : undefined, spans }
      })
      const given = resourceSpans.flatMap(({ scopeSpans }) => (scopeSpans ?? []).flatMap(({ spans }) => spans ?? []))
      const understood = read.reduce((sum, { spans }) => sum + spans.length, 0)
      return understood < given.length
        ? Result.fail("a trace id or span id is not in hexadecimal digits")
        : Result.succeed(read)
    }
  })
