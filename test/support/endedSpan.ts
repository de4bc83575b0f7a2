import { Attributes, EndedSpan, noAttributes, SpanId, TraceId } from "effect-tracing/model"
import type { SpanLink, StatusCode } from "effect-tracing/model"
import type { SpanKind } from "effect/Tracer"

/** 2026-01-02T03:04:05.000Z, the moment hand-made traces begin. */
export const epochMillis = Date.UTC(2026, 0, 2, 3, 4, 5)

/** The trace hand-made spans belong to unless they say otherwise. */
export const defaultTraceId = "0af7651916cd43dd8448eb211c80319c"

export interface EndedSpanOptions {
  readonly name: string
  readonly traceId?: string | undefined
  /** By default an id of its own. */
  readonly spanId?: string | undefined
  readonly parentSpanId?: string | undefined
  /** Gives both trace and parent span id. */
  readonly parent?: EndedSpan | undefined
  readonly parentIsRemote?: boolean | undefined
  /** Since {@link epochMillis}. */
  readonly startMillis?: number | undefined
  readonly durationMillis?: number | undefined
  readonly kind?: SpanKind | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  readonly status?: StatusCode | undefined
  readonly statusMessage?: string | undefined
  readonly traceFlags?: number | undefined
  readonly traceState?: string | undefined
  readonly scopeName?: string | undefined
  readonly events?:
    | ReadonlyArray<{
      readonly name: string
      /** Since {@link epochMillis}. */
      readonly atMillis?: number | undefined
      readonly attributes?: Readonly<Record<string, unknown>> | undefined
    }>
    | undefined
  readonly links?:
    | ReadonlyArray<{
      readonly traceId: string
      readonly spanId: string
      readonly attributes?: Readonly<Record<string, unknown>> | undefined
    }>
    | undefined
  readonly droppedEvents?: number | undefined
  readonly droppedLinks?: number | undefined
}

let lastId = 0

const nanosAt = (millis: number): bigint => BigInt(epochMillis) * 1_000_000n + BigInt(Math.round(millis * 1e6))

const attributesOf = (record: Readonly<Record<string, unknown>> | undefined): Attributes | undefined =>
  record === undefined ? undefined : Attributes.fromRecord(record)

/** Makes an ended span by hand: whatever is left out is dull and the same each time, except the span id. */
export const endedSpan = (options: EndedSpanOptions): EndedSpan => {
  const trace = options.parent?.trace ?? TraceId.fromHex(options.traceId ?? defaultTraceId)
  const spanId = options.spanId ?? (++lastId).toString(16).padStart(16, "0")
  const parentId = options.parent?.spanId ?? options.parentSpanId
  if (trace === undefined) throw new Error(`not a trace id: ${options.traceId}`)
  if (!SpanId.isValid(spanId)) throw new Error(`not a span id: ${spanId}`)
  if (parentId !== undefined && !SpanId.isValid(parentId)) throw new Error(`not a span id: ${parentId}`)
  const startMillis = options.startMillis ?? 0
  return new EndedSpan({
    trace,
    idHigh: SpanId.highOf(spanId),
    idLow: SpanId.lowOf(spanId),
    parentIdHigh: parentId === undefined ? 0 : SpanId.highOf(parentId),
    parentIdLow: parentId === undefined ? 0 : SpanId.lowOf(parentId),
    parentIsRemote: options.parentIsRemote ?? false,
    traceFlags: options.traceFlags ?? 3,
    traceState: options.traceState,
    name: options.name,
    kind: options.kind ?? "internal",
    startTime: nanosAt(startMillis),
    endTime: nanosAt(startMillis + (options.durationMillis ?? 1)),
    endedAttributes: attributesOf(options.attributes) ?? noAttributes,
    events: (options.events ?? []).map((event) => ({
      name: event.name,
      time: nanosAt(event.atMillis ?? startMillis),
      attributes: attributesOf(event.attributes)
    })),
    droppedEvents: options.droppedEvents ?? 0,
    endedLinks: (options.links ?? []).map((link): SpanLink => ({
      traceId: link.traceId,
      spanId: link.spanId,
      traceFlags: 1,
      traceState: undefined,
      attributes: attributesOf(link.attributes)
    })),
    droppedLinks: options.droppedLinks ?? 0,
    statusCode: options.status ?? "unset",
    statusMessage: options.statusMessage,
    scope: { name: options.scopeName ?? "test", version: undefined, schemaUrl: undefined }
  })
}
