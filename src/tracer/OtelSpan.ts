import * as Otel from "@opentelemetry/api"
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base"
import * as Exit from "effect/Exit"
import { ReadableSpanView } from "../export/processor.ts"
import { EndedSpan } from "../model/index.ts"
import { now } from "./clock.ts"
import { exceptionAttributes } from "./exception.ts"
import type { LiveSpan } from "./LiveSpan.ts"
import { fromOtelLink } from "./otelConversions.ts"
import { fromTimeInput } from "./otelTime.ts"

/**
 * A live span as OpenTelemetry sees it: its API, and what a span processor reads of a span that runs.
 *
 * **Details**
 *
 * Made only when somebody asks: a library that calls `trace.getActiveSpan()`, a span processor,
 * `OtelTracer.currentOtelSpan`. It has no state of its own.
 *
 * @category models
 * @since 0.1.0
 */
export class OtelSpan implements Otel.Span, ReadableSpan {
  /** The span this is a view of. */
  readonly live: LiveSpan
  /** Left out at the root of a trace, as OpenTelemetry has it; so it cannot be a getter. */
  readonly parentSpanContext?: Otel.SpanContext
  private context: Otel.SpanContext | undefined

  constructor(live: LiveSpan) {
    this.live = live
    const parent = live.parentContext
    if (parent === undefined) return
    const { isRemote, spanId, traceFlags } = parent
    this.parentSpanContext = { traceId: live.traceId, spanId, traceFlags, isRemote }
  }

  spanContext(): Otel.SpanContext {
    const { live } = this
    const { traceFlags } = live
    // The flags may still change: a trace may be kept late.
    if (this.context?.traceFlags !== traceFlags) {
      this.context = {
        traceId: live.traceId,
        spanId: live.spanId,
        traceFlags,
        isRemote: false,
        ...(live.traceState === undefined ? undefined : { traceState: Otel.createTraceState(live.traceState) })
      }
    }
    return this.context
  }

  isRecording(): boolean {
    return !this.live.ended && this.live.sampled
  }

  setAttribute(key: string, value: Otel.AttributeValue): this {
    this.live.attribute(key, value)
    return this
  }

  setAttributes(attributes: Otel.Attributes): this {
    for (const key of Object.keys(attributes)) this.live.attribute(key, attributes[key])
    return this
  }

  addEvent(name: string, attributesOrTime?: Otel.Attributes | Otel.TimeInput, time?: Otel.TimeInput): this {
    const isTime = typeof attributesOrTime === "number" || Array.isArray(attributesOrTime) ||
      attributesOrTime instanceof Date
    this.live.event(
      name,
      fromTimeInput(isTime ? attributesOrTime : time) ?? now(),
      isTime || attributesOrTime === undefined ? undefined : { ...attributesOrTime }
    )
    return this
  }

  addLink(link: Otel.Link): this {
    return this.addLinks([link])
  }

  addLinks(links: ReadonlyArray<Otel.Link>): this {
    this.live.addLinks(links.map(fromOtelLink))
    return this
  }

  setStatus(status: Otel.SpanStatus): this {
    this.live.setStatus(
      status.code === Otel.SpanStatusCode.ERROR ? "error" : status.code === Otel.SpanStatusCode.OK ? "ok" : "unset",
      status.message
    )
    return this
  }

  updateName(name: string): this {
    this.live.rename(name)
    return this
  }

  recordException(exception: Otel.Exception, time?: Otel.TimeInput): void {
    this.live.event("exception", fromTimeInput(time) ?? now(), exceptionAttributes(exception))
  }

  end(endTime?: Otel.TimeInput): void {
    this.live.end(fromTimeInput(endTime) ?? now(), Exit.void)
  }

  // What it says as a span that can be read is what it would say if it ended now.
  private get readable(): ReadableSpan {
    return new ReadableSpanView(new EndedSpan(this.live), this.live.local.runtime.resource)
  }

  get name(): string {
    return this.live.name
  }

  get kind(): Otel.SpanKind {
    return this.readable.kind
  }

  get startTime(): Otel.HrTime {
    return this.readable.startTime
  }

  get endTime(): Otel.HrTime {
    return this.readable.endTime
  }

  get duration(): Otel.HrTime {
    return this.readable.duration
  }

  get ended(): boolean {
    return this.live.ended
  }

  get status(): Otel.SpanStatus {
    return this.readable.status
  }

  get attributes(): Otel.Attributes {
    return this.readable.attributes
  }

  get links(): Array<Otel.Link> {
    return this.readable.links
  }

  get events(): ReadableSpan["events"] {
    return this.readable.events
  }

  get resource(): ReadableSpan["resource"] {
    return this.readable.resource
  }

  get instrumentationScope(): ReadableSpan["instrumentationScope"] {
    return this.readable.instrumentationScope
  }

  get droppedAttributesCount(): number {
    return this.readable.droppedAttributesCount
  }

  get droppedEventsCount(): number {
    return this.readable.droppedEventsCount
  }

  get droppedLinksCount(): number {
    return this.readable.droppedLinksCount
  }
}
