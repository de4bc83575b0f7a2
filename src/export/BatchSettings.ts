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
  /** How many bytes the spans that are not delivered may take for each exporter, by estimate (`TRACING_QUEUE_BYTES`). */
  readonly queueBytes: number
}
