import * as Context from "effect/Context"
import * as Tracer from "effect/Tracer"
import type { SpanLink } from "../model/index.ts"
import { Attributes, SpanId, TraceId } from "../model/index.ts"
import type { ParentContext } from "../sampling/index.ts"
import { OtelTraceFlags, OtelTraceState } from "./effectOpenTelemetry.ts"

/**
 * What an external span says beyond its ids: W3C flags and tracestate, and whether it is of another process.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExternalContext {
  /** W3C trace flags: 1 sampled, 2 random. */
  readonly traceFlags: number
  /** W3C `tracestate`. */
  readonly traceState: string | undefined
  /** Whether the span belongs to another process. */
  readonly isRemote: boolean
  /** Whether its sampled flag counts only as far as the local sampler agrees; default false. */
  readonly isLimited?: boolean | undefined
}

/** Annotation of an external span made by {@link externalSpan}. */
class ExternalContextAnnotation extends Context.Service<ExternalContextAnnotation, ExternalContext>()(
  "effect-tracing/tracer/ExternalContext"
) {}

/**
 * Makes Effect's external span of a trace context that came from elsewhere.
 *
 * **Details**
 *
 * `sampled` is always true for Effect: the sampler of this process decides from the flags whether to record.
 *
 * @category constructors
 * @since 0.1.0
 */
export const externalSpan = (
  context: ExternalContext & { readonly traceId: string; readonly spanId: string }
): Tracer.ExternalSpan =>
  Tracer.externalSpan({
    traceId: context.traceId,
    spanId: context.spanId,
    sampled: true,
    annotations: Context.make(ExternalContextAnnotation, {
      traceFlags: context.traceFlags,
      traceState: context.traceState,
      isRemote: context.isRemote,
      isLimited: context.isLimited
    })
  })

/**
 * Reads flags and tracestate of a span that is not ours: one made by {@link externalSpan}, by
 * `OtelTracer.makeExternalSpan`, or by another tracer.
 */
export const contextOf = (span: Tracer.AnySpan): ExternalContext => {
  const own = Context.getOrUndefined(span.annotations, ExternalContextAnnotation)
  if (own !== undefined) return own
  const traceFlags = Context.getOrUndefined(span.annotations, OtelTraceFlags)
  const traceState = Context.getOrUndefined(span.annotations, OtelTraceState)
  return {
    traceFlags: traceFlags ?? (span.sampled ? 1 : 0),
    traceState: traceState?.serialize(),
    isRemote: span._tag === "ExternalSpan"
  }
}

/** The context a span made under `parent` continues, and its trace; `undefined` if the ids are not valid ones. */
export const parentContextOf = (
  parent: Tracer.AnySpan
): { readonly trace: TraceId; readonly context: ParentContext } | undefined => {
  const trace = TraceId.fromHex(parent.traceId)
  if (trace === undefined || !SpanId.isValid(parent.spanId)) return undefined
  const { isLimited = false, ...context } = contextOf(parent)
  return { trace, context: { spanId: parent.spanId, isLimited, ...context } }
}

/** Our own spans say flags and tracestate themselves. */
const saysContext = (span: Tracer.AnySpan): span is Tracer.AnySpan & Omit<ExternalContext, "isRemote"> =>
  "traceFlags" in span

/** Flags and tracestate of any span. */
export const flagsAndStateOf = (span: Tracer.AnySpan): Pick<ExternalContext, "traceFlags" | "traceState"> =>
  saysContext(span) ? span : contextOf(span)

/** Converts a link of Effect's. */
export const toSpanLink = (
  link: Tracer.SpanLink,
  attributeCountLimit: number,
  attributeLengthLimit: number
): SpanLink => {
  const { traceFlags, traceState } = flagsAndStateOf(link.span)
  return {
    traceId: link.span.traceId,
    spanId: link.span.spanId,
    traceFlags,
    traceState,
    attributes: Object.keys(link.attributes).length === 0
      ? undefined
      : Attributes.fromRecord(link.attributes, attributeCountLimit, attributeLengthLimit)
  }
}
