/** Variables of the OpenTelemetry specification that are not of tracing, or not of this package. */
const specificationNames: ReadonlySet<string> = new Set([
  "OTEL_LOGS_EXPORTER",
  "OTEL_METRICS_EXPORTER",
  "OTEL_METRICS_EXEMPLAR_FILTER",
  "OTEL_METRIC_EXPORT_INTERVAL",
  "OTEL_METRIC_EXPORT_TIMEOUT",
  "OTEL_BLRP_SCHEDULE_DELAY",
  "OTEL_BLRP_EXPORT_TIMEOUT",
  "OTEL_BLRP_MAX_QUEUE_SIZE",
  "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
  "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
  "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
  "OTEL_SEMCONV_STABILITY_OPT_IN",
  "OTEL_CONFIG_FILE",
  "OTEL_EXPERIMENTAL_CONFIG_FILE",
  "OTEL_ENTITIES"
])

/** Families of names that others read: other signals, exporters, instrumentations and languages. */
const othersNames = new RegExp(
  `^OTEL_(?:${
    [
      "EXPORTER_OTLP_(?:LOGS|METRICS|PROFILES)",
      "EXPORTER_(?:JAEGER|PROMETHEUS|ZIPKIN|LOGGING)",
      "INSTRUMENTATION",
      "EXPERIMENTAL",
      "PROFILES?",
      "(?:CPP|DART|DENO|DOTNET|ERLANG|ELIXIR|GO|JAVA|JAVAAGENT|JS|KOTLIN|LAMBDA|NODE|PHP|PYTHON|RUBY|RUST|SWIFT|WEB)",
      "(?:BAGGAGE|RESOURCE_PROVIDERS|COLLECTOR|INJECTOR|OPERATOR)"
    ].join("|")
  })_`
)

/** How many letters have to be put in, taken out or changed to make one text of the other. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let line = 1; line <= from.length; line++) {
    const next = [line]
    for (let column = 1; column <= to.length; column++) {
      const change = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1)
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

const withoutFamily = (name: string): string => name.slice(name.indexOf("_") + 1)

/** The known name nearest to one that is not known, and by how many letters; the other family is one step further. */
const nearest = (name: string, known: Iterable<string>): readonly [name: string, distance: number] | undefined => {
  let best: readonly [string, number] | undefined
  for (const candidate of known) {
    const family = candidate.split("_", 1)[0] === name.split("_", 1)[0] ? 0 : 1
    const far = family + distance(withoutFamily(name), withoutFamily(candidate))
    if (best === undefined || far < best[1]) {
      best = [candidate, far]
    }
  }
  return best
}

/**
 * Says of each name that is no setting so, with the name that was probably meant.
 *
 * **Details**
 *
 * Names that the OpenTelemetry specification gives to other signals, or that other languages and instrumentations read, are
 * left in peace, unless they are two letters or less from a setting.
 *
 * @category formatting
 * @since 0.1.0
 */
export const unknownNames = (listed: Iterable<string>, known: ReadonlySet<string>): ReadonlyArray<string> =>
  [...listed].flatMap((name) => {
    if (known.has(name) || specificationNames.has(name)) {
      return []
    }
    const upper = name.toUpperCase()
    const [candidate, far] = nearest(upper, known) ?? ["", Infinity]
    const foreign = othersNames.test(upper)
    const tolerance = foreign ? 2 : Math.min(4, Math.max(2, Math.floor(withoutFamily(name).length * 0.3)))
    if (far <= tolerance) {
      return [`${name} is not a setting and is ignored; did you mean ${candidate}?`]
    }
    return foreign ? [] : [`${name} is not a setting and is ignored`]
  })
