import type * as Effect from "effect/Effect"
import type { EndedSpan } from "../model/index.ts"
import type { ExportError, ExportOutcome, SpanExporter } from "./SpanExporter.ts"

/**
 * What a span is worth where not everything can be kept: 0 where its trace was kept in spite of the sampler, 2 where it is an
 * error, 1 else.
 */
export type Worth = 0 | 1 | 2

/**
 * Whether the trace of the span was kept in spite of the sampler.
 */
export const wasKeptLate = (span: EndedSpan): boolean => span.attributes.has("sampling.kept_for")

/** What a span is worth. */
export const worthOf = (span: EndedSpan): Worth => wasKeptLate(span) ? 0 : span.statusCode === "error" ? 2 : 1

/**
 * Spans in the form in which they wait for an exporter.
 */
export interface Load {
  readonly size: number
  /** What they take in memory. */
  readonly bytes: number
  /** The first of the spans, where it is still at hand. */
  readonly first: EndedSpan | undefined
  readonly worthAt: (index: number) => Worth
  /** About what a span takes of {@link Load.bytes}. */
  readonly bytesAt: (index: number) => number
  /** Those of the spans that are to be kept; at least one is. */
  readonly select: (isKept: (index: number) => boolean) => Load
  /** A span in this form. */
  readonly only: (span: EndedSpan) => Load
  /** Hands the spans to an exporter that takes them in this form. */
  readonly sendBy: (exporter: SpanExporter) => Effect.Effect<ExportOutcome, ExportError>
}

/**
 * What a batch is for one exporter.
 */
export interface Share {
  readonly load: Load
  /** How many of the spans cannot be encoded for it, and why the last of those cannot. */
  readonly failed: number
  readonly failure: unknown
}
