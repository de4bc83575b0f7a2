/**
 * What every program that traces loads of this room: the way of a span to the exporters. The exporters are loaded when one is made.
 *
 * @since 0.1.0
 */
export type * from "./BatchSettings.ts"
export * from "./BatchSpanProcessor.ts"
export { exitLine } from "./exit/exitLine.ts"
export type { ExitFacts } from "./exit/exitLine.ts"
export * from "./exit/watchProcessEnd.ts"
export type { ExporterProblem, ExporterStatus } from "./ExporterHealth.ts"
export * from "./loadExporter.ts"
export * from "./opentelemetry/ReadableSpanView.ts"
export type * from "./SpanEncoding.ts"
export * from "./SpanExporter.ts"
