/**
 * Batches, retries, and the exporters: OTLP over HTTP, console, file, and those of OpenTelemetry.
 *
 * @since 0.1.0
 */
export * from "./console/index.ts"
export * as FileExporter from "./file/FileExporter.ts"
export * from "./opentelemetry/fromOpenTelemetry.ts"
export { isOwnRequest } from "./otlp/httpRequest.ts"
export * as OtlpExporter from "./otlp/OtlpExporter.ts"
export * as OtlpJson from "./otlp/OtlpJson.ts"
export * as OtlpProtobuf from "./otlp/OtlpProtobuf.ts"
export { findProxy, readProxyVariables, showProxy } from "./otlp/proxy.ts"
export { readMessage, readOutcome } from "./otlp/responseBody.ts"
export * from "./processor.ts"
export { parseSegmentName } from "./spool/Segment.ts"
