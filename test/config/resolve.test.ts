import { assert, describe, it } from "@effect/vitest"
import { Cause, Config, ConfigProvider, Effect, Formatter, Redacted, Schema } from "effect"
import { resolve } from "effect-tracing/config"
import type { SettingsOverrides } from "effect-tracing/config"
import { messageIn, resolveIn, settingsIn } from "./support.ts"

const resolvedIn = (env: Readonly<Record<string, string>>, field: string, overrides?: SettingsOverrides) =>
  Effect.map(resolveIn(env, overrides), ({ resolved }) => resolved.find(({ name }) => name === field))

describe("resolve: bad values", () => {
  it.effect("names every bad TRACING variable, its value and what is allowed in one message", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* messageIn({ TRACING_SAMPLING_RATE: "abc", TRACING_ENABLED: "maybe" }),
        [
          "2 settings cannot be used:",
          "  TRACING_ENABLED=\"maybe\": expected true or false (or 1, 0, yes, no, on, off)",
          "  TRACING_SAMPLING_RATE=\"abc\": expected a number from 0 to 1"
        ].join("\n")
      )
    }))

  it.effect("fails with a ConfigError", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(resolveIn({ TRACING_SPAN_BUDGET: "0" }))
      assert.instanceOf(error, Config.ConfigError)
      assert.instanceOf(error.cause, Schema.SchemaError)
    }))

  it.effect("says each problem once where a program that fails prints it, or writes it as JSON", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(resolveIn({ TRACING_SPAN_BUDGET: "0" }))
      for (const text of [Cause.pretty(Cause.fail(error)), Formatter.formatJson(error)]) {
        assert.lengthOf(text.split("expected a whole number from 1 up"), 2)
      }
    }))

  it.effect("tells a bad TRACING variable even where tracing is off", () =>
    Effect.gen(function*() {
      assert.include(
        yield* messageIn({ TRACING_ENABLED: "false", TRACING_SAMPLING_RATE: "2" }),
        "TRACING_SAMPLING_RATE"
      )
    }))

  it.effect("tells a variable of two settings once", () =>
    Effect.gen(function*() {
      const message = yield* messageIn({ TRACING_SAMPLING_RATE: "2" })
      assert.strictEqual(message.split("TRACING_SAMPLING_RATE").length, 2)
    }))

  it.effect("puts a value with line breaks on one line, and cuts a long one", () =>
    Effect.gen(function*() {
      const message = yield* messageIn({ TRACING_SERVICE_NAME: `a\n${"x".repeat(10_000)}` })
      assert.strictEqual(message.split("\n").length, 2)
      assert.isBelow(message.length, 300)
    }))

  it.effect("warns of a bad OTEL variable and goes on with the next one", () =>
    Effect.gen(function*() {
      const { settings, warnings } = yield* resolveIn({
        OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "many",
        OTEL_ATTRIBUTE_COUNT_LIMIT: "5"
      })
      assert.strictEqual(settings.limits.attributeCount, 5)
      assert.deepStrictEqual(warnings, [
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=\"many\": expected a whole number from 0 up; it is ignored"
      ])
    }))

  it.effect("leaves unknown words out of an OTEL list, and tells them", () =>
    Effect.gen(function*() {
      const { settings, warnings } = yield* resolveIn({ OTEL_PROPAGATORS: "xray,b3,none" })
      assert.deepStrictEqual(settings.propagators, ["b3"])
      assert.match(warnings.join(), /OTEL_PROPAGATORS="xray,b3,none": xray, none is left out/)
    }))

  it.effect("has no warnings where there is nothing to warn of", () =>
    Effect.gen(function*() {
      const { warnings } = yield* resolveIn({
        TRACING_SAMPLING_RATE: "0.5",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318",
        PATH: "/bin"
      })
      assert.deepStrictEqual(warnings, [])
    }))

  it.effect.prop(
    "survives any text in any place",
    [Schema.String, Schema.String],
    ([text, other]) =>
      Effect.result(resolveIn({
        TRACING_OTLP_ENDPOINT: text,
        TRACING_PROPAGATION_TARGETS: other,
        OTEL_EXPORTER_OTLP_HEADERS: text,
        OTEL_RESOURCE_ATTRIBUTES: other,
        OTEL_EXPORTER_OTLP_ENDPOINT: other,
        [`TRACING_${text}`]: other,
        [`OTEL_${other}`]: text
      }))
  )
})

describe("resolve: the two families", () => {
  it.effect.each(
    [
      [{ TRACING_ENABLED: "true", OTEL_SDK_DISABLED: "true" }, "enabled", "TRACING_ENABLED"],
      [
        { TRACING_SERVICE_NAME: "a", OTEL_SERVICE_NAME: "b", OTEL_RESOURCE_ATTRIBUTES: "service.name=c" },
        "serviceName",
        "TRACING_SERVICE_NAME"
      ],
      [{ OTEL_SERVICE_NAME: "b", OTEL_RESOURCE_ATTRIBUTES: "service.name=c" }, "serviceName", "OTEL_SERVICE_NAME"],
      [{ OTEL_RESOURCE_ATTRIBUTES: "service.name=c" }, "serviceName", "OTEL_RESOURCE_ATTRIBUTES"],
      [{ OTEL_RESOURCE_ATTRIBUTES: "service.version=1" }, "serviceVersion", "OTEL_RESOURCE_ATTRIBUTES"],
      [{ OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=ci" }, "environment", "OTEL_RESOURCE_ATTRIBUTES"],
      [
        { TRACING_SAMPLING_RATE: "0.5", OTEL_TRACES_SAMPLER: "always_off" },
        "sampling.sampler",
        "TRACING_SAMPLING_RATE"
      ],
      [
        { TRACING_OTLP_ENDPOINT: "http://a", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b/x" },
        "otlp.tracesEndpoint",
        "TRACING_OTLP_ENDPOINT"
      ],
      [
        { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b/x" },
        "otlp.tracesEndpoint",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
      ],
      [
        { OTEL_EXPORTER_OTLP_TIMEOUT: "1", OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2" },
        "otlp.timeoutMillis",
        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"
      ]
    ] as const
  )("of %j, %s is taken from %s", ([env, field, variable]) =>
    Effect.gen(function*() {
      const setting = yield* resolvedIn(env, field)
      assert.strictEqual(setting?.variable, variable)
      assert.strictEqual(setting?.source, "variable")
    }))

  it.effect("takes service.name of the resource for an empty TRACING_SERVICE_NAME", () =>
    Effect.gen(function*() {
      const { serviceName } = yield* settingsIn({
        TRACING_SERVICE_NAME: "",
        OTEL_RESOURCE_ATTRIBUTES: "service.name=shop%20one"
      })
      assert.strictEqual(serviceName, "shop one")
    }))
})

describe("resolve: exporters", () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" }
  it.effect.each(
    [
      [{}, []],
      [endpoint, ["otlp"]],
      [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://localhost:4318/v1/traces" }, ["otlp"]],
      [{ TRACING_OTLP_ENDPOINT: "http://localhost:4318" }, ["otlp"]],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: "collector" }, ["otlp"]],
      [{ ...endpoint, OTEL_TRACES_EXPORTER: "none" }, []],
      [{ ...endpoint, OTEL_TRACES_EXPORTER: "console" }, ["console"]],
      [{ ...endpoint, TRACING_EXPORT_TO_OTLP: "false" }, []],
      [{ ...endpoint, TRACING_EXPORT_TO_CONSOLE: "true" }, ["otlp", "console"]],
      [{ TRACING_OTLP_ENDPOINT: "http://localhost:4318", OTEL_TRACES_EXPORTER: "none" }, ["otlp"]],
      [{ OTEL_TRACES_EXPORTER: "otlp,console", TRACING_EXPORT_TO_CONSOLE: "false" }, ["otlp"]]
    ] as const
  )("%j exports to %j", ([env, exporters]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* settingsIn(env)).exporters, exporters)
    }))

  it.effect("an endpoint given in code turns OTLP on, unless a switch says no", () =>
    Effect.gen(function*() {
      const overrides = { otlp: { tracesEndpoint: "http://localhost:4318/v1/traces" } }
      assert.deepStrictEqual((yield* settingsIn({}, overrides)).exporters, ["otlp"])
      assert.deepStrictEqual((yield* settingsIn({ TRACING_EXPORT_TO_OTLP: "no" }, overrides)).exporters, [])
    }))
})

describe("resolve: settings that belong together", () => {
  it.effect.each(
    [
      [{ TRACING_SAMPLING_RATE: "0.1" }, "parentbased_traceidratio", 0.1],
      [{ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.25" }, "traceidratio", 0.25],
      [{ OTEL_TRACES_SAMPLER: "traceidratio" }, "traceidratio", 1],
      [{ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "lots" }, "traceidratio", 1],
      [{ OTEL_TRACES_SAMPLER: "always_on", OTEL_TRACES_SAMPLER_ARG: "0.25" }, "always_on", 1],
      [{ OTEL_TRACES_SAMPLER: "parentbased_always_off" }, "parentbased_always_off", 0],
      [{ OTEL_TRACES_SAMPLER_ARG: "0.25" }, "parentbased_always_on", 1]
    ] as const
  )("%j samples with %s at %d", ([env, sampler, ratio]) =>
    Effect.gen(function*() {
      const { sampling } = yield* settingsIn(env)
      assert.strictEqual(sampling.sampler, sampler)
      assert.strictEqual(sampling.ratio, ratio)
    }))

  it.effect("a ratio given in code chooses the ratio sampler", () =>
    Effect.gen(function*() {
      const { sampling } = yield* settingsIn({ OTEL_TRACES_SAMPLER: "always_on" }, { sampling: { ratio: 0.5 } })
      assert.strictEqual(sampling.sampler, "parentbased_traceidratio")
      assert.strictEqual(sampling.ratio, 0.5)
    }))

  it.effect.each(
    [
      [{ OTEL_TRACES_SAMPLER_ARG: "0.25" }, "OTEL_TRACES_SAMPLER_ARG=\"0.25\": has no effect"],
      [
        { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", TRACING_SPOOL_DIR: "/spool" },
        "OTEL_EXPORTER_OTLP_PROTOCOL=\"http/json\": a spool holds protobuf"
      ],
      [
        { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", TRACING_OTLP_ENDPOINT: "http://c:4318" },
        "TRACING_OTLP_ENDPOINT=\"http://c:4318\": port 4318 is that of OTLP over HTTP"
      ],
      [
        { OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf", TRACING_OTLP_ENDPOINT: "http://c:4317" },
        "TRACING_OTLP_ENDPOINT=\"http://c:4317\": port 4317 is gRPC's"
      ],
      [{ TRACING_OTLP_ENDPOINT: "http://c:14268/api/traces" }, "Jaeger takes OTLP, at http://c:4318/v1/traces"],
      [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://c:4318" }, "the path is taken as it is and is empty"],
      [
        { OTEL_BSP_MAX_QUEUE_SIZE: "9", OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "10" },
        "is more than the queue holds; 9 is used"
      ],
      [{ TRACING_SPOOL: "always" }, "TRACING_SPOOL=\"always\": has no effect without a folder"],
      [
        { OTEL_EXPORTER_OTLP_CLIENT_KEY: "/key.pem" },
        "OTEL_EXPORTER_OTLP_CLIENT_KEY=\"/key.pem\": has no effect without OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"
      ],
      [
        { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "/cert.pem" },
        "has no effect without OTEL_EXPORTER_OTLP_CLIENT_KEY"
      ]
    ] as const
  )("%j is warned of: %s", ([env, warning]) =>
    Effect.gen(function*() {
      assert.include((yield* resolveIn(env)).warnings.join("\n"), warning)
    }))

  it.effect("a batch is never larger than the queue, also by default", () =>
    Effect.gen(function*() {
      const { settings, warnings } = yield* resolveIn({ OTEL_BSP_MAX_QUEUE_SIZE: "100" })
      assert.strictEqual(settings.batch.maxExportBatchSize, 100)
      assert.deepStrictEqual(warnings, [])
    }))

  it.effect("port 4317 is spoken gRPC to, unless a protocol is set", () =>
    Effect.gen(function*() {
      const protocolIn = (env: Record<string, string>) =>
        Effect.map(resolveIn(env), ({ settings }) => settings.otlp.protocol)
      assert.strictEqual(yield* protocolIn({ TRACING_OTLP_ENDPOINT: "http://c:4317" }), "grpc")
      assert.strictEqual(yield* protocolIn({ TRACING_OTLP_ENDPOINT: "http://c:4318" }), "http/protobuf")
      assert.strictEqual(
        yield* protocolIn({ TRACING_OTLP_ENDPOINT: "http://c:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }),
        "http/json"
      )
    }))

  it.effect("where everything is spooled, no span waits longer than the spool allows", () =>
    Effect.gen(function*() {
      const { settings } = yield* resolveIn({ TRACING_SPOOL_DIR: "/spool", TRACING_SPOOL: "always" })
      assert.strictEqual(settings.batch.scheduleDelayMillis, 200)
    }))
})

describe("resolve: secrets", () => {
  it.effect("of headers and endpoints are in no value shown, no warning and no error", () =>
    Effect.gen(function*() {
      const { resolved, settings, warnings } = yield* resolveIn({
        OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=hush%zz",
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: "hush",
        TRACING_OTLP_ENDPOINT: "http://me:hush@c:14268/api/traces?key=hush"
      })
      assert.notInclude(JSON.stringify([resolved, warnings, settings.otlp.headers]), "hush")
      assert.isAbove(warnings.length, 2)
      assert.strictEqual(Redacted.value(settings.otlp.headers["x-api-key"] ?? Redacted.make("")), "hush%zz")
      assert.include(settings.otlp.tracesEndpoint, "me:hush@c")
      for (const bad of ["http://me:hush@c:99999?hush", "me:hush@c", "ftp://me:hu/hush@c", "http://me:hu\nhush@c"]) {
        assert.notInclude(yield* messageIn({ TRACING_OTLP_ENDPOINT: bad }), "hush")
      }
    }))
})

describe("resolve: the provider", () => {
  it.effect("alone is read: process.env changes nothing", () =>
    Effect.gen(function*() {
      const before = yield* settingsIn({})
      process.env["TRACING_SERVICE_NAME"] = "from-process-env"
      process.env["OTEL_BSP_SCHEDULE_DELAY"] = "1"
      try {
        assert.deepStrictEqual(yield* settingsIn({}), before)
      } finally {
        delete process.env["TRACING_SERVICE_NAME"]
        delete process.env["OTEL_BSP_SCHEDULE_DELAY"]
      }
    }))

  const under = (provider: ConfigProvider.ConfigProvider) =>
    Effect.provideService(resolve(), ConfigProvider.ConfigProvider, provider)

  it.effect("may be an object, flat or nested, with numbers, booleans and lists", () =>
    Effect.gen(function*() {
      const { settings, warnings } = yield* under(ConfigProvider.fromUnknown({
        TRACING_ENABLED: false,
        TRACING_SAMPLING_RATE: 0.5,
        OTEL_PROPAGATORS: ["b3", "baggage"],
        TRACING: { SERVICE_NAME: "nested", SERVIC_VERSION: "1" }
      }))
      assert.strictEqual(settings.enabled, false)
      assert.strictEqual(settings.sampling.ratio, 0.5)
      assert.deepStrictEqual(settings.propagators, ["b3", "baggage"])
      assert.strictEqual(settings.serviceName, "nested")
      assert.match(warnings.join(), /TRACING_SERVIC_VERSION is not a setting.*TRACING_SERVICE_VERSION/)
    }))

  it.effect("may be nested under a name of its own", () =>
    Effect.gen(function*() {
      const provider = ConfigProvider.nested(
        ConfigProvider.fromEnv({
          env: { APP_TRACING_SERVICE_NAME: "own", TRACING_SERVICE_NAME: "other", APP_TRACING_X: "1" }
        }),
        "APP"
      )
      const { settings, warnings } = yield* under(provider)
      assert.strictEqual(settings.serviceName, "own")
      assert.deepStrictEqual(warnings, ["TRACING_X is not a setting and is ignored"])
    }))

  it.effect("need not be listable", () =>
    Effect.gen(function*() {
      const provider = ConfigProvider.make((path) =>
        path.length === 0
          ? Effect.fail(new ConfigProvider.SourceError({ message: "cannot be listed" }))
          : Effect.succeed(path[0] === "TRACING_SERVICE_NAME" ? ConfigProvider.makeValue("asked") : undefined)
      )
      assert.strictEqual((yield* under(provider)).settings.serviceName, "asked")
    }))

  it.effect("that cannot be read fails with a ConfigError that says so", () =>
    Effect.gen(function*() {
      const provider = ConfigProvider.make(() =>
        Effect.fail(new ConfigProvider.SourceError({ message: "connection refused" }))
      )
      const error = yield* Effect.flip(under(provider))
      assert.instanceOf(error, Config.ConfigError)
      assert.include(error.message, "connection refused")
    }))
})
