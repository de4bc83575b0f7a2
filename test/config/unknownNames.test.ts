import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { resolveIn } from "./support.ts"

const warningsFor = (...names: ReadonlyArray<string>) =>
  Effect.map(resolveIn(Object.fromEntries(names.map((name) => [name, "1"]))), ({ warnings }) => warnings)

describe("a name that is no setting", () => {
  it.effect.each(
    [
      ["TRACING_SAMPLE_RATE", "TRACING_SAMPLING_RATE"],
      ["TRACING_SERVICENAME", "TRACING_SERVICE_NAME"],
      ["TRACING_ENABLE", "TRACING_ENABLED"],
      ["tracing_enabled", "TRACING_ENABLED"],
      ["TRACING_EXPORT_OTLP", "TRACING_EXPORT_TO_OTLP"],
      ["OTEL_SERVCE_NAME", "OTEL_SERVICE_NAME"],
      ["OTEL_SERVICE_VERSION", "TRACING_SERVICE_VERSION"],
      ["OTEL_EXPORTER_OTLP_ENDPIONT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
      ["OTEL_EXPORTER_OTLP_TRACE_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"],
      ["OTEL_TRACE_SAMPLER", "OTEL_TRACES_SAMPLER"],
      ["OTEL_INSTRUMENTATION_HTTP_KNOWN_METHOD", "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS"]
    ] as const
  )("%s is told that %s may be meant", ([name, meant]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* warningsFor(name), [
        `${name} is not a setting and is ignored; did you mean ${meant}?`
      ])
    }))

  it.effect("is told without a guess where nothing is near", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* warningsFor("TRACING_COLOUR_OF_THE_SKY"), [
        "TRACING_COLOUR_OF_THE_SKY is not a setting and is ignored"
      ])
    }))

  it.effect("does not have its value shown", () =>
    Effect.gen(function*() {
      const { warnings } = yield* resolveIn({ TRACING_SECRET_KEY: "hush" })
      assert.notInclude(warnings.join(), "hush")
    }))

  it.effect.each([
    "OTEL_METRICS_EXPORTER",
    "OTEL_LOGS_EXPORTER",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_METRICS_EXEMPLAR_FILTER",
    "OTEL_BLRP_MAX_QUEUE_SIZE",
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
    "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
    "OTEL_EXPORTER_PROMETHEUS_PORT",
    "OTEL_EXPORTER_JAEGER_AGENT_HOST",
    "OTEL_NODE_RESOURCE_DETECTORS",
    "OTEL_NODE_ENABLED_INSTRUMENTATIONS",
    "OTEL_PYTHON_LOG_CORRELATION",
    "OTEL_JAVAAGENT_ENABLED",
    "OTEL_DOTNET_AUTO_HOME",
    "OTEL_GO_X_SELF_OBSERVABILITY",
    "OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED",
    "OTEL_SEMCONV_STABILITY_OPT_IN",
    "OTEL_EXPERIMENTAL_CONFIG_FILE",
    "OTEL_CONFIG_FILE",
    "TRACINGS",
    "HOTEL_NAME",
    "TRACE_ID"
  ])("%s is somebody else's and is left in peace", (name) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* warningsFor(name), [])
    }))
})
