import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { messageIn, settingsIn } from "./support.ts"

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
