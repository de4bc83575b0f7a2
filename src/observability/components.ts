import type { TracingSettings } from "../config/index.ts"
import type { ExporterStatus } from "../export/index.ts"
import type { Balance, Warning } from "../ledger/index.ts"
import type { ComponentStatus, ComponentStatuses, Health } from "./schemas.ts"
import { isoTime } from "./time.ts"

/**
 * What the status of all components is made from.
 */
export interface ComponentsInput {
  readonly settings: TracingSettings
  readonly balance: Balance
  readonly warnings: ReadonlyArray<Warning>
  readonly exporters: ReadonlyArray<ExporterStatus>
  readonly sampling: ReadonlyArray<string>
  /** Whether `SamplingControl` has changed it. */
  readonly isSamplingAdjusted: boolean
  /** Secrets taken out so far, by kind. */
  readonly redactions: Readonly<Record<string, number>>
  /** When the layer was built, and now, in milliseconds since the Unix epoch. */
  readonly startedAt: number
  readonly now: number
}

/** A loss shows for so long after it happened; the counts stand. */
const lossShowsMillis = 5 * 60_000

const spans = (count: number): string => count === 1 ? "1 span" : `${count} spans`

const exporterHealth = (exporter: ExporterStatus, now: number): Health => {
  const { lastLoss, lastProblem, since, state } = exporter
  if (state === "failing") {
    const isLosing = lastProblem?.isFinal === true ||
      (lastLoss !== undefined && since !== undefined && lastLoss >= since)
    return isLosing ? "down" : "degraded"
  }
  return lastLoss !== undefined && now - lastLoss < lossShowsMillis ? "degraded" : "healthy"
}

const exporterComponent = (exporter: ExporterStatus, startedAt: number, now: number): ComponentStatus => {
  const { delivered, dropped, lastLoss, lastProblem, rejected, state, waiting } = exporter
  const status = exporterHealth(exporter, now)
  const isFailing = state === "failing" && lastProblem !== undefined
  const lost = rejected + dropped
  const why = isFailing
    ? `${lastProblem.message} ${spans(waiting)} waiting, ${lost} lost.`
    : state === "idle"
    ? "nothing was sent yet"
    : `${spans(delivered)} delivered, ${lost} lost`
  const since = state === "delivering" && status === "degraded" ? lastLoss : exporter.since
  return {
    status,
    since: isoTime(since ?? startedAt),
    why,
    what_to_do: status === "healthy"
      ? null
      : "Run `npx effect-tracing doctor` in the program's environment: it names the setting that mends it.",
    counts: { delivered, waiting, rejected, dropped }
  }
}

/**
 * Says of every part of tracing how it does.
 */
export const componentsOf = (input: ComponentsInput): ComponentStatuses => {
  const { balance, exporters, isSamplingAdjusted, now, redactions, sampling, settings, startedAt, warnings } = input
  const started = isoTime(startedAt)
  /** Healthy, unless something was told about it. */
  const component = (why: string, keys: RegExp, counts: Record<string, number> = {}): ComponentStatus => {
    const told = warnings.filter(({ key }) => keys.test(key))
    const last = told.at(-1)
    return last === undefined
      ? { status: "healthy", since: started, why, what_to_do: null, counts }
      : {
        status: "degraded",
        since: started,
        why: `${last.message} (${told.reduce((sum, { count }) => sum + count, 0)} times)`,
        what_to_do: "Mend the part that is named; spans go on without it.",
        counts
      }
  }
  const off = (why: string, what: string | null = null): ComponentStatus => ({
    status: "off",
    since: started,
    why,
    what_to_do: what,
    counts: {}
  })
  if (!settings.enabled) {
    return { distributed_tracer: off("tracing is disabled", "Set TRACING_ENABLED=true to trace.") }
  }
  const { httpClient, httpServer, sql } = settings.instrument
  const http = [...(httpServer ? ["servers"] : []), ...(httpClient ? ["clients"] : [])]
  return {
    distributed_tracer: component(
      `${spans(balance.started)} started, ${balance.active} of them open`,
      /^(processor|instrumentation (?!http|sql)|observer)/,
      { started: balance.started, active: balance.active, late_writes: balance.lateWrites }
    ),
    ...(exporters.length === 0
      ? {
        exporter: off(
          "spans are exported nowhere",
          "Set TRACING_EXPORT_TO_CONSOLE=true to see them, or TRACING_OTLP_ENDPOINT to send them to a collector."
        )
      }
      : Object.fromEntries(
        exporters.map((exporter) => [`exporter ${exporter.name}`, exporterComponent(exporter, startedAt, now)])
      )),
    sampler: component(
      sampling.join("; kept in spite of it: ") + (isSamplingAdjusted ? "; changed since the start" : ""),
      /^(sampler|late keep)/,
      {
        sampled_out: balance.sampledOut,
        kept_back: balance.keptBack,
        evicted: balance.evicted,
        evicted_traces: balance.evictedTraces
      }
    ),
    propagation: settings.propagators.length === 0
      ? off("no header format is set", "Set OTEL_PROPAGATORS to let other services continue traces.")
      : component(settings.propagators.join(", "), /^trace headers/),
    spool: settings.spool.directory === undefined
      ? off("what cannot be sent is kept in memory only")
      : component(settings.spool.directory, /^spool/, { spooled: balance.spooled }),
    http: http.length === 0
      ? off("not traced by the settings")
      : component(http.join(" and "), /^instrumentation http/),
    sql: sql ? component("statements and transactions", /^instrumentation sql/) : off("not traced by the settings"),
    redaction: component(
      "secrets are removed by key, by value and in URLs, messages and SQL" +
        (settings.privacy.logs ? ", from spans and log lines" : ", from spans; log lines are left as they are"),
      /^redact/,
      redactions
    )
  }
}

const severity: Readonly<Record<Health, number>> = { off: 0, healthy: 0, degraded: 1, down: 2 }

/** The worst of all components. */
export const overallHealth = (components: ComponentStatuses): Health =>
  Object.values(components).reduce<Health>(
    (worst, { status }) => severity[status] > severity[worst] ? status : worst,
    components["distributed_tracer"]?.status === "off" ? "off" : "healthy"
  )
