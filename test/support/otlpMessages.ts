import { Schema } from "effect"
import protobuf from "protobufjs"

// The messages of an OTLP trace request, with the field numbers of opentelemetry/proto 1.x. Read by protobufjs, so that
// what tests compare against shares nothing with our writer.
const proto = `
syntax = "proto3";

message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
message Status { int32 code = 1; string message = 2; }

message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message InstrumentationScope {
  string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
}
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; fixed32 flags = 16;
  string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
  repeated Event events = 11; uint32 dropped_events_count = 12;
  repeated Link links = 13; uint32 dropped_links_count = 14; SpanStatus status = 15;
  message Event {
    fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
  }
  message Link {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
    uint32 dropped_attributes_count = 5; fixed32 flags = 6;
  }
}
message SpanStatus { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
`

const { root } = protobuf.parse(proto)

export interface AnyValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: string
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values: ReadonlyArray<AnyValue> }
}

export interface KeyValue {
  readonly key: string
  readonly value: AnyValue
}

export interface OtlpEvent {
  readonly name: string
  readonly timeUnixNano: string
  readonly attributes: ReadonlyArray<KeyValue>
  readonly droppedAttributesCount: number
}

export interface OtlpLink {
  readonly traceId: string
  readonly spanId: string
  readonly traceState: string
  readonly attributes: ReadonlyArray<KeyValue>
  readonly droppedAttributesCount: number
  readonly flags: number
}

/** A span as OTLP has it: ids in hexadecimal, 64-bit numbers as text, defaults filled in. */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly traceState: string
  readonly parentSpanId: string
  readonly flags: number
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: ReadonlyArray<KeyValue>
  readonly droppedAttributesCount: number
  readonly events: ReadonlyArray<OtlpEvent>
  readonly droppedEventsCount: number
  readonly links: ReadonlyArray<OtlpLink>
  readonly droppedLinksCount: number
  readonly status: { readonly code: number; readonly message: string } | null
}

export interface OtlpRequest {
  readonly resourceSpans: ReadonlyArray<{
    readonly resource: { readonly attributes: ReadonlyArray<KeyValue>; readonly droppedAttributesCount: number }
    readonly scopeSpans: ReadonlyArray<{
      readonly scope: { readonly name: string; readonly version: string }
      readonly spans: ReadonlyArray<OtlpSpan>
      readonly schemaUrl: string
    }>
    readonly schemaUrl: string
  }>
}

const idFields = new Set(["traceId", "spanId", "parentSpanId"])

/** The same tree with every id field changed. */
const mapIds = (node: unknown, f: (id: unknown) => unknown): unknown => {
  if (Array.isArray(node)) return node.map((item) => mapIds(item, f))
  if (node === null || typeof node !== "object" || Buffer.isBuffer(node)) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, idFields.has(key) ? f(value) : mapIds(value, f)])
  )
}

const toPlain = (type: protobuf.Type, message: protobuf.Message): unknown =>
  mapIds(
    type.toObject(message, { defaults: true, arrays: true, longs: String }),
    (id) => Buffer.from(id as Uint8Array).toString("hex")
  )

/** Decodes a request in protobuf. */
export const decodeProtobuf = (bytes: Uint8Array): OtlpRequest => {
  const type = root.lookupType("ExportTraceServiceRequest")
  return toPlain(type, type.decode(bytes)) as OtlpRequest
}

/** Decodes a request in OTLP's JSON: protobuf's, save for the ids. Fails on a value of the wrong type. */
export const decodeJson = (bytes: Uint8Array): OtlpRequest => {
  const type = root.lookupType("ExportTraceServiceRequest")
  const json = Schema.decodeSync(Schema.fromJsonString(Schema.Unknown))(
    new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  )
  const plain = mapIds(json, (id) => Buffer.from(id as string, "hex")) as Record<string, unknown>
  return toPlain(type, type.fromObject(plain)) as OtlpRequest
}

/** Encodes an answer that refused some spans. */
export const encodePartialSuccess = (rejectedSpans: number, errorMessage: string): Uint8Array =>
  root.lookupType("ExportTraceServiceResponse").encode({ partialSuccess: { rejectedSpans, errorMessage } }).finish()

/** Encodes the `google.rpc.Status` of a refusal. */
export const encodeStatus = (code: number, message: string): Uint8Array =>
  root.lookupType("Status").encode({ code, message }).finish()

/** Every span of a request, whatever its scope. */
export const spansOf = (request: OtlpRequest): ReadonlyArray<OtlpSpan> =>
  request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
