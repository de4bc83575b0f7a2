import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { EndedSpan } from "../model/index.ts"

/**
 * What became of spans an exporter was handed and could deliver.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExportOutcome {
  /** How many of the spans the receiver refused for good; the others it took. */
  readonly rejected: number
  /** What the receiver said about it: why it refused, or a warning about what it took. */
  readonly message: string | undefined
}

/**
 * The outcome of spans that were all taken without a word.
 *
 * @category models
 * @since 0.1.0
 */
export const allExported: ExportOutcome = { rejected: 0, message: undefined }

/**
 * Says that an exporter could not deliver the spans it was handed.
 *
 * **Details**
 *
 * `message` names the endpoint, the cause and what can be done about it. It is for the person who runs the program.
 *
 * @category errors
 * @since 0.1.0
 */
export class ExportError extends Schema.TaggedError<ExportError>()("ExportError", {
  /** The cause in a word that is the same each time (`unreachable`, `timeout`, `status 401`): each is warned about once. */
  reason: Schema.String,
  message: Schema.String,
  /** Whether the same spans may be taken later. */
  retryable: Schema.Boolean,
  /** How long the receiver asked to be left alone, in milliseconds. No request is made before that. */
  retryAfterMillis: Schema.UndefinedOr(Schema.Finite),
  cause: Schema.optionalKey(Schema.Unknown)
}) {}

/**
 * Delivers ended spans somewhere. Whatever it needs to know of the process (the `Resource`), it is given when it is made.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanExporter {
  /** Names the exporter in warnings and in the status, for example `otlp http://localhost:4318/v1/traces`. */
  readonly name: string
  /** Delivers the spans once. When to try again is decided by who calls. Safe to interrupt. */
  readonly export: (spans: ReadonlyArray<EndedSpan>) => Effect.Effect<ExportOutcome, ExportError>
  /** Hands on what the exporter itself still holds and lets its resources go. */
  readonly shutdown: Effect.Effect<void>
}
