import { defaultSpanLimits } from "../../model/index.ts"
import type { FieldPath } from "../Field.ts"
import { headerName } from "../keyValues.ts"
import * as Kind from "../Kind.ts"
import { first, otel, type Setting, type Settings, tracing } from "../Setting.ts"
import type { SamplerName } from "../TracingSettings.ts"

const rate = Kind.number(0, 1)
const count = Kind.integer(0)
const positive = Kind.integer(1)
const heldBytes = Kind.integer(1024)
const methodList = Kind.listOf(
  Kind.matching(headerName, "a method"),
  "a comma list of HTTP methods, such as GET,POST,PURGE"
)
const quantile = Kind.number(0, 1)
const eventList = Kind.listOf(Kind.text(), "a comma list of event names")
const routeList = Kind.listOf(Kind.matching(/^\/\S*$/, "a path"), "a comma list of paths, such as /healthz,/internal/*")
const samplerName = Kind.oneOf<SamplerName>(
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio"
)
const samplerVariables = first(
  tracing("SAMPLING_RATE", Kind.map(rate, () => "parentbased_traceidratio" as const)),
  otel("TRACES_SAMPLER", samplerName)
)

const instrument = (library: string, name: string, alias: string): Setting<boolean> => ({
  description: `Makes spans of ${library}.`,
  kind: Kind.flag,
  fallback: () => true,
  sources: first(tracing(`INSTRUMENT_${name}`, Kind.flag, `INSTRUMENT_${alias}`))
})

/**
 * Settings of which spans are made and kept, and of how much one holds.
 *
 * @category settings
 * @since 0.1.0
 */
export const spanSettings: Settings<
  | Extract<FieldPath, `sampling.${string}` | `held.${string}` | `limits.${string}` | `instrument.${string}`>
  | "spanBudget"
  | "maxSpanAgeMillis"
  | "logEvents"
  | "exceptionSignal"
  | "knownHttpMethods"
> = {
  "sampling.sampler": {
    description: "Decides at its start whether a trace is kept; a sampling rate chooses parentbased_traceidratio.",
    kind: samplerName,
    fallback: () => "parentbased_always_on",
    sources: {
      variables: samplerVariables.variables,
      find: (read, overrides) =>
        overrides.sampling?.ratio === undefined
          ? samplerVariables.find(read, overrides)
          : { value: "parentbased_traceidratio", source: "override", from: "sampling.ratio" }
    }
  },
  "sampling.ratio": {
    description: "Part of the traces that a ratio sampler keeps.",
    kind: rate,
    fallback: () => 1,
    sources: first(tracing("SAMPLING_RATE", rate), otel("TRACES_SAMPLER_ARG", rate))
  },
  "sampling.keepErrors": {
    description:
      "Keeps traces with an error in spite of the ratio. Off, and with nothing else to keep late, unsampled traces record nothing and cannot be forced either.",
    kind: Kind.flag,
    fallback: () => true,
    sources: first(tracing("KEEP_ERRORS", Kind.flag))
  },
  "sampling.keepSlowMillis": {
    description: "Keeps traces that last at least this long in spite of the ratio.",
    kind: Kind.optional(positive),
    unit: "milliseconds",
    fallback: () => undefined,
    sources: first(tracing("KEEP_SLOW_MS", positive))
  },
  "sampling.keepSlowest": {
    description: "Keeps traces slower than this quantile of their own operation in spite of the ratio, such as 0.99.",
    kind: Kind.optional(quantile),
    fallback: () => undefined,
    sources: first(tracing("KEEP_SLOWEST", quantile))
  },
  "sampling.keepEvents": {
    description: "Keeps traces in which one of these span events was recorded in spite of the ratio.",
    kind: eventList,
    fallback: () => [],
    sources: first(tracing("KEEP_EVENTS", eventList))
  },
  "sampling.maxTracesPerSecond": {
    description: "Most traces that this process begins and keeps in a second.",
    kind: Kind.optional(Kind.number(0.001, 1e9)),
    unit: "traces per second",
    fallback: () => undefined,
    fallbackText: "no limit",
    sources: first(tracing("MAX_TRACES_PER_SECOND", Kind.number(0.001, 1e9)))
  },
  "sampling.ignoredRoutes": {
    description: "Paths of requests served that are not traced: globs, * for any characters.",
    kind: routeList,
    fallback: () => ["/health", "/healthz", "/livez", "/ready", "/readyz", "/metrics"],
    sources: first(tracing("IGNORE_ROUTES", routeList))
  },
  "held.maxTraces": {
    description:
      "Most traces that wait undecided, in case something keeps them in spite of the ratio; beyond it a new one is not held.",
    kind: positive,
    unit: "traces",
    fallback: () => 5000,
    sources: first(tracing("HELD_TRACES", positive))
  },
  "held.maxSpans": {
    description: "Most ended spans that undecided traces hold; beyond it the largest trace is let go.",
    kind: positive,
    unit: "spans",
    fallback: () => 50_000,
    sources: first(tracing("HELD_SPANS", positive))
  },
  "held.maxBytes": {
    description: "Most memory of ended spans that undecided traces hold; beyond it the largest trace is let go.",
    kind: heldBytes,
    unit: "bytes",
    fallback: () => 32 * 1024 * 1024,
    sources: first(tracing("HELD_BYTES", heldBytes))
  },
  "held.maxAgeMillis": {
    description: "Longest time that a trace may be undecided; then it is let go.",
    kind: Kind.orInfinity(positive),
    unit: "milliseconds",
    fallback: () => 3_600_000,
    sources: first(tracing("HELD_AGE_MS", positive))
  },
  "limits.attributeCount": {
    description: "Most attributes of one span.",
    kind: count,
    fallback: () => defaultSpanLimits.attributeCount,
    sources: first(otel("SPAN_ATTRIBUTE_COUNT_LIMIT", count), otel("ATTRIBUTE_COUNT_LIMIT", count))
  },
  "limits.attributeValueLength": {
    description: "Length that string values of attributes are cut to.",
    kind: Kind.orInfinity(count),
    unit: "UTF-16 units",
    fallback: () => defaultSpanLimits.attributeValueLength,
    fallbackText: "no limit",
    sources: first(otel("SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", count), otel("ATTRIBUTE_VALUE_LENGTH_LIMIT", count))
  },
  "limits.eventCount": {
    description: "Most events of one span.",
    kind: count,
    fallback: () => defaultSpanLimits.eventCount,
    sources: first(otel("SPAN_EVENT_COUNT_LIMIT", count))
  },
  "limits.linkCount": {
    description: "Most links of one span.",
    kind: count,
    fallback: () => defaultSpanLimits.linkCount,
    sources: first(otel("SPAN_LINK_COUNT_LIMIT", count))
  },
  "limits.attributePerEventCount": {
    description: "Most attributes of one event.",
    kind: count,
    fallback: () => defaultSpanLimits.attributePerEventCount,
    sources: first(
      otel("EVENT_ATTRIBUTE_COUNT_LIMIT", count, "SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT"),
      otel("ATTRIBUTE_COUNT_LIMIT", count)
    )
  },
  "limits.attributePerLinkCount": {
    description: "Most attributes of one link.",
    kind: count,
    fallback: () => defaultSpanLimits.attributePerLinkCount,
    sources: first(
      otel("LINK_ATTRIBUTE_COUNT_LIMIT", count, "SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT"),
      otel("ATTRIBUTE_COUNT_LIMIT", count)
    )
  },
  "instrument.httpServer": instrument("effect/http servers", "HTTP_SERVER", "FASTAPI"),
  "instrument.httpClient": instrument("effect/http clients", "HTTP_CLIENT", "AIOHTTP"),
  "instrument.sql": instrument("effect/sql", "SQL", "SQLALCHEMY"),
  spanBudget: {
    description: "Spans of one trace that are kept whole; beyond it structure, errors and the slowest remain.",
    kind: positive,
    unit: "spans",
    fallback: () => 10_000,
    sources: first(tracing("SPAN_BUDGET", positive))
  },
  maxSpanAgeMillis: {
    description: "Longest time that a span may be open; then it is exported as it is, marked span.unfinished.",
    kind: Kind.orInfinity(positive),
    unit: "milliseconds",
    fallback: () => 3_600_000,
    sources: first(tracing("MAX_SPAN_AGE_MS", positive))
  },
  logEvents: {
    description: "Records log lines inside a span as its events.",
    kind: Kind.flag,
    fallback: () => true,
    sources: first(tracing("LOG_EVENTS", Kind.flag))
  },
  exceptionSignal: {
    description: "Whether exceptions are recorded as span events, as log records or as both.",
    kind: Kind.oneOf("events", "logs", "logs/dup"),
    fallback: () => "events",
    sources: first(otel("SEMCONV_EXCEPTION_SIGNAL_OPT_IN", Kind.oneOf("logs", "logs/dup")))
  },
  knownHttpMethods: {
    description: "HTTP methods that are reported by name; any other is _OTHER.",
    kind: Kind.optional(methodList),
    fallback: () => undefined,
    fallbackText: "those of RFC 9110, PATCH and QUERY",
    sources: first(otel("INSTRUMENTATION_HTTP_KNOWN_METHODS", methodList))
  }
}
