/**
 * Every setting of tracing, with its unit, range, default and variables, and how they are resolved.
 *
 * @since 0.1.0
 */
export type * from "./DiskSettings.ts"
export * from "./documentation.ts"
export * from "./Field.ts"
export type * from "./PrivacySettings.ts"
export { failBySettings, type Problem } from "./problems.ts"
export * from "./resolve.ts"
export * from "./ResolvedSettings.ts"
export * from "./Setting.ts"
export * from "./settingsTable.ts"
export * from "./TracingConfig.ts"
export * from "./TracingSettings.ts"
export { readVariable } from "./variables.ts"
