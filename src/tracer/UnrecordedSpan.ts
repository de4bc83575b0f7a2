import * as Otel from "@opentelemetry/api"
import type * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import type * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import { noAttributes, SpanId, TraceId } from "../model/index.ts"
import { correlationIdOf } from "./correlation.ts"

// The views made of such spans: what is started below one is not recorded either.
const views = new WeakMap<Otel.Span, UnrecordedSpan>()

/** The unrecorded span an OpenTelemetry span is the view of. */
export const unrecordedBehind = (span: Otel.Span): UnrecordedSpan | undefined => views.get(span)

const noLinks: ReadonlyArray<Tracer.SpanLink> = []

/**
 * A span of which nothing is kept: it carries the trace on, and costs as little as it can.
 *
 * @category models
 * @since 0.1.0
 */
export class UnrecordedSpan implements Tracer.Span {
  readonly name: string
  readonly kind: Tracer.SpanKind
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly annotations: Context.Context<never>
  private readonly startTime: bigint
  private readonly ownCorrelationId: string | undefined
  private endTime: bigint | undefined = undefined
  private trace: string | undefined = undefined
  private id: string | undefined = undefined
  private view: Otel.Span | undefined = undefined

  /**
   * @param correlationId left out below another span, whose id counts
   */
  constructor(
    options: {
      readonly name: string
      readonly kind: Tracer.SpanKind
      readonly annotations: Context.Context<never>
      readonly startTime: bigint
    },
    parent: Option.Option<Tracer.AnySpan>,
    correlationId?: string
  ) {
    this.name = options.name
    this.kind = options.kind
    this.parent = parent
    this.annotations = options.annotations
    this.startTime = options.startTime
    this.ownCorrelationId = correlationId
  }

  get _tag(): "Span" {
    return "Span"
  }

  get traceId(): string {
    return this.trace ??= this.parent._tag === "Some" ? this.parent.value.traceId : TraceId.random().hex
  }

  get spanId(): string {
    return this.id ??= SpanId.toHex(SpanId.randomHalf(), SpanId.randomHalf() || 1)
  }

  /** The correlation id of the work the span is part of. */
  get correlationId(): string | undefined {
    return this.ownCorrelationId ?? (this.parent._tag === "Some" ? correlationIdOf(this.parent.value) : undefined)
  }

  get sampled(): boolean {
    return false
  }

  /** W3C trace flags: not sampled. */
  get traceFlags(): number {
    return 0
  }

  get traceState(): string | undefined {
    return undefined
  }

  get status(): Tracer.SpanStatus {
    return this.endTime === undefined
      ? { _tag: "Started", startTime: this.startTime }
      : { _tag: "Ended", startTime: this.startTime, endTime: this.endTime, exit: Exit.void }
  }

  get attributes(): ReadonlyMap<string, unknown> {
    return noAttributes
  }

  get links(): ReadonlyArray<Tracer.SpanLink> {
    return noLinks
  }

  /** Tells `@effect/opentelemetry` that {@link UnrecordedSpan.span} is there. */
  get "~@effect/opentelemetry/OtelTracer/OtelSpan"(): true {
    return true
  }

  /** The span as OpenTelemetry's API sees it. `@effect/opentelemetry` reads it by this name. */
  get span(): Otel.Span {
    if (this.view === undefined) {
      const { spanId, traceId } = this
      this.view = Otel.trace.wrapSpanContext({ traceId, spanId, traceFlags: Otel.TraceFlags.NONE })
      views.set(this.view, this)
    }
    return this.view
  }

  end(endTime: bigint): void {
    this.endTime ??= endTime
  }

  attribute(): void {}

  event(): void {}

  addLinks(): void {}
}
