/**
 * Status, overview, health and metrics of a program and its tracing.
 *
 * @since 0.1.0
 */
export * from "./lossReasons.ts"
export { metricsDocumentation } from "./metrics/instruments.ts"
export type { Instrument } from "./metrics/instruments.ts"
export * from "./Observability.ts"
export type { Access } from "./routes/access.ts"
export type { RoutesOptions } from "./routes/routes.ts"
export * from "./schemas.ts"
