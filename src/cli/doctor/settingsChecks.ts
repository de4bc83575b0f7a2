import type { ResolvedSettings } from "../../config/index.ts"
import type { Check } from "./Check.ts"
import { ok, warning } from "./Check.ts"

const nowhere = "Set TRACING_OTLP_ENDPOINT to send spans to a collector, or TRACING_EXPORT_TO_CONSOLE=true to see them"

/**
 * Says what is odd about settings that can be used: warnings about single ones, and those that contradict each other.
 */
export const settingsChecks = ({ resolved, settings, warnings }: ResolvedSettings): ReadonlyArray<Check> => {
  const sourceOf = (field: string) => resolved.find(({ name }) => name === field)
  const endpoint = sourceOf("otlp.tracesEndpoint")
  const exporters = sourceOf("exporters")
  const sampler = sourceOf("sampling.sampler")
  const checks: Array<Check> = warnings.map((message) => warning("settings", message, "Correct or remove the variable"))
  if (!settings.enabled) {
    const variable = sourceOf("enabled")?.variable ?? "TRACING_ENABLED"
    checks.push(warning("settings", `tracing is off (${variable})`, `Remove ${variable}`))
  } else if (endpoint?.source !== "default" && !settings.exporters.includes("otlp")) {
    checks.push(warning(
      "settings",
      `${endpoint?.variable} names an endpoint, but ${exporters?.variable} turns the export to it off`,
      `Remove one of ${endpoint?.variable} and ${exporters?.variable}`
    ))
  } else if (settings.exporters.length === 0 && settings.file.path === undefined) {
    checks.push(warning("settings", "spans are exported nowhere", nowhere))
  }
  if (settings.enabled && settings.sampling.ratio === 0) {
    checks.push(warning(
      "settings",
      `no trace is kept (${sampler?.variable}: ${settings.sampling.sampler})`,
      `Set TRACING_SAMPLING_RATE above 0, or remove ${sampler?.variable}`
    ))
  }
  if (checks.length > 0) return checks
  const set = resolved.filter(({ source }) => source !== "default").length
  return [ok("settings", set === 0 ? "all at their defaults" : `${set} set, none odd`)]
}
