import type * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import type * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type {
  EndedSpanFields,
  InstrumentationScope,
  ReadonlyAttributes,
  SpanEvent,
  SpanLink,
  StatusCode,
  TraceId
} from "../model/index.ts"
import { Attributes, noAttributes, SpanId } from "../model/index.ts"
import type { ParentContext } from "../sampling/index.ts"
import { correlationKey } from "./correlation.ts"
import { describeError } from "./exception.ts"
import { finish } from "./finish.ts"
import type { FinishingSpan, SpanStart } from "./Instrumentation.ts"
import type { LocalTrace, Verdict } from "./LocalTrace.ts"
import { tellLinked } from "./LocalTrace.ts"
import { logEvent } from "./logEvent.ts"
import { OtelSpan } from "./OtelSpan.ts"
import { toSpanLink } from "./remoteContext.ts"

const noEvents: ReadonlyArray<SpanEvent> = []
const noLinks: ReadonlyArray<SpanLink> = []

/**
 * A span while it runs: the one object per span that Effect, the instrumentations and the OpenTelemetry view share.
 *
 * **Details**
 *
 * Everything that can wait is not there until asked for: attributes, events, hexadecimal ids, the OpenTelemetry view. The
 * sampling decision is taken at the first need of it (`sampled` is read, the span ends), because Effect hands over the
 * attributes right after the span was made.
 *
 * @category models
 * @since 0.1.0
 */
export class LiveSpan implements Tracer.Span, FinishingSpan, EndedSpanFields {
  readonly local: LocalTrace
  readonly idHigh: number
  readonly idLow: number
  readonly parentSpan: LiveSpan | undefined
  readonly parent: Option.Option<Tracer.AnySpan>
  name: string
  readonly kind: Tracer.SpanKind
  readonly startTime: bigint
  endTime: bigint
  readonly annotations: Context.Context<never>
  readonly links: Array<Tracer.SpanLink>
  readonly scope: InstrumentationScope
  memo: unknown
  statusCode: StatusCode
  statusMessage: string | undefined
  droppedEvents: number
  /** Whether a span was started below it. */
  hasChildren: boolean
  /** Neighbours in the list of active spans, which alone writes them. */
  older: LiveSpan | undefined
  newer: LiveSpan | undefined
  private hasEnded: boolean
  private verdict: Verdict | undefined
  private ownAttributes: Attributes | undefined
  private ownEvents: Array<SpanEvent> | undefined
  private convertedLinks: ReadonlyArray<SpanLink> | undefined
  private otelSpan: OtelSpan | undefined

  /**
   * @param parentSpan the parent, if it is a span of this pipeline in the same trace
   * @param start what the instrumentations have left of it
   */
  constructor(
    local: LocalTrace,
    parentSpan: LiveSpan | undefined,
    start: SpanStart,
    startTime: bigint,
    scope: InstrumentationScope
  ) {
    this.local = local
    this.idHigh = SpanId.randomHalf()
    // An all-zero id is invalid: half of it never being zero is enough.
    this.idLow = SpanId.randomHalf() || 1
    this.parentSpan = parentSpan
    if (parentSpan !== undefined) parentSpan.hasChildren = true
    this.parent = start.parent
    this.name = start.name
    this.kind = start.kind
    this.startTime = startTime
    this.endTime = startTime
    this.annotations = start.annotations
    this.links = start.links
    this.scope = scope
    this.memo = start.memo
    this.statusCode = "unset"
    this.statusMessage = undefined
    this.droppedEvents = 0
    this.hasChildren = false
    this.older = undefined
    this.newer = undefined
    this.hasEnded = false
    this.verdict = undefined
    this.ownAttributes = undefined
    this.ownEvents = undefined
    this.convertedLinks = undefined
    this.otelSpan = undefined
    const { activeSpans, ledger } = local.runtime
    ledger.start()
    activeSpans.add(this)
    if (start.links.length > 0) tellLinked(start.links, local)
  }

  get _tag(): "Span" {
    return "Span"
  }

  get trace(): TraceId {
    return this.local.id
  }

  get traceId(): string {
    return this.local.id.hex
  }

  get spanId(): string {
    return SpanId.toHex(this.idHigh, this.idLow)
  }

  get parentIdHigh(): number {
    if (this.parentSpan !== undefined) return this.parentSpan.idHigh
    return this.local.parent === undefined ? 0 : SpanId.highOf(this.local.parent.spanId)
  }

  get parentIdLow(): number {
    if (this.parentSpan !== undefined) return this.parentSpan.idLow
    return this.local.parent === undefined ? 0 : SpanId.lowOf(this.local.parent.spanId)
  }

  get parentIsRemote(): boolean {
    return this.parentSpan === undefined && this.local.parent !== undefined && this.local.parent.isRemote
  }

  /** The context of the parent, whether it is in this process or not. */
  get parentContext(): ParentContext | undefined {
    return this.parentSpan === undefined ? this.local.parent : {
      spanId: this.parentSpan.spanId,
      traceFlags: this.parentSpan.traceFlags,
      traceState: this.parentSpan.traceState,
      isRemote: false,
      isLimited: false
    }
  }

  /** W3C trace flags, as they stand in outgoing headers: the sampled flag is set once the trace is known to be exported. */
  get traceFlags(): number {
    const verdict = this.decided
    return this.local.flagsOf(verdict === "held" ? this.local.verdict : verdict)
  }

  get traceState(): string | undefined {
    return this.local.traceState
  }

  /** The correlation id of the work the span is part of. */
  get correlationId(): string | undefined {
    const id = this.endedAttributes.get(correlationKey)
    return typeof id === "string" ? id : undefined
  }

  /** What Effect means by sampled: whether the span records. */
  get sampled(): boolean {
    return this.decided !== "dropped"
  }

  private get decided(): Verdict {
    if (this.local.isDiscarded) this.verdict = "dropped"
    if (this.verdict === undefined) {
      this.verdict = this.local.decide(this)
      if (this.verdict !== "dropped") this.local.runtime.onStart?.(this)
    }
    return this.verdict
  }

  get status(): Tracer.SpanStatus {
    return this.hasEnded
      // The exit is not kept: it may hold sockets, requests and secrets.
      ? { _tag: "Ended", startTime: this.startTime, endTime: this.endTime, exit: Exit.void }
      : { _tag: "Started", startTime: this.startTime }
  }

  get ended(): boolean {
    return this.hasEnded
  }

  get attributes(): Attributes {
    const { limits } = this.local.runtime
    return this.ownAttributes ??= new Attributes(limits.attributeCount, limits.attributeValueLength)
  }

  get endedAttributes(): ReadonlyAttributes {
    return this.ownAttributes ?? noAttributes
  }

  get events(): ReadonlyArray<SpanEvent> {
    return this.ownEvents ?? noEvents
  }

  get endedLinks(): ReadonlyArray<SpanLink> {
    if (this.links.length === 0) return noLinks
    if (this.convertedLinks?.length !== Math.min(this.links.length, this.local.runtime.limits.linkCount)) {
      const { attributePerLinkCount, attributeValueLength, linkCount } = this.local.runtime.limits
      this.convertedLinks = this.links.slice(0, linkCount).map((link) =>
        toSpanLink(link, attributePerLinkCount, attributeValueLength)
      )
    }
    return this.convertedLinks
  }

  get droppedLinks(): number {
    return Math.max(0, this.links.length - this.local.runtime.limits.linkCount)
  }

  /** Tells `@effect/opentelemetry` that {@link LiveSpan.span} is there. */
  get "~@effect/opentelemetry/OtelTracer/OtelSpan"(): true {
    return true
  }

  /** The span as OpenTelemetry's API sees it. `@effect/opentelemetry` reads it by this name. */
  get span(): OtelSpan {
    return this.otelSpan ??= new OtelSpan(this)
  }

  /** Whether a write is still welcome: one after the end is ignored and counted, one to a dropped span is ignored. */
  private get writable(): boolean {
    if (this.hasEnded) {
      this.local.runtime.ledger.lateWrite()
      return false
    }
    return this.verdict !== "dropped" && !this.local.isDiscarded
  }

  attribute(key: string, value: unknown): void {
    if (!this.writable) return
    this.attributes.set(key, value)
    if (key === "force_sample" && value === true) this.local.force()
  }

  event(name: string, startTime: bigint, attributes?: Record<string, unknown>): void {
    if (!this.writable) return
    const { limits, logEvents } = this.local.runtime
    const isLog = attributes !== undefined && "effect.logLevel" in attributes
    if (isLog && !logEvents) return
    const events = this.ownEvents ??= []
    if (events.length >= limits.eventCount) {
      this.droppedEvents++
      return
    }
    if (isLog) {
      events.push(logEvent(name, startTime, attributes, limits))
      return
    }
    events.push({
      name,
      time: startTime,
      attributes: attributes === undefined
        ? undefined
        : Attributes.fromRecord(attributes, limits.attributePerEventCount, limits.attributeValueLength)
    })
  }

  /** Replaces the events: for redaction. */
  replaceEvents(events: Array<SpanEvent>): void {
    this.ownEvents = events
  }

  /** Lets go of the room that lists keep for more: the span may wait for long to be sent. */
  compact(): void {
    this.ownAttributes?.compact()
    if (this.ownEvents !== undefined) this.ownEvents = this.ownEvents.slice()
  }

  addLinks(links: ReadonlyArray<Tracer.SpanLink>): void {
    if (!this.writable) return
    for (const link of links) this.links.push(link)
    tellLinked(links, this.local)
  }

  /** Sets the status. What was explicitly said to be ok stays so (specification, Trace API, "Set Status"). */
  setStatus(code: StatusCode, message?: string): void {
    if (!this.writable || this.statusCode === "ok") return
    this.statusCode = code
    this.statusMessage = code === "error" ? message : undefined
  }

  /** Gives the span another name. */
  rename(name: string): void {
    if (this.writable) this.name = name
  }

  /** Keeps the whole trace, and what of it has begun before, whatever the sampler said. Without effect where nothing records. */
  forceSample(): void {
    this.local.force()
  }

  /**
   * Takes back the span and all of its trace in this process, whatever the sampler said or will say: for whoever learns only
   * after its start that it is not wanted.
   *
   * **Details**
   *
   * Spans of it that run are not exported when they end, what waited to be kept is let go, and nothing keeps it any more: neither
   * an error nor {@link LiveSpan.forceSample}. The ledger counts them as sampled out. What is sent on from now on says "not sampled".
   * The parent's part of the trace, in another process, is as it was.
   *
   * **Gotchas**
   *
   * Spans that have ended in a sampled trace may be exported already.
   */
  discard(): void {
    this.local.discard()
  }

  /**
   * Ends the span for whoever did not: exported with `span.unfinished`, so that it is neither lost nor taken for one that
   * went well.
   */
  endUnfinished(endTime: bigint): void {
    if (this.writable) this.attributes.setReserved("span.unfinished", true)
    this.end(endTime, Exit.void)
  }

  end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    const { runtime } = this.local
    if (this.hasEnded) {
      runtime.ledger.lateWrite()
      return
    }
    runtime.activeSpans.remove(this)
    // A stepped wall clock must not make a negative duration.
    this.endTime = endTime < this.startTime ? this.startTime : endTime
    const verdict = this.decided
    if (verdict === "dropped") {
      this.hasEnded = true
      this.memo = undefined
      runtime.ledger.move("active", "sampledOut")
      return
    }
    // Tracing never breaks the program: what is wrong in here is told and costs the span, not the fiber.
    try {
      finish(this, exit)
      this.hasEnded = true
      this.local.ended(this, verdict)
      runtime.onFinished?.(this)
    } catch (error) {
      this.hasEnded = true
      runtime.warnings.warn(
        "end of span",
        `The span "${this.name}" could not be ended properly: ${describeError(error).message}`
      )
    }
    // It may be a request, and whoever still holds the span must not hold that.
    this.memo = undefined
  }
}
