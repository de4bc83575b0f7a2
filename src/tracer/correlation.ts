import type * as Tracer from "effect/Tracer"

/**
 * The attribute that has the correlation id: `correlation.id`, a string, on every span of the work it names.
 */
export const correlationKey = "correlation.id"

const knowsIt = (span: Tracer.AnySpan): span is Tracer.AnySpan & { readonly correlationId: string | undefined } =>
  "correlationId" in span

/** The correlation id of the work a span is part of; `undefined` where it has none or is none of ours. */
export const correlationIdOf = (span: Tracer.AnySpan): string | undefined =>
  knowsIt(span) ? span.correlationId : undefined
