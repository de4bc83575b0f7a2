/**
 * The verbs used inside a program.
 *
 * @since 0.1.0
 */
export * from "./trace/index.ts"
