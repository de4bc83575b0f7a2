/**
 * The tracing layer Effect programs wish they had.
 *
 * @since 0.1.0
 */
export { TracingConfig } from "./config/index.ts"
export { CorrelationId } from "./propagation/index.ts"
export * as Trace from "./Trace.ts"
export * from "./Tracing.ts"
export { TracingLive } from "./TracingLive.ts"
export { Work } from "./work/index.ts"
