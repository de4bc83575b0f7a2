import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { settingsDocumentation } from "effect-tracing/config"
import { outcomeIn, settingsIn } from "./support.ts"

interface Row {
  readonly variable: string
  readonly field: string
  readonly good: ReadonlyArray<readonly [text: string, value: unknown]>
  readonly bad: ReadonlyArray<string>
}

const on = ["true", "TRUE", "1", "yes", "Yes", "on", "ON"].map((text) => [text, true] as const)
const off = ["false", "False", "0", "no", "NO", "off"].map((text) => [text, false] as const)
const flag = { good: [...on, ...off], bad: ["maybe", "2", "tru", "ja"] }
const specFlag = { good: [["true", true], ["TRUE", true], ["false", false]] as const, bad: ["yes", "1", "on"] }
const rate = {
  good: [["0", 0], ["1", 1], ["0.25", 0.25], [".5", 0.5], ["1e-3", 0.001], [" 0.1 ", 0.1]] as const,
  bad: ["abc", "-0.1", "1.01", "NaN", "Infinity", "10%", "0x1", "1e999"]
}
const positive = {
  good: [["1", 1], ["4096", 4096]] as const,
  bad: ["0", "-5", "1.5", "ten", "1e3", "99999999999999999999"]
}
const count = { good: [["0", 0], ["64", 64]] as const, bad: ["-1", "1.5", "many", "Infinity"] }
const millis = { good: [["0", 0], ["1500", 1500]] as const, bad: ["-1", "5s", "2147483648", "0.5"] }
const timeout = { good: [["0", 2147483647], ["1500", 1500]] as const, bad: ["-1", "10s", "2147483648"] }
const path = { good: [["/etc/ca.pem", "/etc/ca.pem"]] as const, bad: ["a\nb"] }
const text = { good: [["shop", "shop"], ["a b ü", "a b ü"]] as const, bad: ["a\nb", "a\u0000"] }
const endpointBase = {
  good: [
    ["http://localhost:4318", "http://localhost:4318/v1/traces"],
    ["https://otlp.example/", "https://otlp.example/v1/traces"],
    ["https://otlp.example/v1/traces", "https://otlp.example/v1/traces"],
    ["https://otlp.example/v1/traces/", "https://otlp.example/v1/traces"],
    ["http://[::1]:4318/tenant//", "http://[::1]:4318/tenant/v1/traces"],
    ["HTTP://Collector:80/a?key=b", "http://collector/a/v1/traces?key=b"]
  ] as const,
  bad: ["collector:4318", "localhost", "ftp://collector", "http://c:99999", "http://c:0", "http://", "http://a b"]
}
const endpoint = {
  good: [
    ["https://otlp.example/custom", "https://otlp.example/custom"],
    ["http://localhost:4318/v1/traces", "http://localhost:4318/v1/traces"]
  ] as const,
  bad: endpointBase.bad
}
const headers = {
  good: [["API-Key=a%2Cb%3D%20c, x = y=z ,", { "api-key": "a,b= c", x: "y=z" }]] as const,
  bad: ["no-equals", "=value", "a b=c", "a=b%0d%0aEvil: 1", "a=\u20ac", ","]
}
const protocol = {
  good: [["http/json", "http/json"], ["HTTP/PROTOBUF", "http/protobuf"]] as const,
  bad: ["http", "thrift"]
}
const compression = { good: [["gzip", "gzip"], ["none", "none"]] as const, bad: ["zstd"] }

const otlp = (option: string, field: string, { bad, good }: Pick<Row, "good" | "bad">): ReadonlyArray<Row> =>
  ["OTEL_EXPORTER_OTLP_TRACES_", "OTEL_EXPORTER_OTLP_"].map((prefix) => ({
    variable: prefix + option,
    field: `otlp.${field}`,
    good,
    bad
  }))

const rows: ReadonlyArray<Row> = [
  { variable: "TRACING_ENABLED", field: "enabled", ...flag },
  {
    variable: "OTEL_SDK_DISABLED",
    field: "enabled",
    good: [["true", false], ["TRUE", false], ["false", true]],
    bad: ["yes", "1"]
  },
  { variable: "TRACING_SERVICE_NAME", field: "serviceName", ...text },
  { variable: "OTEL_SERVICE_NAME", field: "serviceName", ...text },
  { variable: "TRACING_SERVICE_VERSION", field: "serviceVersion", ...text },
  { variable: "TRACING_ENVIRONMENT", field: "environment", ...text },
  {
    variable: "OTEL_RESOURCE_ATTRIBUTES",
    field: "resourceAttributes",
    good: [
      ["a=b, c = d%2Ce%3D ,", { a: "b", c: "d,e=" }],
      ["team=", { team: "" }],
      ["__proto__=x", Object.fromEntries([["__proto__", "x"]])]
    ],
    bad: ["a", "a=%zz", "=b", "a=b,c", "%=b"]
  },
  { variable: "TRACING_SAMPLING_RATE", field: "sampling.ratio", ...rate },
  {
    variable: "OTEL_TRACES_SAMPLER",
    field: "sampling.sampler",
    good: [
      "always_on",
      "always_off",
      "traceidratio",
      "parentbased_always_on",
      "parentbased_always_off",
      "parentbased_traceidratio"
    ].map((name) => [name, name] as const),
    bad: ["jaeger_remote", "ratio"]
  },
  { variable: "TRACING_KEEP_ERRORS", field: "sampling.keepErrors", ...flag },
  { variable: "TRACING_KEEP_SLOW_MS", field: "sampling.keepSlowMillis", ...positive },
  { variable: "TRACING_KEEP_SLOWEST", field: "sampling.keepSlowest", ...rate },
  {
    variable: "TRACING_KEEP_EVENTS",
    field: "sampling.keepEvents",
    good: [["robots_denied, post_lost", ["robots_denied", "post_lost"]]],
    bad: ["a\u0007b"]
  },
  {
    variable: "TRACING_MAX_TRACES_PER_SECOND",
    field: "sampling.maxTracesPerSecond",
    good: [["0.5", 0.5], ["200", 200]],
    bad: ["0", "-1", "many"]
  },
  {
    variable: "TRACING_IGNORE_ROUTES",
    field: "sampling.ignoredRoutes",
    good: [["/healthz,/internal/*", ["/healthz", "/internal/*"]]],
    bad: ["healthz", "/a b"]
  },
  { variable: "TRACING_HELD_TRACES", field: "held.maxTraces", ...positive },
  { variable: "TRACING_HELD_SPANS", field: "held.maxSpans", ...positive },
  {
    variable: "TRACING_HELD_BYTES",
    field: "held.maxBytes",
    good: [["1024", 1024], ["134217728", 134217728]],
    bad: ["1023", "64MiB", "-1"]
  },
  { variable: "TRACING_HELD_AGE_MS", field: "held.maxAgeMillis", ...positive },
  {
    variable: "TRACING_EXPORT_TO_OTLP",
    field: "exporters",
    good: [["true", ["otlp"]], ["off", []]],
    bad: flag.bad
  },
  {
    variable: "TRACING_EXPORT_TO_CONSOLE",
    field: "exporters",
    good: [["true", ["console"]], ["off", []]],
    bad: flag.bad
  },
  {
    variable: "OTEL_TRACES_EXPORTER",
    field: "exporters",
    good: [["otlp", ["otlp"]], ["console, otlp", ["otlp", "console"]], ["none", []]],
    bad: ["zipkin", "none,zipkin"]
  },
  { variable: "TRACING_OTLP_ENDPOINT", field: "otlp.tracesEndpoint", ...endpointBase },
  { variable: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", field: "otlp.tracesEndpoint", ...endpoint },
  { variable: "OTEL_EXPORTER_OTLP_ENDPOINT", field: "otlp.tracesEndpoint", ...endpointBase },
  ...otlp("PROTOCOL", "protocol", protocol),
  ...otlp("HEADERS", "headers", headers),
  ...otlp("TIMEOUT", "timeoutMillis", timeout),
  ...otlp("COMPRESSION", "compression", compression),
  ...otlp("CERTIFICATE", "certificate", path),
  ...otlp("CLIENT_KEY", "clientKey", path),
  ...otlp("CLIENT_CERTIFICATE", "clientCertificate", path),
  ...otlp("INSECURE", "insecure", specFlag),
  {
    variable: "TRACING_CONSOLE_FORMAT",
    field: "console.format",
    good: [["waterfall", "waterfall"], ["JSON", "json"]],
    bad: ["xml"]
  },
  { variable: "OTEL_BSP_SCHEDULE_DELAY", field: "batch.scheduleDelayMillis", ...millis },
  { variable: "OTEL_BSP_EXPORT_TIMEOUT", field: "batch.exportTimeoutMillis", ...timeout },
  { variable: "OTEL_BSP_MAX_QUEUE_SIZE", field: "batch.maxQueueSize", good: [["2048", 2048]], bad: positive.bad },
  { variable: "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", field: "batch.maxExportBatchSize", ...positive },
  {
    variable: "TRACING_QUEUE_BYTES",
    field: "batch.queueBytes",
    good: [["1024", 1024], ["134217728", 134217728]],
    bad: ["1023", "64MiB", "-1"]
  },
  { variable: "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", field: "limits.attributeCount", ...count },
  { variable: "OTEL_ATTRIBUTE_COUNT_LIMIT", field: "limits.attributeCount", ...count },
  { variable: "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", field: "limits.attributeValueLength", ...count },
  { variable: "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", field: "limits.attributeValueLength", ...count },
  { variable: "OTEL_SPAN_EVENT_COUNT_LIMIT", field: "limits.eventCount", ...count },
  { variable: "OTEL_SPAN_LINK_COUNT_LIMIT", field: "limits.linkCount", ...count },
  { variable: "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", field: "limits.attributePerEventCount", ...count },
  { variable: "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", field: "limits.attributePerLinkCount", ...count },
  {
    variable: "OTEL_PROPAGATORS",
    field: "propagators",
    good: [
      ["b3", ["b3"]],
      ["none", []],
      ["jaeger,tracecontext , jaeger", ["jaeger", "tracecontext"]],
      ["B3MULTI,baggage", ["b3multi", "baggage"]]
    ],
    bad: ["xray", ",", "none,xray"]
  },
  {
    variable: "TRACING_PROPAGATION_TARGETS",
    field: "propagationTargets",
    good: [
      ["api.example, .internal.example,10.0.0.0/8", ["api.example", ".internal.example", "10.0.0.0/8"]],
      ["/^a{1,2}\\/b$/i, c", ["/^a{1,2}\\/b$/i", "c"]]
    ],
    bad: [",", "a\nb"]
  },
  {
    variable: "TRACING_TRUST_INCOMING",
    field: "trustIncoming",
    good: ["auto", "link", "parent", "none"].map((word) => [word, word] as const),
    bad: ["all", "true"]
  },
  {
    variable: "TRACING_TRUSTED_PEERS",
    field: "trustedPeers",
    good: [["10.1.0.0/16,proxy", ["10.1.0.0/16", "proxy"]]],
    bad: [","]
  },
  {
    variable: "TRACING_CORRELATION_HEADER",
    field: "correlationHeader",
    good: [["X-Request-ID", "X-Request-ID"]],
    bad: ["X Request", "X-Id:", "Käse"]
  },
  { variable: "TRACING_INSTRUMENT_HTTP_SERVER", field: "instrument.httpServer", ...flag },
  { variable: "TRACING_INSTRUMENT_HTTP_CLIENT", field: "instrument.httpClient", ...flag },
  { variable: "TRACING_INSTRUMENT_SQL", field: "instrument.sql", ...flag },
  { variable: "TRACING_REDACT_LOGS", field: "privacy.logs", ...flag },
  {
    variable: "TRACING_REDACT_KEYS",
    field: "privacy.keys",
    good: [["customer_id, x-tenant-*", ["customer_id", "x-tenant-*"]]],
    bad: ["/^(a+)+$/", "*", "a(b", "a|b", "a{1,9}", "ä", "a".repeat(129), ","]
  },
  {
    variable: "TRACING_REDACT_EXCEPT_KEYS",
    field: "privacy.exceptKeys",
    good: [["session,order.*.key", ["session", "order.*.key"]]],
    bad: ["/.*/", "**", "\\w+", "a?b"]
  },
  {
    variable: "TRACING_REDACT_EXCEPT_KINDS",
    field: "privacy.exceptKinds",
    good: [["card, session", ["card", "session"]]],
    bad: ["Card", "a b", ".*", "[redacted:card]"]
  },
  { variable: "TRACING_REDACT_EMAIL", field: "privacy.email", ...flag },
  { variable: "TRACING_LOG_EVENTS", field: "logEvents", ...flag },
  {
    variable: "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN",
    field: "exceptionSignal",
    good: [["logs", "logs"], ["logs/dup", "logs/dup"]],
    bad: ["events/dup"]
  },
  {
    variable: "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS",
    field: "knownHttpMethods",
    good: [["GET,PURGE", ["GET", "PURGE"]]],
    bad: ["GET POST"]
  },
  ...[
    ["SERVER_REQUEST", "serverRequest"],
    ["SERVER_RESPONSE", "serverResponse"],
    ["CLIENT_REQUEST", "clientRequest"],
    ["CLIENT_RESPONSE", "clientResponse"]
  ].map(([name, field]) => ({
    variable: `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_${name}`,
    field: `capturedHeaders.${field}`,
    good: [["accept, X-Tenant", ["accept", "X-Tenant"]]] as const,
    bad: ["a b", "x:y"]
  })),
  { variable: "TRACING_SHUTDOWN_TIMEOUT_MS", field: "shutdownTimeoutMillis", ...millis },
  { variable: "TRACING_SPAN_BUDGET", field: "spanBudget", ...positive },
  { variable: "TRACING_MAX_SPAN_AGE_MS", field: "maxSpanAgeMillis", ...positive },
  { variable: "OTEL_LOG_LEVEL", field: "logLevel", good: [["debug", "debug"], ["WARN", "warn"]], bad: ["loud"] },
  { variable: "TRACING_SPOOL_DIR", field: "spool.directory", ...path },
  { variable: "TRACING_SPOOL", field: "spool.mode", good: [["always", "always"]], bad: ["yes"] },
  { variable: "TRACING_SPOOL_FLUSH_MS", field: "spool.flushMillis", ...millis },
  { variable: "TRACING_SPOOL_MAX_BYTES", field: "spool.maxBytes", good: [["4096", 4096]], bad: ["0", "1023", "much"] },
  { variable: "TRACING_SPOOL_MAX_AGE_MS", field: "spool.maxAgeMillis", ...millis },
  { variable: "TRACING_SPOOL_SYNC", field: "spool.sync", good: [["on", true], ["0", false]], bad: ["maybe"] },
  { variable: "TRACING_EXPORT_TO_FILE", field: "file.path", ...path },
  { variable: "TRACING_FILE_MAX_BYTES", field: "file.maxBytes", ...positive },
  { variable: "TRACING_FILE_MAX_BACKUPS", field: "file.maxBackups", good: [["0", 0], ["3", 3]], bad: ["-1", "many"] },
  { variable: "TRACING_EXIT_REPORT", field: "exitReport", good: [["never", "never"]], bad: ["sometimes"] }
]

/** Header values out of their wrapping, so that they can be compared. */
const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, Redacted.isRedacted(entry) ? Redacted.value(entry) : entry])
    )
    : value

describe("settingsTable", () => {
  for (const { bad, field, good, variable } of rows) {
    describe(variable, () => {
      it.effect.each([...good])("%j is taken", ([text, expected]) =>
        Effect.gen(function*() {
          const { value } = yield* outcomeIn({ [variable]: text }, field)
          assert.deepStrictEqual(plain(value), expected)
        }))

      it.effect.each([...bad])("%j is refused, with the variable named", (text) =>
        Effect.gen(function*() {
          const defaults = yield* outcomeIn({}, field)
          const { refused, value } = yield* outcomeIn({ [variable]: text }, field)
          assert.include(refused, `${variable}=`)
          assert.match(refused, /expected|only "true" is true/)
          if (variable.startsWith("OTEL_") && field !== "otlp.insecure") {
            assert.deepStrictEqual(value, defaults.value)
          }
        }))

      it.effect.each(["", "  "])("%j is as if it were not set", (text) =>
        Effect.gen(function*() {
          assert.deepStrictEqual(yield* settingsIn({ [variable]: text }), yield* settingsIn({}))
        }))
    })
  }

  it.effect.each(
    [
      ["TRACING_INSTRUMENT_FASTAPI", "TRACING_INSTRUMENT_HTTP_SERVER", "instrument.httpServer", "off", false],
      ["TRACING_INSTRUMENT_AIOHTTP", "TRACING_INSTRUMENT_HTTP_CLIENT", "instrument.httpClient", "off", false],
      ["TRACING_INSTRUMENT_SQLALCHEMY", "TRACING_INSTRUMENT_SQL", "instrument.sql", "off", false],
      [
        "OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT",
        "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
        "limits.attributePerEventCount",
        "7",
        7
      ],
      [
        "OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT",
        "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
        "limits.attributePerLinkCount",
        "7",
        7
      ]
    ] as const
  )("%s is an old name of %s, which wins", ([alias, name, field, text, value]) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* outcomeIn({ [alias]: text }, field)).value, value)
      const both = yield* outcomeIn({ [alias]: text, [name]: "1" }, field)
      assert.notStrictEqual(both.value, value)
      assert.include(both.refused, `${alias} is ignored, since ${name} is set`)
      assert.include((yield* outcomeIn({ [alias]: "maybe" }, field)).refused, `${alias}="maybe": expected`)
    }))

  it("has every variable in the table of this test", () => {
    const tested = new Set([...rows.map(({ variable }) => variable), "OTEL_TRACES_SAMPLER_ARG"])
    const known = settingsDocumentation().flatMap(({ variables }) => variables.map(({ name }) => name))
    assert.deepStrictEqual(known.filter((name) => !tested.has(name)), [])
  })
})
