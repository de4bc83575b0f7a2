/**
 * Which traces are kept: always, never, by ratio, as the parent says, and late, for what happened in them.
 *
 * @since 0.1.0
 */
export * from "./fromSettings.ts"
export * from "./LateKeep.ts"
export * from "./ratio.ts"
export * from "./Sampler.ts"
