import { defaultSpanLimits } from "../model/index.ts"
import { baseEndpoint, hideUrlSecrets, tracesEndpoint } from "./endpoint.ts"
import { exporterSources } from "./exporters.ts"
import { headerName, headers, resourceAttributes } from "./keyValues.ts"
import * as Kind from "./Kind.ts"
import { programPackage } from "./programPackage.ts"
import { first, otel, type Setting, tracing } from "./Setting.ts"
import type { FieldPath, FieldValue, SamplerName } from "./TracingSettings.ts"

const rate = Kind.number(0, 1)
const count = Kind.integer(0)
const positive = Kind.integer(1)
const methodList = Kind.listOf(
  Kind.matching(headerName, "a method"),
  "a comma list of HTTP methods, such as GET,POST,PURGE"
)
const peerList = Kind.listOf(Kind.text(), "a comma list of hosts, addresses and CIDR ranges")
const targetList = Kind.listOf(
  Kind.text(),
  "a comma list of hosts, suffixes, CIDR ranges and /regular expressions/",
  (value) =>
    (value.match(/\s*\/(?:[^/\\]|\\.)+\/[a-z]*(?=\s*(?:,|$))|[^,]+/g) ?? []).map((part) => part.trim()).filter((part) =>
      part !== ""
    )
)
const samplerName = Kind.oneOf<SamplerName>(
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio"
)
const path = Kind.text("a path")
const protocol = Kind.oneOf("http/protobuf", "http/json", "grpc")
const compression = Kind.oneOf("gzip", "none")

/** A variable of the OTLP exporter: the form for traces wins over the general one. */
const otlp = <A>(name: string, parser: Kind.Parser<A>) =>
  first(otel(`EXPORTER_OTLP_TRACES_${name}`, parser), otel(`EXPORTER_OTLP_${name}`, parser))

const fromResource = (...keys: ReadonlyArray<string>) =>
  otel("RESOURCE_ATTRIBUTES", Kind.map(resourceAttributes, (all) => keys.map((key) => all[key]).find((value) => value)))

const instrument = (library: string, name: string, alias: string): Setting<boolean> => ({
  description: `Makes spans of ${library}.`,
  kind: Kind.flag,
  fallback: () => true,
  sources: first(tracing(`INSTRUMENT_${name}`, Kind.flag, `INSTRUMENT_${alias}`))
})

/**
 * Describes every setting once: parsing, errors, suggestions, the resolved view and the documentation follow from it.
 *
 * **Details**
 *
 * The key is the path of the field it fills. Its variables stand in order of precedence: `TRACING_*` before `OTEL_*`, the
 * special before the general. A new setting is a field of {@link TracingSettings} and an entry here; the compiler asks for
 * the one when it finds the other.
 *
 * @category settings
 * @since 0.1.0
 */
export const settingsTable: { readonly [P in FieldPath]: Setting<FieldValue<P>> } = {
  enabled: {
    description: "Turns tracing on; off, the program runs the same and makes no spans.",
    kind: Kind.flag,
    fallback: () => true,
    sources: first(
      tracing("ENABLED", Kind.flag),
      otel("SDK_DISABLED", Kind.map(Kind.specFlag, (disabled) => !disabled))
    )
  },
  serviceName: {
    description: "Names the program in every trace (resource attribute service.name).",
    kind: Kind.text(),
    fallback: () => programPackage().name ?? "unknown_service:node",
    fallbackText: "the name in the program's package.json, else unknown_service:node",
    sources: first(
      tracing("SERVICE_NAME", Kind.text()),
      otel("SERVICE_NAME", Kind.text()),
      fromResource("service.name")
    )
  },
  serviceVersion: {
    description: "Version of the program (resource attribute service.version).",
    kind: Kind.optional(Kind.text()),
    fallback: () => programPackage().version,
    fallbackText: "the version in the program's package.json",
    sources: first(tracing("SERVICE_VERSION", Kind.text()), fromResource("service.version"))
  },
  environment: {
    description: "Where the program runs (resource attribute deployment.environment.name).",
    kind: Kind.text(),
    fallback: () => "production",
    sources: first(
      tracing("ENVIRONMENT", Kind.text()),
      fromResource("deployment.environment.name", "deployment.environment")
    )
  },
  resourceAttributes: {
    description: "Further attributes of the resource.",
    kind: resourceAttributes,
    fallback: () => ({}),
    fallbackText: "none",
    sources: first(otel("RESOURCE_ATTRIBUTES", resourceAttributes)),
    show: (attributes) => Object.entries(attributes).map(([key, value]) => `${key}=${value}`).join(",")
  },
  "sampling.sampler": {
    description: "Decides at its start whether a trace is kept; a sampling rate chooses parentbased_traceidratio.",
    kind: samplerName,
    fallback: () => "parentbased_always_on",
    sources: first(
      tracing("SAMPLING_RATE", Kind.map(rate, () => "parentbased_traceidratio" as const)),
      otel("TRACES_SAMPLER", samplerName)
    )
  },
  "sampling.ratio": {
    description: "Part of the traces that a ratio sampler keeps.",
    kind: rate,
    fallback: () => 1,
    sources: first(tracing("SAMPLING_RATE", rate), otel("TRACES_SAMPLER_ARG", rate))
  },
  "sampling.keepErrors": {
    description: "Keeps traces with an error in spite of the ratio.",
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
  exporters: {
    description: "Where spans go. An endpoint turns OTLP on; with nothing set, spans go nowhere.",
    kind: Kind.wordsOf("otlp", "console"),
    fallback: () => [],
    fallbackText: "none",
    sources: exporterSources
  },
  "otlp.tracesEndpoint": {
    description: "URL that spans are posted to; /v1/traces is added to a base.",
    kind: tracesEndpoint,
    fallback: () => "http://localhost:4318/v1/traces",
    sources: first(
      tracing("OTLP_ENDPOINT", baseEndpoint),
      otel("EXPORTER_OTLP_TRACES_ENDPOINT", tracesEndpoint),
      otel("EXPORTER_OTLP_ENDPOINT", baseEndpoint)
    ),
    show: hideUrlSecrets
  },
  "otlp.protocol": {
    description: "How spans are encoded and sent.",
    kind: protocol,
    fallback: () => "http/protobuf",
    sources: otlp("PROTOCOL", protocol)
  },
  "otlp.headers": {
    description: "Headers of every export request, such as the key of a vendor.",
    kind: headers,
    fallback: () => ({}),
    fallbackText: "none",
    sources: otlp("HEADERS", headers),
    show: (all) => Object.keys(all).map((name) => `${name}=[hidden]`).join(","),
    secret: true
  },
  "otlp.timeoutMillis": {
    description: "How long an export request may take.",
    kind: Kind.timeout,
    unit: "milliseconds",
    fallback: () => 10_000,
    sources: otlp("TIMEOUT", Kind.timeout)
  },
  "otlp.compression": {
    description: "Compresses export requests.",
    kind: compression,
    fallback: () => "none",
    sources: otlp("COMPRESSION", compression)
  },
  "otlp.certificate": {
    description: "PEM file of the authority that signed the collector's certificate.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: otlp("CERTIFICATE", path)
  },
  "otlp.clientKey": {
    description: "PEM file of the key that the client certificate belongs to.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: otlp("CLIENT_KEY", path)
  },
  "otlp.clientCertificate": {
    description: "PEM file of the certificate shown to the collector.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: otlp("CLIENT_CERTIFICATE", path)
  },
  "otlp.insecure": {
    description: "Whether gRPC goes without TLS where the endpoint has no scheme.",
    kind: Kind.optional(Kind.flag),
    fallback: () => undefined,
    sources: otlp("INSECURE", Kind.specFlag)
  },
  "console.format": {
    description: "How the console shows spans: a tree on a time axis, or a JSON object a line.",
    kind: Kind.oneOf("waterfall", "json"),
    fallback: () => "waterfall",
    sources: first(tracing("CONSOLE_FORMAT", Kind.oneOf("waterfall", "json")))
  },
  "batch.scheduleDelayMillis": {
    description: "Longest wait of an ended span before it is sent.",
    kind: Kind.millis(0),
    unit: "milliseconds",
    fallback: () => 5000,
    sources: first(otel("BSP_SCHEDULE_DELAY", Kind.millis(0)))
  },
  "batch.exportTimeoutMillis": {
    description: "How long the export of a batch may take.",
    kind: Kind.timeout,
    unit: "milliseconds",
    fallback: () => 30_000,
    sources: first(otel("BSP_EXPORT_TIMEOUT", Kind.timeout))
  },
  "batch.maxQueueSize": {
    description: "Most spans that wait to be sent, besides the bound in bytes.",
    kind: Kind.optional(positive),
    unit: "spans",
    fallback: () => undefined,
    fallbackText: "no bound but that in bytes",
    sources: first(otel("BSP_MAX_QUEUE_SIZE", positive))
  },
  "batch.maxExportBatchSize": {
    description: "Most spans in one export request.",
    kind: positive,
    unit: "spans",
    fallback: () => 512,
    sources: first(otel("BSP_MAX_EXPORT_BATCH_SIZE", positive))
  },
  "batch.queueBytes": {
    description: "Most memory of spans that wait to be sent.",
    kind: Kind.integer(1024),
    unit: "bytes",
    fallback: () => 64 * 1024 * 1024,
    sources: first(tracing("QUEUE_BYTES", Kind.integer(1024)))
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
    sources: first(otel("EVENT_ATTRIBUTE_COUNT_LIMIT", count), otel("ATTRIBUTE_COUNT_LIMIT", count))
  },
  "limits.attributePerLinkCount": {
    description: "Most attributes of one link.",
    kind: count,
    fallback: () => defaultSpanLimits.attributePerLinkCount,
    sources: first(otel("LINK_ATTRIBUTE_COUNT_LIMIT", count), otel("ATTRIBUTE_COUNT_LIMIT", count))
  },
  propagators: {
    description: "Formats in which the trace context is read from and written to headers.",
    kind: Kind.wordsOf("tracecontext", "baggage", "b3", "b3multi", "jaeger"),
    fallback: () => ["tracecontext", "baggage"],
    sources: first(otel("PROPAGATORS", Kind.wordsOf("tracecontext", "baggage", "b3", "b3multi", "jaeger")))
  },
  propagationTargets: {
    description:
      "Hosts that trace headers are sent to, besides loopback, private addresses and names of one's own network.",
    kind: targetList,
    fallback: () => [],
    fallbackText: "none",
    sources: first(tracing("PROPAGATION_TARGETS", targetList))
  },
  trustIncoming: {
    description: "What an incoming trace context becomes: the parent, a link, nothing, or by the peer's address.",
    kind: Kind.oneOf("auto", "link", "parent", "none"),
    fallback: () => "auto",
    sources: first(tracing("TRUST_INCOMING", Kind.oneOf("auto", "link", "parent", "none")))
  },
  trustedPeers: {
    description: "Peers whose trace context is the parent, whose sampled flag counts and who may force a trace.",
    kind: peerList,
    fallback: () => [],
    fallbackText: "none",
    sources: first(tracing("TRUSTED_PEERS", peerList))
  },
  correlationHeader: {
    description: "Header that carries the correlation id.",
    kind: Kind.matching(headerName, "the name of an HTTP header, such as X-Request-ID"),
    fallback: () => "X-Correlation-ID",
    sources: first(
      tracing("CORRELATION_HEADER", Kind.matching(headerName, "the name of an HTTP header, such as X-Request-ID"))
    )
  },
  "instrument.httpServer": instrument("effect/http servers", "HTTP_SERVER", "FASTAPI"),
  "instrument.httpClient": instrument("effect/http clients", "HTTP_CLIENT", "AIOHTTP"),
  "instrument.sql": instrument("effect/sql", "SQL", "SQLALCHEMY"),
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
  },
  shutdownTimeoutMillis: {
    description: "Longest time that the end of the program waits for spans to be sent.",
    kind: Kind.millis(0),
    unit: "milliseconds",
    fallback: () => 5000,
    sources: first(tracing("SHUTDOWN_TIMEOUT_MS", Kind.millis(0)))
  },
  spanBudget: {
    description: "Spans of one trace that are kept whole; beyond it structure, errors and the slowest remain.",
    kind: positive,
    unit: "spans",
    fallback: () => 10_000,
    sources: first(tracing("SPAN_BUDGET", positive))
  },
  logLevel: {
    description: "Least severe message that tracing writes about itself.",
    kind: Kind.oneOf("none", "error", "warn", "info", "debug", "verbose", "all"),
    fallback: () => "info",
    sources: first(otel("LOG_LEVEL", Kind.oneOf("none", "error", "warn", "info", "debug", "verbose", "all")))
  },
  "spool.directory": {
    description: "Folder that keeps on disk what cannot be sent.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: first(tracing("SPOOL_DIR", path)),
    pending: true
  },
  "spool.mode": {
    description: "Whether a batch is written to the spool when it cannot be sent, or always before it is sent.",
    kind: Kind.oneOf("unsent", "always"),
    fallback: () => "unsent",
    sources: first(tracing("SPOOL", Kind.oneOf("unsent", "always"))),
    pending: true
  },
  "spool.flushMillis": {
    description: "Longest time that an ended span waits to be written to the spool.",
    kind: Kind.millis(0),
    unit: "milliseconds",
    fallback: () => 200,
    sources: first(tracing("SPOOL_FLUSH_MS", Kind.millis(0))),
    pending: true
  },
  "file.path": {
    description: "File that spans are written to as lines of OTLP JSON.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: first(tracing("EXPORT_TO_FILE", path)),
    pending: true
  },
  exitReport: {
    description: "When the program says at its end what became of its spans.",
    kind: Kind.oneOf("always", "loss", "never"),
    fallback: () => "loss",
    sources: first(tracing("EXIT_REPORT", Kind.oneOf("always", "loss", "never"))),
    pending: true
  }
}
