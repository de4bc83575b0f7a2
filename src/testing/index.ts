/**
 * The test kit: record spans, compare trees.
 *
 * @since 0.1.0
 */
export { RecordedSpans } from "./TestTracing.ts"
export * as TestTracing from "./TestTracing.ts"
export * from "./tree.ts"
