import * as Result from "effect/Result"
import * as Kind from "./Kind.ts"
import { type Found, otel, type Sources, tracing, type Variable } from "./Setting.ts"
import type { ExporterName } from "./TracingSettings.ts"

/** What one variable says of each exporter: on, off, or nothing. */
type Choice = { readonly [E in ExporterName]?: boolean }

const names: ReadonlyArray<ExporterName> = ["otlp", "console"]

/** An endpoint that is set, be it good or bad, says that spans are to go by OTLP; its URL is read elsewhere. */
const whenSet: Kind.Parser<Choice> = { allowed: "", parse: () => Result.succeed({ otlp: true }) }

/** What decides each exporter by name, and wins over what only implies one. */
const switches: ReadonlyArray<Variable<Choice>> = [
  tracing("EXPORT_TO_OTLP", Kind.map(Kind.flag, (on) => ({ otlp: on }))),
  tracing("EXPORT_TO_CONSOLE", Kind.map(Kind.flag, (on) => ({ console: on })))
]

/** What implies an exporter, in order of precedence. */
const hints: ReadonlyArray<Variable<Choice>> = [
  tracing("OTLP_ENDPOINT", whenSet),
  otel(
    "TRACES_EXPORTER",
    Kind.map(Kind.wordsOf(...names), (list) => ({ otlp: list.includes("otlp"), console: list.includes("console") }))
  ),
  otel("EXPORTER_OTLP_TRACES_ENDPOINT", whenSet),
  otel("EXPORTER_OTLP_ENDPOINT", whenSet)
]

const endpointOverride: Found<Choice> = { value: { otlp: true }, source: "override", from: "otlp.tracesEndpoint" }

/**
 * Which exporters run: for each, the first that says something of it.
 *
 * @category settings
 * @since 0.1.0
 */
export const exporterSources: Sources<ReadonlyArray<ExporterName>> = {
  variables: [...switches, ...hints],
  find: (read, overrides) => {
    const found = [
      ...switches.map((variable) => read(variable)),
      overrides.otlp?.tracesEndpoint === undefined ? undefined : endpointOverride,
      ...hints.map((variable) => read(variable))
    ].filter((choice) => choice !== undefined)
    const deciding = names.flatMap((name) => {
      const choice = found.find(({ value }) => value[name] !== undefined)
      return choice === undefined ? [] : [{ ...choice, name, on: choice.value[name] === true }]
    })
    return deciding[0] === undefined ? undefined : {
      value: deciding.filter(({ on }) => on).map(({ name }) => name),
      source: deciding[0].source,
      from: [...new Set(deciding.map(({ from }) => from))].join(", ")
    }
  }
}
