import type { EndedSpanFields } from "../../model/index.ts"

/**
 * A metric that follows from spans: which spans it counts, what it measures of them, and the attributes it is told by.
 */
export interface SpanInstrument {
  /** As the conventions name it. */
  readonly name: string
  readonly description: string
  /** By UCUM. */
  readonly unit: string
  /** Where the name comes from. */
  readonly source: string
  /** Boundaries of the buckets in seconds, for durations; `undefined` counts spans. */
  readonly boundaries: ReadonlyArray<number> | undefined
  readonly attributes: ReadonlyArray<string>
  readonly measures: (span: EndedSpanFields) => boolean
}

const httpSource = "https://opentelemetry.io/docs/specs/semconv/http/http-metrics/"

// Source: semantic conventions, HTTP metrics, `http.server.request.duration`, ExplicitBucketBoundaries.
const httpBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

// Source: semantic conventions, database client metrics, `db.client.operation.duration`, ExplicitBucketBoundaries.
const databaseBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

/**
 * The metrics that are made from spans.
 *
 * **Details**
 *
 * A scraper's items are counted as `scraper.items`, by type and outcome; the conventions have no name for them.
 */
export const spanInstruments: ReadonlyArray<SpanInstrument> = [
  {
    name: "http.server.request.duration",
    description: "Duration of HTTP server requests.",
    unit: "s",
    source: httpSource,
    boundaries: httpBoundaries,
    attributes: [
      "http.request.method",
      "url.scheme",
      "http.route",
      "http.response.status_code",
      "error.type",
      "network.protocol.version"
    ],
    measures: (span) => span.kind === "server" && span.endedAttributes.has("http.request.method")
  },
  {
    name: "http.client.request.duration",
    description: "Duration of HTTP client requests.",
    unit: "s",
    source: httpSource,
    boundaries: httpBoundaries,
    attributes: [
      "http.request.method",
      "server.address",
      "server.port",
      "http.response.status_code",
      "error.type",
      "network.protocol.version"
    ],
    measures: (span) => span.kind === "client" && span.endedAttributes.has("http.request.method")
  },
  {
    name: "db.client.operation.duration",
    description: "Duration of database client operations.",
    unit: "s",
    source: "https://opentelemetry.io/docs/specs/semconv/db/database-metrics/",
    boundaries: databaseBoundaries,
    attributes: [
      "db.system.name",
      "db.namespace",
      "db.operation.name",
      "db.collection.name",
      "db.response.status_code",
      "error.type",
      "server.address",
      "server.port"
    ],
    measures: (span) => span.kind === "client" && span.endedAttributes.has("db.system.name")
  },
  {
    name: "scraper.items",
    description: "Items of a scraper, by what came of them.",
    unit: "{item}",
    source: "effect-tracing",
    boundaries: undefined,
    attributes: ["scraper.item.type", "scraper.outcome"],
    measures: (span) => span.endedAttributes.has("scraper.outcome")
  }
]
