import type * as Redacted from "effect/Redacted"
import type { SpanLimits } from "../model/index.ts"
import type { FileSettings, SpoolSettings } from "./DiskSettings.ts"
import type { PrivacySettings } from "./PrivacySettings.ts"

/**
 * Names a head sampler, as `OTEL_TRACES_SAMPLER` spells it.
 *
 * @category models
 * @since 0.1.0
 */
export type SamplerName =
  | "always_on"
  | "always_off"
  | "traceidratio"
  | "parentbased_always_on"
  | "parentbased_always_off"
  | "parentbased_traceidratio"

/**
 * Names a place that finished spans go to.
 *
 * @category models
 * @since 0.1.0
 */
export type ExporterName = "otlp" | "console"

/**
 * Names a header format that carries the trace context.
 *
 * @category models
 * @since 0.1.0
 */
export type PropagatorName = "tracecontext" | "baggage" | "b3" | "b3multi" | "jaeger"

/**
 * Holds every setting, resolved: what the rest of the package reads, and what `TracingConfig.layerWith` overrides in part.
 *
 * **Details**
 *
 * The fields' comments are those of {@link settingsTable}; a test holds them to it.
 *
 * @category models
 * @since 0.1.0
 */
export interface TracingSettings {
  /**
   * Turns tracing on; off, the program runs the same and makes no spans.
   * Takes true or false (or 1, 0, yes, no, on, off); default true.
   * Set by `TRACING_ENABLED`, else `OTEL_SDK_DISABLED`.
   */
  readonly enabled: boolean
  /**
   * Names the program in every trace (resource attribute service.name).
   * Takes text without control characters; default the name in the program's package.json, else unknown_service:node.
   * Set by `TRACING_SERVICE_NAME`, else `OTEL_SERVICE_NAME`, else `OTEL_RESOURCE_ATTRIBUTES`.
   */
  readonly serviceName: string
  /**
   * Version of the program (resource attribute service.version).
   * Takes text without control characters; default the version in the program's package.json.
   * Set by `TRACING_SERVICE_VERSION`, else `OTEL_RESOURCE_ATTRIBUTES`.
   */
  readonly serviceVersion: string | undefined
  /**
   * Where the program runs (resource attribute deployment.environment.name).
   * Takes text without control characters; default production.
   * Set by `TRACING_ENVIRONMENT`, else `OTEL_RESOURCE_ATTRIBUTES`.
   */
  readonly environment: string
  /**
   * Further attributes of the resource.
   * Takes key=value,key=value with ",", "=" and "%" inside percent-coded (%2C, %3D, %25); default none.
   * Set by `OTEL_RESOURCE_ATTRIBUTES`.
   */
  readonly resourceAttributes: Readonly<Record<string, string>>
  readonly sampling: {
    /**
     * Decides at its start whether a trace is kept; a sampling rate chooses parentbased_traceidratio.
     * Takes always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off or
     * parentbased_traceidratio; default parentbased_always_on.
     * Set by `TRACING_SAMPLING_RATE`, else `OTEL_TRACES_SAMPLER`.
     */
    readonly sampler: SamplerName
    /**
     * Part of the traces that a ratio sampler keeps.
     * Takes a number from 0 to 1; default 1.
     * Set by `TRACING_SAMPLING_RATE`, else `OTEL_TRACES_SAMPLER_ARG`.
     */
    readonly ratio: number
    /**
     * Keeps traces with an error in spite of the ratio. Off, and with nothing else to keep late, unsampled traces record
     * nothing and cannot be forced either.
     * Takes true or false (or 1, 0, yes, no, on, off); default true.
     * Set by `TRACING_KEEP_ERRORS`.
     */
    readonly keepErrors: boolean
    /**
     * Keeps traces that last at least this long in spite of the ratio.
     * In milliseconds: a whole number from 1 up; default none.
     * Set by `TRACING_KEEP_SLOW_MS`.
     */
    readonly keepSlowMillis: number | undefined
    /**
     * Keeps traces slower than this quantile of their own operation in spite of the ratio, such as 0.99.
     * Takes a number from 0 to 1; default none.
     * Set by `TRACING_KEEP_SLOWEST`.
     */
    readonly keepSlowest: number | undefined
    /**
     * Keeps traces in which one of these span events was recorded in spite of the ratio.
     * Takes a comma list of event names; default none.
     * Set by `TRACING_KEEP_EVENTS`.
     */
    readonly keepEvents: ReadonlyArray<string>
    /**
     * Most traces that this process begins and keeps in a second.
     * In traces per second: a number from 0.001 to 1000000000; default no limit.
     * Set by `TRACING_MAX_TRACES_PER_SECOND`.
     */
    readonly maxTracesPerSecond: number | undefined
    /**
     * Paths of requests served that are not traced: globs, * for any characters.
     * Takes a comma list of paths, such as /healthz,/internal/*; default /health,/healthz,/livez,/ready,/readyz,/metrics.
     * Set by `TRACING_IGNORE_ROUTES`.
     */
    readonly ignoredRoutes: ReadonlyArray<string>
  }
  readonly held: {
    /**
     * Most traces that wait undecided, in case something keeps them in spite of the ratio; beyond it a new one is not held.
     * In traces: a whole number from 1 up; default 5000.
     * Set by `TRACING_HELD_TRACES`.
     */
    readonly maxTraces: number
    /**
     * Most ended spans that undecided traces hold; beyond it the largest trace is let go.
     * In spans: a whole number from 1 up; default 50000.
     * Set by `TRACING_HELD_SPANS`.
     */
    readonly maxSpans: number
    /**
     * Most memory of ended spans that undecided traces hold; beyond it the largest trace is let go.
     * In bytes: a whole number from 1024 up; default 33554432.
     * Set by `TRACING_HELD_BYTES`.
     */
    readonly maxBytes: number
    /**
     * Longest time that a trace may be undecided; then it is let go.
     * In milliseconds: a whole number from 1 up; default 3600000.
     * Set by `TRACING_HELD_AGE_MS`.
     */
    readonly maxAgeMillis: number
  }
  /**
   * Where spans go. An endpoint turns OTLP on; with nothing set, spans go nowhere.
   * Takes none, or a comma list of otlp, console; default none.
   * Set by `TRACING_EXPORT_TO_OTLP`, else `TRACING_EXPORT_TO_CONSOLE`, else `TRACING_OTLP_ENDPOINT`, else
   * `OTEL_TRACES_EXPORTER`, else `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, else `OTEL_EXPORTER_OTLP_ENDPOINT`.
   */
  readonly exporters: ReadonlyArray<ExporterName>
  readonly otlp: {
    /**
     * Address that spans are sent to; /v1/traces is added to a base. Port 4317 and a socket are spoken to by gRPC unless
     * a protocol is set.
     * Takes an http or https URL such as http://localhost:4318/v1/traces, or unix:/path of a socket; default
     * http://localhost:4318/v1/traces, for gRPC http://localhost:4317.
     * Set by `TRACING_OTLP_ENDPOINT`, else `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, else `OTEL_EXPORTER_OTLP_ENDPOINT`.
     */
    readonly tracesEndpoint: string
    /**
     * How spans are encoded and sent.
     * Takes http/protobuf, http/json or grpc; default http/protobuf, or grpc where the endpoint says so.
     * Set by `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL`, else `OTEL_EXPORTER_OTLP_PROTOCOL`.
     */
    readonly protocol: "http/protobuf" | "http/json" | "grpc"
    /**
     * Headers of every export request, such as the key of a vendor.
     * Takes name=value,name=value of HTTP headers without line breaks, "," and "%" in values percent-coded (%2C, %25);
     * default none.
     * Set by `OTEL_EXPORTER_OTLP_TRACES_HEADERS`, else `OTEL_EXPORTER_OTLP_HEADERS`.
     */
    readonly headers: Readonly<Record<string, Redacted.Redacted>>
    /**
     * How long an export request may take.
     * In milliseconds: a whole number from 0 to 2147483647, where 0 is no limit; default 10000.
     * Set by `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`, else `OTEL_EXPORTER_OTLP_TIMEOUT`.
     */
    readonly timeoutMillis: number
    /**
     * Compresses export requests.
     * Takes gzip or none; default none.
     * Set by `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION`, else `OTEL_EXPORTER_OTLP_COMPRESSION`.
     */
    readonly compression: "gzip" | "none"
    /**
     * PEM file of the authority that signed the collector's certificate.
     * Takes a path; default none.
     * Set by `OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE`, else `OTEL_EXPORTER_OTLP_CERTIFICATE`.
     */
    readonly certificate: string | undefined
    /**
     * PEM file of the key that the client certificate belongs to.
     * Takes a path; default none.
     * Set by `OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY`, else `OTEL_EXPORTER_OTLP_CLIENT_KEY`.
     */
    readonly clientKey: string | undefined
    /**
     * PEM file of the certificate shown to the collector.
     * Takes a path; default none.
     * Set by `OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE`, else `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE`.
     */
    readonly clientCertificate: string | undefined
    /**
     * Whether gRPC goes without TLS where the endpoint has no scheme; TLS is the rule.
     * Takes true or false (or 1, 0, yes, no, on, off); default false.
     * Set by `OTEL_EXPORTER_OTLP_TRACES_INSECURE`, else `OTEL_EXPORTER_OTLP_INSECURE`.
     */
    readonly insecure: boolean
  }
  readonly console: {
    /**
     * How the console shows spans: a tree on a time axis, or a JSON object a line.
     * Takes waterfall or json; default waterfall.
     * Set by `TRACING_CONSOLE_FORMAT`.
     */
    readonly format: "waterfall" | "json"
  }
  readonly batch: {
    /**
     * Longest wait of an ended span before it is sent.
     * In milliseconds: a whole number from 0 to 2147483647; default 5000.
     * Set by `OTEL_BSP_SCHEDULE_DELAY`.
     */
    readonly scheduleDelayMillis: number
    /**
     * How long the export of a batch may take.
     * In milliseconds: a whole number from 0 to 2147483647, where 0 is no limit; default 30000.
     * Set by `OTEL_BSP_EXPORT_TIMEOUT`.
     */
    readonly exportTimeoutMillis: number
    /**
     * Most spans that wait to be sent, besides the bound in bytes.
     * In spans: a whole number from 1 up; default no bound but that in bytes.
     * Set by `OTEL_BSP_MAX_QUEUE_SIZE`.
     */
    readonly maxQueueSize: number | undefined
    /**
     * Most spans in one export request.
     * In spans: a whole number from 1 up; default 512.
     * Set by `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`.
     */
    readonly maxExportBatchSize: number
    /**
     * Most memory of spans that wait to be sent.
     * In bytes: a whole number from 1024 up; default 67108864.
     * Set by `TRACING_QUEUE_BYTES`.
     */
    readonly queueBytes: number
  }
  readonly limits: SpanLimits
  /**
   * Formats in which the trace context is read from and written to headers.
   * Takes none, or a comma list of tracecontext, baggage, b3, b3multi, jaeger; default tracecontext,baggage.
   * Set by `OTEL_PROPAGATORS`.
   */
  readonly propagators: ReadonlyArray<PropagatorName>
  /**
   * Hosts that trace headers are sent to, besides loopback, private addresses and names of one's own network.
   * Takes a comma list of hosts, suffixes, CIDR ranges and /regular expressions/; default none.
   * Set by `TRACING_PROPAGATION_TARGETS`.
   */
  readonly propagationTargets: ReadonlyArray<string>
  /**
   * What an incoming trace context becomes: the parent, a link, nothing, or by the peer's address.
   * Takes auto, link, parent or none; default auto.
   * Set by `TRACING_TRUST_INCOMING`.
   */
  readonly trustIncoming: "auto" | "link" | "parent" | "none"
  /**
   * Peers whose trace context is the parent, whose sampled flag counts and who may force a trace.
   * Takes a comma list of hosts, addresses and CIDR ranges; default none.
   * Set by `TRACING_TRUSTED_PEERS`.
   */
  readonly trustedPeers: ReadonlyArray<string>
  /**
   * Header that carries the correlation id.
   * Takes the name of an HTTP header, such as X-Request-ID; default X-Correlation-ID.
   * Set by `TRACING_CORRELATION_HEADER`.
   */
  readonly correlationHeader: string
  readonly instrument: {
    /**
     * Makes spans of effect/http servers.
     * Takes true or false (or 1, 0, yes, no, on, off); default true.
     * Set by `TRACING_INSTRUMENT_HTTP_SERVER` (once `TRACING_INSTRUMENT_FASTAPI`).
     */
    readonly httpServer: boolean
    /**
     * Makes spans of effect/http clients.
     * Takes true or false (or 1, 0, yes, no, on, off); default true.
     * Set by `TRACING_INSTRUMENT_HTTP_CLIENT` (once `TRACING_INSTRUMENT_AIOHTTP`).
     */
    readonly httpClient: boolean
    /**
     * Makes spans of effect/sql.
     * Takes true or false (or 1, 0, yes, no, on, off); default true.
     * Set by `TRACING_INSTRUMENT_SQL` (once `TRACING_INSTRUMENT_SQLALCHEMY`).
     */
    readonly sql: boolean
  }
  readonly capturedHeaders: {
    /**
     * Headers of requests served that are recorded, each as a list.
     * Takes a comma list of headers, such as accept-language,x-tenant; default none.
     * Set by `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST`.
     */
    readonly serverRequest: ReadonlyArray<string>
    /**
     * Headers of responses given that are recorded, each as a list.
     * Takes a comma list of headers, such as accept-language,x-tenant; default none.
     * Set by `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE`.
     */
    readonly serverResponse: ReadonlyArray<string>
    /**
     * Headers of requests made that are recorded, each as a list.
     * Takes a comma list of headers, such as accept-language,x-tenant; default none.
     * Set by `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST`.
     */
    readonly clientRequest: ReadonlyArray<string>
    /**
     * Headers of responses received that are recorded, each as a list.
     * Takes a comma list of headers, such as accept-language,x-tenant; default none.
     * Set by `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE`.
     */
    readonly clientResponse: ReadonlyArray<string>
  }
  /**
   * Records log lines inside a span as its events.
   * Takes true or false (or 1, 0, yes, no, on, off); default true.
   * Set by `TRACING_LOG_EVENTS`.
   */
  readonly logEvents: boolean
  /**
   * Whether exceptions are recorded as span events, as log records or as both.
   * Takes events, logs or logs/dup; default events.
   * Set by `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`.
   */
  readonly exceptionSignal: "events" | "logs" | "logs/dup"
  readonly privacy: PrivacySettings
  /**
   * HTTP methods that are reported by name; any other is _OTHER.
   * Takes a comma list of HTTP methods, such as GET,POST,PURGE; default those of RFC 9110, PATCH and QUERY.
   * Set by `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`.
   */
  readonly knownHttpMethods: ReadonlyArray<string> | undefined
  /**
   * Longest time that the end of the program waits for spans to be sent.
   * In milliseconds: a whole number from 0 to 2147483647; default 5000.
   * Set by `TRACING_SHUTDOWN_TIMEOUT_MS`.
   */
  readonly shutdownTimeoutMillis: number
  /**
   * Spans of one trace that are kept whole; beyond it structure, errors and the slowest remain.
   * In spans: a whole number from 1 up; default 10000.
   * Set by `TRACING_SPAN_BUDGET`.
   */
  readonly spanBudget: number
  /**
   * Longest time that a span may be open; then it is exported as it is, marked span.unfinished.
   * In milliseconds: a whole number from 1 up; default 3600000.
   * Set by `TRACING_MAX_SPAN_AGE_MS`.
   */
  readonly maxSpanAgeMillis: number
  /**
   * Least severe message that tracing writes about itself.
   * Takes none, error, warn, info, debug, verbose or all; default info.
   * Set by `OTEL_LOG_LEVEL`.
   */
  readonly logLevel: "none" | "error" | "warn" | "info" | "debug" | "verbose" | "all"
  readonly spool: SpoolSettings
  readonly file: FileSettings
  /**
   * When the program says at its end what became of its spans.
   * Takes always, loss or never; default loss.
   * Set by `TRACING_EXIT_REPORT`.
   */
  readonly exitReport: "always" | "loss" | "never"
}
