import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"
import type { TracingSettings } from "../../config/index.ts"
import type { ExporterStatus } from "../../export/index.ts"
import type { Balance } from "../../ledger/index.ts"
import type { Instrument } from "./instruments.ts"
import { ledgerInstruments } from "./instruments.ts"

/**
 * Where the counts are read from, each time metrics are read.
 */
export interface LedgerSources {
  readonly balance: () => Balance
  readonly exporters: () => ReadonlyArray<ExporterStatus>
}

const ignore = (): void => {}

/** A series of one of the instruments. */
interface Series {
  readonly instrument: Instrument
  readonly attributes: Record<string, string>
  readonly read: () => number
}

const processor = { "otel.component.type": "batching_span_processor", "otel.component.name": "effect-tracing" }

/** What exports by OTLP; with a spool that is protobuf. */
const otlpType = ({ otlp, spool }: TracingSettings): string => {
  if (otlp.protocol === "grpc") return "otlp_grpc_span_exporter"
  return otlp.protocol === "http/json" && spool.directory === undefined
    ? "otlp_http_json_span_exporter"
    : "otlp_http_span_exporter"
}

const exporterAttributes = (name: string, settings: TracingSettings): Record<string, string> => {
  const types: ReadonlyMap<string, string> = new Map([
    ["otlp", otlpType(settings)],
    ["console", "console_span_exporter"],
    ["file", "file_span_exporter"]
  ])
  return {
    "otel.component.type": types.get(name.slice(0, name.indexOf(" "))) ?? "span_exporter",
    "otel.component.name": name
  }
}

const seriesOf = ({ balance, exporters }: LedgerSources, settings: TracingSettings): ReadonlyArray<Series> => {
  const { exported, inflight, live, processed, queueSize, started } = ledgerInstruments
  /** Those no exporter was passed: what it was passed it has until it is decided, also between two attempts. */
  const unpassed = (): number => {
    const { inFlight, queued } = balance()
    return Math.max(0, queued + inFlight - Math.max(0, ...exporters().map(({ waiting }) => waiting)))
  }
  return [
    { instrument: started, attributes: {}, read: () => balance().started },
    { instrument: live, attributes: {}, read: () => balance().active },
    { instrument: processed, attributes: processor, read: () => balance().exported + balance().rejected },
    ...Object.keys(balance().dropped).map((reason): Series => ({
      instrument: processed,
      attributes: { ...processor, "error.type": reason },
      read: () => Object.entries(balance().dropped).find(([name]) => name === reason)?.[1] ?? 0
    })),
    { instrument: queueSize, attributes: processor, read: unpassed },
    ...exporters().flatMap(({ name }): ReadonlyArray<Series> => {
      const attributes = exporterAttributes(name, settings)
      const status = () => exporters().find((exporter) => exporter.name === name)
      return [
        { instrument: exported, attributes, read: () => status()?.delivered ?? 0 },
        {
          instrument: exported,
          attributes: { ...attributes, "error.type": "rejected" },
          read: () => status()?.rejected ?? 0
        },
        {
          instrument: exported,
          attributes: { ...attributes, "error.type": "dropped" },
          read: () => status()?.dropped ?? 0
        },
        { instrument: inflight, attributes, read: () => status()?.waiting ?? 0 }
      ]
    })
  ]
}

/**
 * Registers the ledger as metrics of the conventions (`otel.sdk.*`) for as long as the scope is open. Nothing is counted twice: the
 * ledger is read when the metrics are.
 */
export const registerLedger = (
  context: Context.Context<never>,
  sources: LedgerSources,
  settings: TracingSettings
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() =>
      seriesOf(sources, settings).map(({ attributes, instrument: { description, name, type, unit }, read }) => {
        // Effect reads the unit from an attribute of this name.
        const options = { description, attributes: { ...attributes, unit } }
        // To Effect, and so in OTLP, a counter that is not incremental is what may go up and down.
        const incremental = type === "counter"
        return Metric.registerUnsafe(Metric.counter(name, { ...options, incremental }), context, {
          get: () => ({ count: read(), incremental }),
          update: ignore,
          modify: ignore
        })
      })
    ),
    (registrations) =>
      Effect.sync(() => {
        for (const registration of registrations) registration.remove()
      })
  ).pipe(Effect.asVoid)
