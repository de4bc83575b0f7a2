import { settingsDocumentation } from "effect-tracing/config"
import { attributes } from "effect-tracing/conventions"

const escape = (text: string): string => text.replaceAll("|", "\\|")

const table = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [header, header.map(() => "---"), ...rows].map((row) => `| ${row.map(escape).join(" | ")} |`).join("\n")

const generated = "<!-- Written by `npm run docs` from the source. -->"

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
    source.startsWith("http") ? `[conventions](${source})` : source
  ])
  return `# Attributes

${generated}

The attributes of HTTP and SQL spans, and those of this package. Attributes of your own are kept as they are, redacted.

${table(["attribute", "type", "unit", "what it says", "source"], rows)}
`
}

/** The reference pages under docs/, as the source has them now. */
export const pages = (): ReadonlyArray<{ readonly name: string; readonly text: string }> => [
  { name: "settings.md", text: settingsPage() },
  { name: "attributes.md", text: attributesPage() }
]
