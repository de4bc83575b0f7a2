import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Account, Ledger, Warnings } from "../ledger/index.ts"
import type { EndedSpan } from "../model/index.ts"
import type { SpanExporter } from "./SpanExporter.ts"

/**
 * When and how much is sent at once, and how much may wait.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchSettings {
  /** How long a span waits at most for its batch to fill, in milliseconds (`OTEL_BSP_SCHEDULE_DELAY`). */
  readonly scheduleDelayMillis: number
  /** How long one attempt to export a batch may take, in milliseconds (`OTEL_BSP_EXPORT_TIMEOUT`). */
  readonly exportTimeoutMillis: number
  /** How many spans may wait (`OTEL_BSP_MAX_QUEUE_SIZE`); `undefined`: as many as {@link BatchSettings.queueBytes} allows. */
  readonly maxQueueSize: number | undefined
  /** Spans of one batch (`OTEL_BSP_MAX_EXPORT_BATCH_SIZE`). */
  readonly maxExportBatchSize: number
  /** How many bytes waiting spans may take, by estimate (`TRACING_QUEUE_BYTES`). */
  readonly queueBytes: number
}

/**
 * What a {@link BatchSpanProcessor} is made from.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchSpanProcessorOptions {
  readonly exporters: ReadonlyArray<SpanExporter>
  readonly batch: BatchSettings
  /** Bounds the whole shutdown, whatever the exporters do, in milliseconds (`TRACING_SHUTDOWN_TIMEOUT_MS`). */
  readonly shutdownTimeoutMillis: number
  readonly ledger: Ledger
  readonly warnings: Warnings
}

/**
 * Collects ended spans into batches and sees to it that each exporter gets each of them.
 *
 * @category models
 * @since 0.1.0
 */
export declare class BatchSpanProcessor {
  /** Makes a processor that is shut down when the scope closes. */
  static make(options: BatchSpanProcessorOptions): Effect.Effect<BatchSpanProcessor, never, Scope.Scope>
  /** Takes a span that has ended out of the account `from` of the ledger. Never throws, never waits. */
  onEnd(span: EndedSpan, from?: Account): void
  /** Sends what waits now, and waits until it is delivered or given up, or for as long as one export may take. */
  readonly flush: Effect.Effect<void>
  /** Sends what waits and shuts the exporters down, within the time bound. A second time it does nothing. */
  readonly shutdown: Effect.Effect<void>
}
