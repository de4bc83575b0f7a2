/**
 * Batches, retries, and the exporters: OTLP over HTTP, console, file, and those of OpenTelemetry.
 *
 * @since 0.1.0
 */
export type * from "./BatchSettings.ts"
export * from "./BatchSpanProcessor.ts"
export * from "./console/index.ts"
export { exitLine } from "./exit/exitLine.ts"
export type { ExitFacts } from "./exit/exitLine.ts"
export * from "./exit/watchProcessEnd.ts"
export type { ExporterProblem, ExporterStatus } from "./ExporterHealth.ts"
export * as FileExporter from "./file/FileExporter.ts"
export * from "./opentelemetry/fromOpenTelemetry.ts"
export * from "./opentelemetry/ReadableSpanView.ts"
export { isOwnRequest } from "./otlp/httpRequest.ts"
export * as OtlpExporter from "./otlp/OtlpExporter.ts"
export * as OtlpJson from "./otlp/OtlpJson.ts"
export * as OtlpProtobuf from "./otlp/OtlpProtobuf.ts"
export { readMessage, readOutcome } from "./otlp/responseBody.ts"
export type * from "./SpanEncoding.ts"
export * from "./SpanExporter.ts"
