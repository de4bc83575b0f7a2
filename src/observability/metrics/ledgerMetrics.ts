import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"
import type { ExporterStatus } from "../../export/index.ts"
import type { Balance } from "../../ledger/index.ts"

/**
 * Where the counts are read from, each time metrics are read.
 */
export interface LedgerSources {
  readonly balance: () => Balance
  readonly exporters: () => ReadonlyArray<ExporterStatus>
}

const ignore = (): void => {}

interface Series {
  readonly name: string
  readonly description: string
  readonly attributes: Record<string, string>
  readonly read: () => number
}

const processor = { "otel.component.type": "batching_span_processor", "otel.component.name": "effect-tracing" }

const started = "The number of created spans."
const live = "The number of created spans for which the end operation has not been called yet."
const processed = "The number of spans for which the processing has finished, either successful or failed."
const queueSize = "The number of spans in the queue of the span processor."
const exported = "The number of spans for which the export has finished, either successful or failed."
const inflight = "The number of spans which were passed to the exporter, but that have not been exported yet."

const exporterTypes: ReadonlyArray<readonly [prefix: string, type: string]> = [
  ["otlp ", "otlp_http_span_exporter"],
  ["console ", "console_span_exporter"]
]

const exporterAttributes = (name: string): Record<string, string> => ({
  "otel.component.type": exporterTypes.find(([prefix]) => name.startsWith(prefix))?.[1] ?? "span_exporter",
  "otel.component.name": name
})

const countersOf = ({ balance, exporters }: LedgerSources): ReadonlyArray<Series> => {
  const exporterOf = (name: string) => exporters().find((exporter) => exporter.name === name)
  return [
    { name: "otel.sdk.span.started", description: started, attributes: {}, read: () => balance().started },
    {
      name: "otel.sdk.processor.span.processed",
      description: processed,
      attributes: processor,
      read: () => balance().exported + balance().rejected
    },
    ...Object.keys(balance().dropped).map((reason): Series => ({
      name: "otel.sdk.processor.span.processed",
      description: processed,
      attributes: { ...processor, "error.type": reason },
      read: () => Object.entries(balance().dropped).find(([name]) => name === reason)?.[1] ?? 0
    })),
    ...exporters().flatMap(({ name }): ReadonlyArray<Series> => [
      {
        name: "otel.sdk.exporter.span.exported",
        description: exported,
        attributes: exporterAttributes(name),
        read: () => exporterOf(name)?.delivered ?? 0
      },
      {
        name: "otel.sdk.exporter.span.exported",
        description: exported,
        attributes: { ...exporterAttributes(name), "error.type": "rejected" },
        read: () => exporterOf(name)?.rejected ?? 0
      },
      {
        name: "otel.sdk.exporter.span.exported",
        description: exported,
        attributes: { ...exporterAttributes(name), "error.type": "dropped" },
        read: () => exporterOf(name)?.dropped ?? 0
      }
    ])
  ]
}

const gaugesOf = ({ balance, exporters }: LedgerSources): ReadonlyArray<Series> => [
  { name: "otel.sdk.span.live", description: live, attributes: {}, read: () => balance().active },
  {
    name: "otel.sdk.processor.span.queue.size",
    description: queueSize,
    attributes: processor,
    read: () => balance().queued
  },
  ...exporters().map(({ name }): Series => ({
    name: "otel.sdk.exporter.span.inflight",
    description: inflight,
    attributes: exporterAttributes(name),
    read: () => exporters().find((exporter) => exporter.name === name)?.waiting ?? 0
  }))
]

/**
 * Registers the ledger as metrics of the conventions (`otel.sdk.*`) for as long as the scope is open. Nothing is counted twice: the
 * ledger is read when the metrics are.
 */
export const registerLedger = (
  context: Context.Context<never>,
  sources: LedgerSources
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => [
      ...countersOf(sources).map(({ attributes, description, name, read }) =>
        Metric.registerUnsafe(Metric.counter(name, { description, attributes, incremental: true }), context, {
          get: () => ({ count: read(), incremental: true }),
          update: ignore,
          modify: ignore
        })
      ),
      ...gaugesOf(sources).map(({ attributes, description, name, read }) =>
        Metric.registerUnsafe(Metric.gauge(name, { description, attributes }), context, {
          get: () => ({ value: read() }),
          update: ignore,
          modify: ignore
        })
      )
    ]),
    (registrations) =>
      Effect.sync(() => {
        for (const registration of registrations) registration.remove()
      })
  ).pipe(Effect.asVoid)
