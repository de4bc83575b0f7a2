import * as Result from "effect/Result"
import * as Kind from "./Kind.ts"
import { otel, type Sources, tracing, type Variable } from "./Setting.ts"
import type { ExporterName } from "./TracingSettings.ts"

/** What one variable says of each exporter: on, off, or nothing. */
type Choice = { readonly [E in ExporterName]?: boolean }

const names: ReadonlyArray<ExporterName> = ["otlp", "console"]

/** An endpoint that is set, be it good or bad, says that spans are to go by OTLP; its URL is read elsewhere. */
const whenSet: Kind.Parser<Choice> = { allowed: "", parse: () => Result.succeed({ otlp: true }) }

/** In order of precedence, for each exporter on its own. */
const variables: ReadonlyArray<Variable<Choice>> = [
  tracing("EXPORT_TO_OTLP", Kind.map(Kind.flag, (on) => ({ otlp: on }))),
  tracing("EXPORT_TO_CONSOLE", Kind.map(Kind.flag, (on) => ({ console: on }))),
  tracing("OTLP_ENDPOINT", whenSet),
  otel(
    "TRACES_EXPORTER",
    Kind.map(Kind.wordsOf(...names), (list) => ({ otlp: list.includes("otlp"), console: list.includes("console") }))
  ),
  otel("EXPORTER_OTLP_TRACES_ENDPOINT", whenSet),
  otel("EXPORTER_OTLP_ENDPOINT", whenSet)
]

/**
 * Which exporters run: for each, the first variable that says something of it.
 *
 * @category settings
 * @since 0.1.0
 */
export const exporterSources: Sources<ReadonlyArray<ExporterName>> = {
  variables,
  find: (read) => {
    const found = variables.flatMap((variable) => read(variable) ?? [])
    const deciding = names.flatMap((name) => {
      const first = found.find(({ value }) => value[name] !== undefined)
      return first === undefined ? [] : [{ name, on: first.value[name], variable: first.variable }]
    })
    return deciding.length === 0 ? undefined : {
      value: deciding.filter(({ on }) => on).map(({ name }) => name),
      variable: [...new Set(deciding.map(({ variable }) => variable))].join(", ")
    }
  }
}
