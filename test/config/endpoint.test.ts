import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { messageIn, resolveIn, settingsIn } from "./support.ts"

describe("TRACING_OTLP_ENDPOINT", () => {
  it.effect.each(
    [
      ["collector:4318", "the scheme is missing, write http://collector:4318"],
      ["localhost", "the scheme is missing, write http://localhost"],
      ["me:pw@collector", "the scheme is missing, write http://[hidden]@collector"],
      ["ftp://collector", "the scheme ftp is not one that spans are sent over"],
      ["grpc://collector:4317", "the scheme grpc is not one that spans are sent over"],
      ["http://collector:99999/x", "the port 99999 is not from 1 to 65535"],
      ["http://[::1]:0", "the port 0 is not from 1 to 65535"],
      ["http://", "expected an http or https URL such as http://localhost:4318"]
    ] as const
  )("%s is told what to write: %s", ([text, hint]) =>
    Effect.gen(function*() {
      assert.include(yield* messageIn({ TRACING_OTLP_ENDPOINT: text }), hint)
    }))

  it.effect.prop(
    "gets /v1/traces once, however often it is resolved",
    [Schema.Literals(["", "/", "/a", "/a/", "/v1/traces", "/a/v1/traces//", "/v1/traces?k=v"])],
    ([path]) =>
      Effect.gen(function*() {
        const once = (yield* settingsIn({ TRACING_OTLP_ENDPOINT: `http://c:1${path}` })).otlp.tracesEndpoint
        const twice = (yield* settingsIn({ TRACING_OTLP_ENDPOINT: once })).otlp.tracesEndpoint
        assert.strictEqual(twice, once)
        assert.strictEqual(once.split("/v1/traces").length, 2)
      })
  )
})

describe("OTEL_EXPORTER_OTLP_ENDPOINT without a scheme", () => {
  const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }
  const insecure = { OTEL_EXPORTER_OTLP_INSECURE: "true" }

  it.effect.each(
    [
      ["collector:4317", {}, "https://collector:4317/"],
      ["collector:4317", insecure, "http://collector:4317/"],
      ["collector:9000", grpc, "https://collector:9000/"],
      ["collector:9000", { ...grpc, ...insecure }, "http://collector:9000/"],
      ["collector", { ...grpc, ...insecure }, "http://collector/"],
      ["[::1]:4317", insecure, "http://[::1]:4317/"],
      ["dns:///collector:4317", insecure, "http://collector:4317/"],
      ["dns:collector:4317", insecure, "http://collector:4317/"],
      ["collector:4317", { ...insecure, OTEL_EXPORTER_OTLP_TRACES_INSECURE: "false" }, "https://collector:4317/"]
    ] as const
  )("%s with %j is spoken gRPC to, at %s", ([text, env, address]) =>
    Effect.gen(function*() {
      for (const name of ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]) {
        const { settings, warnings } = yield* resolveIn({ ...env, [name]: text })
        assert.strictEqual(settings.otlp.tracesEndpoint, address)
        assert.strictEqual(settings.otlp.protocol, "grpc")
        assert.deepStrictEqual(warnings, [])
      }
    }))

  it.effect.each(
    [
      ["collector:4318", {}],
      ["collector", {}],
      ["collector:4317", { OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" }],
      ["collector:4318/v1/traces", grpc],
      ["collector:99999", grpc]
    ] as const
  )("%s with %j is warned of, and the default is used", ([text, env]) =>
    Effect.gen(function*() {
      const { settings, warnings } = yield* resolveIn({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: text })
      assert.match(settings.otlp.tracesEndpoint, /^http:\/\/localhost:431[78]/)
      assert.lengthOf(warnings, 1)
      assert.include(warnings[0], `OTEL_EXPORTER_OTLP_ENDPOINT="${text}": expected an http or https URL`)
    }))

  it.effect("is refused of ours, which leave no doubt, and told what to write", () =>
    Effect.gen(function*() {
      assert.include(
        yield* messageIn({ ...grpc, ...insecure, TRACING_OTLP_ENDPOINT: "collector:4317" }),
        "the scheme is missing, write http://collector:4317"
      )
    }))

  it.effect("does not make a bad protocol told twice", () =>
    Effect.gen(function*() {
      const { warnings } = yield* resolveIn({
        OTEL_EXPORTER_OTLP_PROTOCOL: "http?@x",
        OTEL_EXPORTER_OTLP_INSECURE: "yes",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318"
      })
      assert.lengthOf(warnings, 2)
    }))

  it.effect("leaves OTEL_EXPORTER_OTLP_INSECURE without effect on https, which is told", () =>
    Effect.gen(function*() {
      const warningsOf = (endpoint: string) =>
        Effect.map(resolveIn({ ...insecure, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), ({ warnings }) => warnings)
      assert.deepStrictEqual(yield* warningsOf("https://collector:4317"), [
        "OTEL_EXPORTER_OTLP_INSECURE=\"true\": has no effect, since the endpoint begins with https://"
      ])
      assert.deepStrictEqual(yield* warningsOf("http://collector:4317"), [])
    }))
})

describe("an endpoint of gRPC", () => {
  it.effect("gets no path", () =>
    Effect.gen(function*() {
      const { otlp } = yield* settingsIn({ TRACING_OTLP_ENDPOINT: "http://collector:4317" })
      assert.strictEqual(otlp.tracesEndpoint, "http://collector:4317/")
    }))

  it.effect("is on port 4317 of this machine where none is set", () =>
    Effect.gen(function*() {
      const { otlp } = yield* settingsIn({ OTEL_TRACES_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })
      assert.strictEqual(otlp.tracesEndpoint, "http://localhost:4317")
    }))
})

describe("an endpoint that is a Unix socket", () => {
  it.effect.each(
    [
      ["unix:///run/otel.sock", "unix:/run/otel.sock"],
      ["unix:/run/my otel.sock", "unix:/run/my otel.sock"],
      ["UNIX:otel.sock", "unix:otel.sock"]
    ] as const
  )("%s is spoken gRPC to, unless a protocol is set", ([text, address]) =>
    Effect.gen(function*() {
      for (
        const name of ["TRACING_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]
      ) {
        const { otlp } = yield* settingsIn({ [name]: text })
        assert.strictEqual(otlp.tracesEndpoint, address)
        assert.strictEqual(otlp.protocol, "grpc")
        const http = yield* settingsIn({ [name]: text, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" })
        assert.strictEqual(http.otlp.tracesEndpoint, address)
        assert.strictEqual(http.otlp.protocol, "http/protobuf")
      }
      const inCode = yield* settingsIn({}, { otlp: { tracesEndpoint: text } })
      assert.strictEqual(inCode.otlp.tracesEndpoint, address)
    }))

  it.effect.each(["unix:", "unix://host/otel.sock", "unix:///a\u0007b"])(
    "%s is none",
    (text) =>
      Effect.gen(function*() {
        assert.include(yield* messageIn({ TRACING_OTLP_ENDPOINT: text }), "or unix:/path of a socket")
      })
  )
})

describe("an endpoint that takes no OTLP", () => {
  it.effect.each(
    [
      ["http://jaeger:14268/api/traces", "Jaeger's old protocol; Jaeger"],
      ["http://jaeger:14268", "Jaeger's old protocol; Jaeger"],
      ["http://jaeger:14250", "Jaeger's old gRPC; Jaeger"],
      ["http://jaeger:16686", "Jaeger's web page; Jaeger"],
      ["http://zipkin:9411", "Zipkin's protocol; a collector"],
      ["http://zipkin/api/v2/spans", "Zipkin's protocol; a collector"]
    ] as const
  )(
    "%s is told who takes it, and where",
    ([text, words]) =>
      Effect.gen(function*() {
        const { warnings } = yield* resolveIn({ TRACING_OTLP_ENDPOINT: text })
        assert.lengthOf(warnings, 1)
        assert.include(warnings[0], `${words} takes OTLP, at http://${new URL(text).hostname}:4318/v1/traces`)
      })
  )
})
