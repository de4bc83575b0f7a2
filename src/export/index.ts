/**
 * Batches, retries, and the exporters: OTLP over HTTP, console, and those of OpenTelemetry.
 *
 * @since 0.1.0
 */
export type * from "./BatchSettings.ts"
export * from "./BatchSpanProcessor.ts"
export * from "./SpanExporter.ts"
