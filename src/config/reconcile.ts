import { endpointRemarks, impliesGrpc } from "./endpoint.ts"
import type { FieldPath } from "./Field.ts"
import type { TracingSettings } from "./TracingSettings.ts"

/**
 * Settings that go together, and what was said of those that did not.
 *
 * @category models
 * @since 0.1.0
 */
export interface Reconciled {
  readonly settings: TracingSettings
  readonly warnings: ReadonlyArray<string>
}

/**
 * Brings settings that are each good by themselves into accord.
 *
 * **Details**
 *
 * `label` tells what a field was set by and to, as the user wrote it, and is `undefined` for a default.
 *
 * @category combinators
 * @since 0.1.0
 */
export const reconcile = (settings: TracingSettings, label: (field: FieldPath) => string | undefined): Reconciled => {
  const warnings: Array<string> = []
  const { spool } = settings
  let { sampling, otlp, batch } = settings

  if (!sampling.sampler.endsWith("traceidratio")) {
    const ratio = label("sampling.ratio")
    if (ratio?.startsWith("OTEL_") === true) {
      warnings.push(`${ratio}: has no effect, since the sampler is ${sampling.sampler}`)
    }
    sampling = { ...sampling, ratio: sampling.sampler.endsWith("always_off") ? 0 : 1 }
  }

  if (label("otlp.protocol") === undefined && impliesGrpc(otlp.tracesEndpoint)) {
    otlp = { ...otlp, protocol: "grpc" }
  }
  const endpoint = label("otlp.tracesEndpoint")
  if (endpoint === undefined && otlp.protocol === "grpc") {
    otlp = { ...otlp, tracesEndpoint: "http://localhost:4317" }
  }
  if (spool.directory === undefined) {
    const mode = label("spool.mode")
    if (mode !== undefined) warnings.push(`${mode}: has no effect without a folder (TRACING_SPOOL_DIR)`)
  } else {
    if (otlp.protocol === "http/json") {
      warnings.push(`${label("otlp.protocol")}: a spool holds protobuf, so http/protobuf is used`)
      otlp = { ...otlp, protocol: "http/protobuf" }
    }
    if (spool.mode === "always") {
      batch = { ...batch, scheduleDelayMillis: Math.min(batch.scheduleDelayMillis, spool.flushMillis) }
    }
  }

  if (endpoint !== undefined) {
    const insecure = otlp.insecure && otlp.tracesEndpoint.startsWith("https:") ? label("otlp.insecure") : undefined
    if (insecure !== undefined) {
      warnings.push(`${insecure}: has no effect, since the endpoint begins with https://`)
    }
    warnings.push(...endpointRemarks(otlp.tracesEndpoint, otlp.protocol).map((remark) => `${endpoint}: ${remark}`))
  }

  for (
    const [field, other, variable] of [
      ["clientKey", "clientCertificate", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"],
      ["clientCertificate", "clientKey", "OTEL_EXPORTER_OTLP_CLIENT_KEY"]
    ] as const
  ) {
    if (otlp[field] !== undefined && otlp[other] === undefined) {
      warnings.push(`${label(`otlp.${field}`)}: has no effect without ${variable}`)
    }
  }

  if (batch.maxQueueSize !== undefined && batch.maxExportBatchSize > batch.maxQueueSize) {
    const size = label("batch.maxExportBatchSize")
    if (size !== undefined) {
      warnings.push(`${size}: is more than the queue holds; ${batch.maxQueueSize} is used`)
    }
    batch = { ...batch, maxExportBatchSize: batch.maxQueueSize }
  }

  return { settings: { ...settings, sampling, otlp, batch }, warnings }
}
