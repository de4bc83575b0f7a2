import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type { DropReason } from "../ledger/index.ts"
import type { EndedSpan } from "../model/index.ts"
import type { SpanEncoding } from "./SpanEncoding.ts"

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
  /** Whether the spans went out twice because the first request ended without an answer, so that they may be there twice. */
  readonly mayBeDoubled?: true
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
export class ExportError extends Data.TaggedError("ExportError")<{
  /** The cause in a word that is the same each time (`unreachable`, `timeout`, `status 401`): each is warned about once. */
  readonly reason: string
  readonly message: string
  /** Whether the same spans may be taken later. */
  readonly retryable: boolean
  /** How long the receiver asked to be left alone, in milliseconds. No request is made before that. */
  readonly retryAfterMillis: number | undefined
  /**
   * What is wrong with the spans themselves, where that is what was wrong: together they are too large (`size`), some cannot be
   * understood by the receiver (`content`) or be encoded (`encoding`). They are sent again in smaller parts, so that no
   * more is lost than must be.
   */
  readonly fault?: "size" | "content" | "encoding"
  /** Whether the receiver may have taken the spans all the same. */
  readonly mayHaveArrived?: boolean
  readonly cause?: unknown
}> {}

/**
 * What became of so many of the spans that were kept in a spool: taken, save for those refused; or given up, for a reason.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpoolFate extends ExportOutcome {
  readonly spans: number
  readonly dropped: DropReason | undefined
}

/**
 * A place on disk where spans wait while they cannot be delivered, and which delivers them itself.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanSpool {
  /** Whether spans are to be written to it before anything else is tried: always, or because older ones wait there. */
  readonly comesFirst: boolean
  /** How many spans wait there. Those that earlier processes have left are counted as soon as they are read. */
  readonly spans: number
  /**
   * Writes the body of a request with so many spans at once, so that they outlive the process. `false` where it cannot, which it
   * has told: they go on waiting in memory. `decided` hears what became of them, of some after the others, should that be in this process.
   */
  readonly keep: (body: Uint8Array, spans: number, decided: (fate: SpoolFate) => void) => boolean
  /** Tries now to deliver what it holds, and waits until all of it is delivered or an attempt has failed. */
  readonly drained: Effect.Effect<void>
}

/**
 * How an exporter that sends bytes delivers spans that were encoded before.
 *
 * @category models
 * @since 0.1.0
 */
export interface EncodedExport {
  readonly encoding: SpanEncoding
  /** Delivers the body of a request once, as {@link SpanExporter.export} does spans. */
  readonly send: (body: Uint8Array) => Effect.Effect<ExportOutcome, ExportError>
  /** Where bodies wait that cannot be delivered now; left out where there is no place but memory. */
  readonly spool?: SpanSpool | undefined
}

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
  /**
   * Left out by exporters that take spans as they are. With it spans are encoded as they end, once for all exporters of the same
   * encoding, and wait as bytes: a fraction of the memory.
   */
  readonly encoded?: EncodedExport | undefined
  /** Hands on what the exporter itself still holds and lets its resources go. */
  readonly shutdown: Effect.Effect<void>
}
