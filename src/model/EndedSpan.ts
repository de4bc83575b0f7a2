import type { SpanKind } from "effect/Tracer"
import type { ReadonlyAttributes } from "./Attributes.ts"
import type { InstrumentationScope } from "./InstrumentationScope.ts"
import type { SpanEvent } from "./SpanEvent.ts"
import * as SpanId from "./SpanId.ts"
import type { SpanLink } from "./SpanLink.ts"
import type { StatusCode } from "./SpanStatus.ts"
import type { TraceId } from "./TraceId.ts"

/**
 * What an ended span is made of. A live span has these fields, so that ending it copies them and allocates nothing else.
 *
 * @category models
 * @since 0.1.0
 */
export interface EndedSpanFields {
  readonly trace: TraceId
  /** The two signed 32-bit halves of the span id. */
  readonly idHigh: number
  readonly idLow: number
  /** The halves of the parent's span id; both 0 where there is no parent. */
  readonly parentIdHigh: number
  readonly parentIdLow: number
  /** Whether the parent is a span of another process. */
  readonly parentIsRemote: boolean
  /** W3C trace flags: 1 sampled, 2 random. */
  readonly traceFlags: number
  /** W3C `tracestate`. */
  readonly traceState: string | undefined
  readonly name: string
  readonly kind: SpanKind
  /** Nanoseconds since the Unix epoch. */
  readonly startTime: bigint
  /** Nanoseconds since the Unix epoch, never before `startTime`. */
  readonly endTime: bigint
  readonly endedAttributes: ReadonlyAttributes
  readonly events: ReadonlyArray<SpanEvent>
  readonly droppedEvents: number
  readonly endedLinks: ReadonlyArray<SpanLink>
  readonly droppedLinks: number
  readonly statusCode: StatusCode
  /** Only with status `error`. */
  readonly statusMessage: string | undefined
  readonly scope: InstrumentationScope
}

/**
 * A span that has ended: plain values, already redacted, holding on to nothing of the program that made it. This is
 * what processors, exporters, the console and the test kit see.
 *
 * @category models
 * @since 0.1.0
 */
export class EndedSpan {
  readonly trace: TraceId
  readonly idHigh: number
  readonly idLow: number
  readonly parentIdHigh: number
  readonly parentIdLow: number
  readonly parentIsRemote: boolean
  readonly traceFlags: number
  readonly traceState: string | undefined
  readonly name: string
  readonly kind: SpanKind
  readonly startTime: bigint
  readonly endTime: bigint
  readonly attributes: ReadonlyAttributes
  readonly events: ReadonlyArray<SpanEvent>
  readonly droppedEvents: number
  readonly links: ReadonlyArray<SpanLink>
  readonly droppedLinks: number
  readonly statusCode: StatusCode
  readonly statusMessage: string | undefined
  readonly scope: InstrumentationScope

  constructor(fields: EndedSpanFields) {
    this.trace = fields.trace
    this.idHigh = fields.idHigh
    this.idLow = fields.idLow
    this.parentIdHigh = fields.parentIdHigh
    this.parentIdLow = fields.parentIdLow
    this.parentIsRemote = fields.parentIsRemote
    this.traceFlags = fields.traceFlags
    this.traceState = fields.traceState
    this.name = fields.name
    this.kind = fields.kind
    this.startTime = fields.startTime
    this.endTime = fields.endTime
    this.attributes = fields.endedAttributes
    this.events = fields.events
    this.droppedEvents = fields.droppedEvents
    this.links = fields.endedLinks
    this.droppedLinks = fields.droppedLinks
    this.statusCode = fields.statusCode
    this.statusMessage = fields.statusMessage
    this.scope = fields.scope
  }

  /** 32 lower-case hexadecimal digits. */
  get traceId(): string {
    return this.trace.hex
  }

  /** 16 lower-case hexadecimal digits. */
  get spanId(): string {
    return SpanId.toHex(this.idHigh, this.idLow)
  }

  /** 16 lower-case hexadecimal digits, or `undefined` for the root of a trace. */
  get parentSpanId(): string | undefined {
    return this.hasParent ? SpanId.toHex(this.parentIdHigh, this.parentIdLow) : undefined
  }

  get hasParent(): boolean {
    return this.parentIdHigh !== 0 || this.parentIdLow !== 0
  }

  /** Whether this span is the first of its trace in this process. */
  get isLocalRoot(): boolean {
    return this.parentIsRemote || !this.hasParent
  }

  /** Whole and fractional milliseconds. */
  get durationMillis(): number {
    return Number(this.endTime - this.startTime) / 1e6
  }
}
