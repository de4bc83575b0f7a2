import { ConfigProvider, Effect, Layer } from "effect"
import { Tracing, TracingConfig } from "effect-tracing"
import type { JobTraces } from "./report/JobTraces.ts"

/** What holds where the environment says nothing. */
const usual = {
  OTEL_SERVICE_NAME: "scraper-api",
  // Traces are shown as jobs end, so they must not wait for long.
  OTEL_BSP_SCHEDULE_DELAY: "500",
  // What became of the spans is said at the end, also when nothing was lost.
  TRACING_EXIT_REPORT: "always"
}

/**
 * Traces this program as the environment says, and shows its jobs.
 *
 * @category layers
 * @since 0.1.0
 */
export const tracing = (traces: JobTraces) =>
  Tracing.layerWith({ exporters: [traces] }).pipe(
    Layer.provide(ConfigProvider.layer(Effect.map(
      ConfigProvider.ConfigProvider,
      (environment) => ConfigProvider.orElse(environment, ConfigProvider.fromEnv({ env: usual }))
    )))
  )

/**
 * Says where spans go.
 *
 * @category accessors
 * @since 0.1.0
 */
export const destination = Effect.map(TracingConfig, ({ settings }) => {
  if (!settings.enabled) return "not made: tracing is off"
  const places = settings.exporters.map((exporter) =>
    exporter === "otlp" ? settings.otlp.tracesEndpoint : "the console"
  )
  if (settings.file.path !== undefined) places.push(settings.file.path)
  return places.length === 0
    ? "shown here; TRACING_OTLP_ENDPOINT=http://localhost:4318 sends them to a collector too"
    : `shown here, and sent to ${places.join(" and ")}`
})
