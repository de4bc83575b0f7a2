import { spanInstruments } from "./spanInstruments.ts"

/**
 * A metric, as it is documented.
 *
 * @category models
 * @since 0.1.0
 */
export interface Instrument {
  /** As the conventions name it. */
  readonly name: string
  /** As the conventions have it. In the text for Prometheus, which knows no up-down counter, that is a gauge. */
  readonly type: "counter" | "updowncounter" | "histogram"
  /** By UCUM. */
  readonly unit: string
  readonly description: string
  readonly attributes: ReadonlyArray<string>
  /** Where the name comes from. */
  readonly source: string
}

const sdk = "https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/"
const component = ["otel.component.type", "otel.component.name"]

/** The metrics of the ledger. Source: semantic conventions, OpenTelemetry SDK metrics. */
export const ledgerInstruments = {
  started: {
    name: "otel.sdk.span.started",
    type: "counter",
    unit: "{span}",
    description: "The number of created spans.",
    attributes: [],
    source: sdk
  },
  live: {
    name: "otel.sdk.span.live",
    type: "updowncounter",
    unit: "{span}",
    description: "The number of created spans for which the end operation has not been called yet.",
    attributes: [],
    source: sdk
  },
  processed: {
    name: "otel.sdk.processor.span.processed",
    type: "counter",
    unit: "{span}",
    description: "The number of spans for which the processing has finished, either successful or failed.",
    attributes: [...component, "error.type"],
    source: sdk
  },
  queueSize: {
    name: "otel.sdk.processor.span.queue.size",
    type: "updowncounter",
    unit: "{span}",
    description: "The number of spans in the queue of the span processor.",
    attributes: component,
    source: sdk
  },
  exported: {
    name: "otel.sdk.exporter.span.exported",
    type: "counter",
    unit: "{span}",
    description: "The number of spans for which the export has finished, either successful or failed.",
    attributes: [...component, "error.type"],
    source: sdk
  },
  inflight: {
    name: "otel.sdk.exporter.span.inflight",
    type: "updowncounter",
    unit: "{span}",
    description: "The number of spans which were passed to the exporter, but that have not been exported yet.",
    attributes: component,
    source: sdk
  }
} as const satisfies Record<string, Instrument>

/**
 * Documents every metric, for reference pages.
 *
 * @category metrics
 * @since 0.1.0
 */
export const metricsDocumentation = (): ReadonlyArray<Instrument> => [
  ...spanInstruments.map(({ attributes, boundaries, description, name, source, unit }): Instrument => ({
    name,
    type: boundaries === undefined ? "counter" : "histogram",
    unit,
    description: boundaries === undefined ? description : `${description} Buckets up to ${boundaries.join(", ")} s.`,
    attributes,
    source
  })),
  ...Object.values(ledgerInstruments)
]
