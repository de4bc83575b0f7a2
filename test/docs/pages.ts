import { settingsDocumentation } from "effect-tracing/config"
import { attributes } from "effect-tracing/conventions"
import { lossReasons, metricsDocumentation } from "effect-tracing/observability"
import { errorsOf } from "./errorsOf.ts"

const escape = (text: string): string => text.replaceAll("|", "\\|")

const table = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [header, header.map(() => "---"), ...rows].map((row) => `| ${row.map(escape).join(" | ")} |`).join("\n")

const generated = "<!-- Written by `npm run docs` from the source. -->"

const sourceLink = (source: string): string => source.startsWith("http") ? `[conventions](${source})` : source

const settingsPage = (): string => {
  const rows = settingsDocumentation().map((setting) => [
    setting.variables.flatMap(({ aliases, name }) => [`\`${name}\``, ...aliases.map((alias) => `\`${alias}\``)])
      .join(", "),
    `\`${setting.field}\``,
    setting.description + (setting.pending ? " *Nothing acts on it in this version.*" : ""),
    setting.allowed,
    setting.unit ?? "",
    setting.fallback
  ])
  return `# Settings

${generated}

Where several variables set one thing, the first that is set wins. An empty value is as if it were not set. A bad \`TRACING_*\`
value fails the layer with one \`ConfigError\` that names every bad variable; a bad \`OTEL_*\` value is warned about and the default
used, as the OpenTelemetry specification asks. All are read through Effect's \`ConfigProvider\`. In code, the field is set by
\`TracingConfig.layerWith\` or \`Tracing.layerWith({ config })\`.

${table(["variable", "field", "what it does", "allowed", "unit", "default"], rows)}
`
}

const attributesPage = (): string => {
  const rows = attributes.map(({ description, name, source, type, unit }) => [
    `\`${name}\``,
    type,
    unit ?? "",
    description,
    sourceLink(source)
  ])
  return `# Attributes

${generated}

The attributes of HTTP and SQL spans, and those of this package. Attributes of your own are kept as they are, redacted.

${table(["attribute", "type", "unit", "what it says", "source"], rows)}
`
}

const metricsPage = (): string => {
  const rows = metricsDocumentation().map(({ attributes, description, name, source, type, unit }) => [
    `\`${name}\``,
    type,
    `\`${unit}\``,
    description,
    attributes.map((attribute) => `\`${attribute}\``).join(", "),
    sourceLink(source)
  ])
  return `# Metrics

${generated}

The metrics of \`Observability.layer\`, on Effect's \`Metric\`: made of every span that ends, before sampling, and read from the ledger.
\`/metrics\` shows them to Prometheus, with \`.\` as \`_\`, durations ending in \`_seconds\` and counters in \`_total\`; Effect's own
\`OtlpMetrics.layer\` sends them by OTLP. A metric has at most 2,000 series (\`cardinalityLimit\`); what comes beyond is one series with
the attribute \`otel.metric.overflow\`.

${table(["metric", "type", "unit", "what it measures", "attributes", "source"], rows)}
`
}

const errorsPage = (): string => {
  const errors = errorsOf().map(({ fields, module, name, text }) => [
    `\`${name}\``,
    `\`${module}\``,
    text,
    fields.map(([field, meaning]) => meaning === "" ? `\`${field}\`` : `\`${field}\`: ${meaning}`).join("<br>")
  ])
  const losses = Object.entries(lossReasons).map(([reason, { whatToDo, why }]) => [`\`${reason}\``, why, whatToDo])
  return `# Errors

${generated}

The layers fail with one error, Effect's \`ConfigError\`: it names every setting that cannot be used, its value (secrets hidden) and what
is allowed. Once a program runs, tracing fails it in nothing: what goes wrong is warned about once, counted, and shown in the
status.

## Errors of parts that a program uses itself

${table(["error", "module", "what it says", "fields"], errors)}

## Why spans were given up

The reasons in the ledger, in \`/observability/tracing\`, in the metric \`otel.sdk.processor.span.processed\` and in the line at the
program's end.

${table(["reason", "why", "what to do"], losses)}
`
}

/** The reference pages under docs/, as the source has them now. */
export const pages = (): ReadonlyArray<{ readonly name: string; readonly text: string }> => [
  { name: "settings.md", text: settingsPage() },
  { name: "attributes.md", text: attributesPage() },
  { name: "metrics.md", text: metricsPage() },
  { name: "errors.md", text: errorsPage() }
]
