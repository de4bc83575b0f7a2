/**
 * Which traces are kept: always, never, by ratio, by rule, as the parent says, at most so many a second; and late, for what
 * happened in them.
 *
 * @since 0.1.0
 */
export * from "./fromOpenTelemetry.ts"
export * from "./fromSettings.ts"
export * from "./keepSlowest.ts"
export * from "./LateKeep.ts"
export * from "./rateLimit.ts"
export * from "./ratio.ts"
export * from "./rules.ts"
export * from "./Sampler.ts"
export * from "./SamplingControl.ts"
export * from "./SamplingError.ts"
