import type * as Context from "effect/Context"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import type { Exemplar, Exemplars } from "./Exemplars.ts"
import { seriesKey } from "./Exemplars.ts"
import { metricsDocumentation } from "./instruments.ts"

// Source: OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility": unit and `_total` are part of the name.
const suffixes: ReadonlyMap<string, string> = new Map(
  metricsDocumentation().map(({ name, type }) => [
    name,
    type === "counter" ? "_total" : type === "histogram" ? "_seconds" : ""
  ])
)

/** The types that Effect writes as counters although they go down as well. */
const upDownTypes = metricsDocumentation()
  .filter(({ type }) => type === "updowncounter")
  .map(({ name }) => `# TYPE ${name.replaceAll(".", "_")} `)

/**
 * Writes all metrics of a registry in Prometheus' text format (0.0.4).
 */
export const prometheusText = (context: Context.Context<never>): string =>
  upDownTypes.reduce(
    (text, type) => text.replace(`${type}counter\n`, `${type}gauge\n`),
    PrometheusMetrics.formatUnsafe(context, { metricNameMapper: (name) => name + (suffixes.get(name) ?? "") })
  )

const labelsIn = (line: string): ReadonlyArray<readonly [key: string, value: string]> =>
  Array.from(line.matchAll(/([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g), (match) => [
    match[1] ?? "",
    (match[2] ?? "").replaceAll(/\\(.)/g, (_, char: string) => char === "n" ? "\n" : char)
  ])

const written = ({ seconds, spanId, time, traceId }: Exemplar): string =>
  ` # {trace_id="${traceId}",span_id="${spanId}"} ${seconds} ${time}`

/** The exemplar of a `_bucket` line, if its own bucket has one. */
const exemplarOf = (line: string, exemplars: Exemplars, bucket: number): string => {
  const name = line.slice(0, line.indexOf("{")).replace(/_seconds_bucket$/, "")
  const exemplar = exemplars.of(seriesKey(name, labelsIn(line).filter(([key]) => key !== "le")))?.[bucket]
  return exemplar === undefined ? "" : written(exemplar)
}

/**
 * Writes Prometheus' text as OpenMetrics (1.0.0), which has room for exemplars: counters are named without `_total` and their
 * samples with it, the name of a duration tells its unit, and the text has an end.
 */
export const openMetricsText = (prometheus: string, exemplars: Exemplars): string => {
  const lines: Array<string> = []
  let counter: string | undefined
  let bucket = 0
  // HELP comes before TYPE, and only TYPE tells which name is right.
  let help: string | undefined
  for (const line of prometheus.split("\n")) {
    if (line === "") continue
    if (line.startsWith("# HELP ")) {
      help = line.slice(line.indexOf(" ", 7))
      continue
    }
    if (line.startsWith("# TYPE ")) {
      const [name = "", type = ""] = line.slice(7).split(" ")
      const family = type === "counter" ? name.replace(/_total$/, "") : name
      counter = type === "counter" ? name : undefined
      lines.push(`# TYPE ${family} ${type}`)
      if (type === "histogram" && name.endsWith("_seconds")) lines.push(`# UNIT ${family} seconds`)
      if (help !== undefined) lines.push(`# HELP ${family}${help}`)
      help = undefined
      continue
    }
    const isBucket = line.includes("_bucket{")
    lines.push(
      counter !== undefined && !counter.endsWith("_total")
        ? line.replace(counter, `${counter}_total`)
        : isBucket
        ? line + exemplarOf(line, exemplars, bucket)
        : line
    )
    bucket = isBucket ? bucket + 1 : 0
  }
  return `${lines.join("\n")}\n# EOF\n`
}
