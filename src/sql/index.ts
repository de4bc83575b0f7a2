/**
 * The SQL spans of `effect/sql`, mended to what the conventions ask for.
 *
 * @since 0.1.0
 */
export * as SqlInstrumentation from "./SqlInstrumentation.ts"
