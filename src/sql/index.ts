/**
 * The SQL spans of `effect/sql`, mended to what the conventions ask for.
 *
 * @since 0.1.0
 */
export { SpanPropagationEnabled } from "./effectKeys.ts"
export * as SqlInstrumentation from "./SqlInstrumentation.ts"
export * as SqlTracing from "./SqlTracing.ts"
