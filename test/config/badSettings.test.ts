import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Layer, Logger, Redacted } from "effect"
import { Tracing } from "effect-tracing"
import type { FieldPath, SettingsOverrides } from "effect-tracing/config"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { valueAt } from "../../src/config/fields.ts"
import { programPackage } from "../../src/config/programPackage.ts"
import type { Environment } from "./support.ts"
import { resolveIn, settingsIn } from "./support.ts"

/** Runs a program of one span under an environment and options, and keeps what tracing says. */
const run = (env: Environment, overrides?: SettingsOverrides) =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const logger = Logger.make(({ message }) => lines.push(String(message)))
    const tracing = Tracing.layerWith({ config: { shutdownTimeoutMillis: 500, exitReport: "never", ...overrides } })
    const exit = yield* Effect.exit(
      Effect.succeed("ran").pipe(
        Effect.withSpan("work"),
        Effect.provide(Layer.provideMerge(tracing, Logger.layer([logger]))),
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env: { ...env } }))
      )
    )
    return { exit, said: lines.join("\n") }
  })

/** Nothing is sent in rows that are not about sending. */
const quiet = { TRACING_EXPORT_TO_OTLP: "false" }

/** Variable, its value, what is said of it. All of ours that are bad keep the program from starting. */
const ours: ReadonlyArray<readonly [variable: string, value: string, words: string]> = [
  ["TRACING_ENABLED", "maybe", "expected true or false (or 1, 0, yes, no, on, off)"],
  ["TRACING_SERVICE_NAME", "shop\nspan", "expected text without control characters"],
  ["TRACING_ENVIRONMENT", "prod\u0000", "expected text without control characters"],
  ["TRACING_SAMPLING_RATE", "1.5", "expected a number from 0 to 1"],
  ["TRACING_SAMPLING_RATE", "10%", "expected a number from 0 to 1"],
  ["TRACING_SAMPLING_RATE", "NaN", "expected a number from 0 to 1"],
  ["TRACING_KEEP_SLOW_MS", "0", "expected a whole number from 1 up"],
  ["TRACING_KEEP_SLOWEST", "99", "expected a number from 0 to 1"],
  ["TRACING_MAX_TRACES_PER_SECOND", "0", "expected a number from 0.001 to 1000000000"],
  ["TRACING_IGNORE_ROUTES", "healthz", "expected a comma list of paths"],
  ["TRACING_EXPORT_TO_OTLP", "otlp", "expected true or false"],
  ["TRACING_EXPORT_TO_CONSOLE", "stderr", "expected true or false"],
  ["TRACING_CONSOLE_FORMAT", "xml", "expected waterfall or json"],
  ["TRACING_OTLP_ENDPOINT", "localhost:4318", "the scheme is missing, write http://localhost:4318"],
  ["TRACING_OTLP_ENDPOINT", "localhost:4317", "the scheme is missing, write http://localhost:4317"],
  ["TRACING_OTLP_ENDPOINT", "ftp://collector", "the scheme ftp is not one that spans are sent over"],
  ["TRACING_OTLP_ENDPOINT", "grpc://collector:4317", "the scheme grpc is not one that spans are sent over"],
  ["TRACING_OTLP_ENDPOINT", "http://collector:99999", "the port 99999 is not from 1 to 65535"],
  ["TRACING_OTLP_ENDPOINT", "http://collector:0", "the port 0 is not from 1 to 65535"],
  ["TRACING_OTLP_ENDPOINT", "http://", "expected an http or https URL"],
  ["TRACING_OTLP_ENDPOINT", "http://my collector", "expected an http or https URL"],
  ["TRACING_OTLP_ENDPOINT", "unix://host/otel.sock", "unix:/path of a socket"],
  ["TRACING_QUEUE_BYTES", "-5", "expected a whole number from 1024 up"],
  ["TRACING_QUEUE_BYTES", "64MiB", "expected a whole number from 1024 up"],
  ["TRACING_SHUTDOWN_TIMEOUT_MS", "5s", "expected a whole number from 0 to 2147483647"],
  ["TRACING_SHUTDOWN_TIMEOUT_MS", "-1", "expected a whole number from 0 to 2147483647"],
  ["TRACING_SPAN_BUDGET", "0", "expected a whole number from 1 up"],
  ["TRACING_MAX_SPAN_AGE_MS", "1h", "expected a whole number from 1 up"],
  ["TRACING_CORRELATION_HEADER", "X Id", "expected the name of an HTTP header"],
  ["TRACING_TRUST_INCOMING", "everyone", "expected auto, link, parent or none"],
  ["TRACING_TRUSTED_PEERS", "10.0.0.0/99", "10.0.0.0/99"],
  ["TRACING_PROPAGATION_TARGETS", "/(/", "/(/"],
  ["TRACING_EXIT_REPORT", "sometimes", "expected always, loss or never"],
  ["TRACING_SPOOL", "yes", "expected unsent or always"],
  ["TRACING_SPOOL_DIR", "spo\nol", "expected a path"],
  ["TRACING_SPOOL_FLUSH_MS", "-200", "expected a whole number from 0 to 2147483647"],
  ["TRACING_SPOOL_MAX_BYTES", "0", "expected a whole number from 1024 up"],
  ["TRACING_SPOOL_MAX_BYTES", "1GB", "expected a whole number from 1024 up"],
  ["TRACING_SPOOL_MAX_AGE_MS", "3d", "expected a whole number from 0 to 2147483647"],
  ["TRACING_SPOOL_SYNC", "always", "expected true or false"],
  ["TRACING_FILE_MAX_BYTES", "0", "expected a whole number from 1 up"],
  ["TRACING_FILE_MAX_BACKUPS", "-1", "expected a whole number from 0 up"]
]

/** Variable, its value, the field it would fill, what is said of it. OpenTelemetry's are warned of, and the default is used. */
const openTelemetrys: ReadonlyArray<readonly [variable: string, value: string, field: FieldPath, words: string]> = [
  ["OTEL_SDK_DISABLED", "1", "enabled", "only \"true\" is true, so this is false"],
  ["OTEL_SDK_DISABLED", "yes", "enabled", "only \"true\" is true, so this is false"],
  ["OTEL_SERVICE_NAME", "shop\r\nspan", "serviceName", "expected text without control characters; it is ignored"],
  ["OTEL_RESOURCE_ATTRIBUTES", "team", "resourceAttributes", "expected key=value,key=value"],
  ["OTEL_RESOURCE_ATTRIBUTES", "team=%zz", "resourceAttributes", "expected key=value,key=value"],
  ["OTEL_TRACES_SAMPLER", "always", "sampling.sampler", "expected always_on, always_off"],
  ["OTEL_TRACES_SAMPLER_ARG", "2", "sampling.ratio", "expected a number from 0 to 1"],
  ["OTEL_TRACES_EXPORTER", "jaeger", "exporters", "expected none, or a comma list of otlp, console"],
  ["OTEL_PROPAGATORS", "xray", "propagators", "expected none, or a comma list of tracecontext"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "otlp.tracesEndpoint", "write http://collector:4318"],
  [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "http://collector:99999",
    "otlp.tracesEndpoint",
    "the port 99999 is not from 1 to 65535"
  ],
  ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector", "otlp.tracesEndpoint", "the scheme ftp"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "http", "otlp.protocol", "expected http/protobuf, http/json or grpc"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "authorization", "otlp.headers", "expected name=value,name=value"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "a=b%0d%0aEvil: 1", "otlp.headers", "without line breaks"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "a=b\nEvil: 1", "otlp.headers", "without line breaks"],
  ["OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "otlp.timeoutMillis", "expected a whole number from 0 to 2147483647"],
  ["OTEL_EXPORTER_OTLP_TIMEOUT", "-1", "otlp.timeoutMillis", "expected a whole number from 0 to 2147483647"],
  ["OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "otlp.compression", "expected gzip or none"],
  ["OTEL_EXPORTER_OTLP_INSECURE", "yes", "otlp.insecure", "only \"true\" is true, so this is false"],
  ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0", "batch.maxExportBatchSize", "expected a whole number from 1 up"],
  ["OTEL_BSP_MAX_QUEUE_SIZE", "-5", "batch.maxQueueSize", "expected a whole number from 1 up"],
  ["OTEL_BSP_SCHEDULE_DELAY", "5 s", "batch.scheduleDelayMillis", "expected a whole number from 0 to 2147483647"],
  [
    "OTEL_BSP_EXPORT_TIMEOUT",
    "99999999999",
    "batch.exportTimeoutMillis",
    "expected a whole number from 0 to 2147483647"
  ],
  ["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "-1", "limits.attributeCount", "expected a whole number from 0 up"],
  ["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "1e3", "limits.attributeValueLength", "expected a whole number from 0 up"],
  ["OTEL_SPAN_EVENT_COUNT_LIMIT", "many", "limits.eventCount", "expected a whole number from 0 up"],
  ["OTEL_LOG_LEVEL", "loud", "logLevel", "expected none, error, warn"]
]

/** What looks bad and is not, by OpenTelemetry's rules: variable, its value, the field it fills, and the value it gives. */
const good: ReadonlyArray<readonly [variable: string, value: string, field: FieldPath, means: unknown]> = [
  ["OTEL_SDK_DISABLED", "TRUE", "enabled", false],
  ["OTEL_SDK_DISABLED", "", "enabled", true],
  ["OTEL_SERVICE_NAME", "", "serviceName", programPackage().name],
  ["TRACING_SERVICE_NAME", "  ", "serviceName", programPackage().name],
  ["TRACING_OTLP_ENDPOINT", "", "exporters", []],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "", "otlp.tracesEndpoint", "http://localhost:4318/v1/traces"],
  ["OTEL_EXPORTER_OTLP_TIMEOUT", "0", "otlp.timeoutMillis", 2_147_483_647],
  ["OTEL_BSP_EXPORT_TIMEOUT", "0", "batch.exportTimeoutMillis", 2_147_483_647],
  ["OTEL_BSP_SCHEDULE_DELAY", "0", "batch.scheduleDelayMillis", 0],
  ["OTEL_TRACES_EXPORTER", "NONE", "exporters", []],
  ["OTEL_SPAN_LINK_COUNT_LIMIT", "0", "limits.linkCount", 0]
]

/** Options in code, what is said of them. */
const options: ReadonlyArray<readonly [overrides: unknown, words: string]> = [
  [{ serviceName: "" }, "serviceName=\"\": expected text without control characters"],
  [{ sampling: { ratio: -1 } }, "sampling.ratio=-1: expected a number from 0 to 1"],
  [{ sampling: { ratio: Number.NaN } }, "sampling.ratio=NaN: expected a number from 0 to 1"],
  [{ batch: { maxExportBatchSize: 0 } }, "batch.maxExportBatchSize=0: expected a whole number from 1 up"],
  [{ batch: { maxQueueSize: -5 } }, "batch.maxQueueSize=-5: expected a whole number from 1 up"],
  [{ batch: { queueBytes: 1.5 } }, "batch.queueBytes=1.5: expected a whole number from 1024 up"],
  [
    { otlp: { tracesEndpoint: "localhost:4317" } },
    "otlp.tracesEndpoint=\"localhost:4317\": expected an http or https URL"
  ],
  [{ otlp: { tracesEndpoint: "http://c:99999" } }, "otlp.tracesEndpoint=\"http://c:99999\": expected"],
  [{ otlp: { timeoutMillis: "10s" } }, "otlp.timeoutMillis=\"10s\": expected a whole number"],
  [{ otlp: { headers: { "x-key": Redacted.make("hush\nhush") } } }, "otlp.headers=\"[hidden]\": expected"],
  [{ otlp: { headers: { "x-key": "hush" } } }, "otlp.headers=\"[hidden]\": expected"],
  [{ spool: { directory: "" } }, "spool.directory=\"\": expected a path"],
  [{ spool: { maxBytes: 0 } }, "spool.maxBytes=0: expected a whole number from 1024 up"],
  [{ spool: { mode: "never" } }, "spool.mode=\"never\": expected unsent or always"],
  [{ exporters: ["jaeger"] }, "exporters=[\"jaeger\"]: expected none, or a comma list of otlp, console"],
  [{ samplingRate: 0.5 }, "samplingRate: is not a setting"],
  [{ batch: 512 }, "batch: is a group of settings, not a value"]
]

/** What they hold is looked at after all others, by those who know what it means. */
const lists = [
  ["TRACING_PROPAGATION_TARGETS", "a b,/(/,example.com", "\"a b\" (not a host name), \"/(/\" ("],
  ["TRACING_TRUSTED_PEERS", "peer,10.0.0.1,10.0.0.0/99", "\"peer\" (not an IP address), \"10.0.0.0/99\" ("],
  ["TRACING_REDACT_EXCEPT_KINDS", "card,sesion,pasword", "there is no kind sesion, pasword;"]
] as const

describe("a bad setting of ours", () => {
  it.live.each(ours)("%s=%j keeps the program from starting: %s", ([variable, value, words]) =>
    Effect.gen(function*() {
      const { exit } = yield* run({ [variable]: value })
      assert.isTrue(Exit.isFailure(exit))
      const text = String(exit)
      assert.include(text, "A setting cannot be used:")
      assert.include(text, variable)
      assert.include(text, words)
    }))

  it.live("is told with all others at once", () =>
    Effect.gen(function*() {
      const bad = ours.filter(([variable], index) => ours.findIndex(([other]) => other === variable) === index)
        .filter(([variable]) => !lists.some(([list]) => list === variable))
      const { exit } = yield* run(Object.fromEntries(bad.map(([variable, value]) => [variable, value])))
      const text = String(exit)
      assert.include(text, `${bad.length} settings cannot be used:`)
      for (const [variable, , words] of bad) {
        assert.include(text, `${variable}=`)
        assert.include(text, words)
      }
    }))

  it.live("that is a list is told with the other lists, each bad entry of each", () =>
    Effect.gen(function*() {
      const { exit } = yield* run(Object.fromEntries(lists.map(([variable, value]) => [variable, value])))
      const text = String(exit)
      assert.include(text, "3 settings cannot be used:")
      for (const [variable, , words] of lists) {
        assert.include(text, `${variable}: `)
        assert.include(text, words)
      }
    }))
})

describe("a bad setting of OpenTelemetry", () => {
  it.live.each(openTelemetrys)(
    "%s=%j is warned of, and %s is as if it were not set: %s",
    ([variable, value, field, words]) =>
      Effect.gen(function*() {
        const { exit, said } = yield* run({ ...quiet, [variable]: value })
        assert.deepStrictEqual(exit, Exit.succeed("ran"))
        assert.include(said, `${variable}=`)
        assert.include(said, words)
        assert.notInclude(said, "\nEvil")
        // `otlp` is what an endpoint asks for, be it good or bad.
        assert.deepStrictEqual(
          valueAt(yield* settingsIn({ [variable]: value }), field),
          valueAt(yield* settingsIn({}), field)
        )
      })
  )

  it.live.each(good)(
    "is not %s=%j: %s is %j, without a word",
    ([variable, value, field, means]) =>
      Effect.gen(function*() {
        const { settings, warnings } = yield* resolveIn({ [variable]: value })
        assert.deepStrictEqual(valueAt(settings, field), means)
        assert.deepStrictEqual(warnings, [])
        const { exit, said } = yield* run({ ...quiet, [variable]: value })
        assert.deepStrictEqual(exit, Exit.succeed("ran"))
        assert.notInclude(said, `${variable}=`)
      })
  )
})

describe("a bad option in code", () => {
  it.live.each(options)("%j keeps the program from starting: %s", ([overrides, words]) =>
    Effect.gen(function*() {
      const { exit } = yield* run({}, overrides as SettingsOverrides)
      assert.isTrue(Exit.isFailure(exit))
      assert.include(String(exit), words)
      assert.notInclude(String(exit), "hush")
    }))
})

describe("a setting that only its use shows to be bad", () => {
  // Nothing is listened at port 1.
  const nowhere = { TRACING_OTLP_ENDPOINT: "https://127.0.0.1:1" }
  it.live.each(
    [
      [{ ...nowhere, OTEL_EXPORTER_OTLP_CERTIFICATE: "/nowhere/ca.pem" }, "/nowhere/ca.pem"],
      [
        {
          ...nowhere,
          OTEL_EXPORTER_OTLP_CLIENT_KEY: "/nowhere/key.pem",
          OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "/nowhere/cert.pem"
        },
        "/nowhere/key.pem"
      ],
      [nowhere, "nothing listens there"],
      [{ TRACING_OTLP_ENDPOINT: "unix:/nowhere/otel.sock" }, "there is no such socket"],
      [
        { TRACING_OTLP_ENDPOINT: "https://collector.test", HTTPS_PROXY: "socks5://proxy" },
        "HTTPS_PROXY does not name a proxy"
      ],
      [{ ...nowhere, TRACING_SPOOL_DIR: "/dev/null/spool" }, "/dev/null/spool"],
      [{ TRACING_EXPORT_TO_FILE: "/dev/null/traces.jsonl" }, "/dev/null/traces.jsonl"]
    ] as const
  )("%j is told, and the program runs: %s", ([env, words]) =>
    Effect.gen(function*() {
      const { exit, said } = yield* run(env)
      assert.deepStrictEqual(exit, Exit.succeed("ran"))
      assert.include(said, words)
    }))
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const fixture = fileURLToPath(new URL("fixtures/program.ts", import.meta.url))

/** A process of its own, with no setting but these. */
const runProcess = (env: Environment): Effect.Effect<Ended> =>
  Effect.callback((resume) => {
    const others = Object.entries(process.env).filter(([name]) => !/^(TRACING|OTEL)_|_proxy$/i.test(name))
    const child = spawn(process.execPath, ["--conditions=effect-tracing-source", fixture], {
      env: { ...Object.fromEntries(others), ...env }
    })
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (chunk: Buffer) => stdout += chunk.toString())
    child.stderr.on("data", (chunk: Buffer) => stderr += chunk.toString())
    child.on("close", (code) => resume(Effect.succeed({ code, stdout, stderr })))
    return Effect.sync(() => child.kill())
  })

describe("a process with a bad setting", () => {
  it.live.each(
    [
      [{ TRACING_OTLP_ENDPOINT: "localhost:4318", TRACING_SPOOL_MAX_BYTES: "0" }, [
        "2 settings cannot be used:",
        "TRACING_OTLP_ENDPOINT=\"localhost:4318\": expected an http or https URL",
        "the scheme is missing, write http://localhost:4318",
        "TRACING_SPOOL_MAX_BYTES=\"0\": expected a whole number from 1024 up"
      ]],
      [{ TRACING_SAMPLING_RATE: "lots" }, ["TRACING_SAMPLING_RATE=\"lots\": expected a number from 0 to 1"]]
    ] as const
  )("of ours (%j) ends at once with what is wrong", ([env, words]) =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* runProcess(env)
      assert.strictEqual(code, 1)
      for (const part of words) assert.include(stdout + stderr, part)
      assert.notInclude(stdout, "the program has run")
    }), 60_000)

  it.live.each(
    [
      [{ ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, "write http://collector:4318"],
      [
        { ...quiet, OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "0", OTEL_BSP_MAX_QUEUE_SIZE: "-5" },
        "OTEL_BSP_MAX_QUEUE_SIZE=\"-5\""
      ],
      [{ ...quiet, OTEL_EXPORTER_OTLP_HEADERS: "a=b\r\nEvil: 1" }, "OTEL_EXPORTER_OTLP_HEADERS"],
      [{ OTEL_SDK_DISABLED: "TRUE", OTEL_TRACES_SAMPLER: "always" }, "the program has run"]
    ] as const
  )("of OpenTelemetry (%j) runs to its end and says so", ([env, words]) =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* runProcess(env)
      assert.strictEqual(code, 0)
      assert.include(stdout, "the program has run")
      assert.include(stdout + stderr, words)
    }), 60_000)
})
