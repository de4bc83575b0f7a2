import type { FieldPath } from "./Field.ts"
import type { TracingSettings } from "./TracingSettings.ts"

/**
 * One setting as it came to be.
 *
 * @category models
 * @since 0.1.0
 */
export interface ResolvedSetting {
  /** Path of the field, such as `sampling.ratio`. */
  readonly name: FieldPath
  /** The variable the value came from; for an override or a default, the one that would set it. */
  readonly variable: string
  /** The value as text, secrets hidden. */
  readonly value: string
  readonly source: "variable" | "override" | "default"
}

/**
 * All settings, where each came from, and what was odd about them.
 *
 * @category models
 * @since 0.1.0
 */
export interface ResolvedSettings {
  readonly settings: TracingSettings
  /** A line each, secrets hidden: bad `OTEL_*` values, misspelt names, settings that do not go together. */
  readonly warnings: ReadonlyArray<string>
  readonly resolved: ReadonlyArray<ResolvedSetting>
}
