/**
 * Traces on the console: waterfalls for people, lines of JSON for programs.
 *
 * @since 0.1.0
 */
export * as ConsoleExporter from "./ConsoleExporter.ts"
export type * from "./ConsoleStream.ts"
export { formatDuration } from "./formatDuration.ts"
export { jsonLine } from "./jsonLine.ts"
export * as Waterfall from "./Waterfall.ts"
