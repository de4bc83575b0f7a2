import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import type { SettingsOverrides } from "effect-tracing/config"
import { messageIn, resolveIn, settingsIn } from "./support.ts"

describe("resolve: overrides", () => {
  it.effect("win over variables, and leave the rest to them", () =>
    Effect.gen(function*() {
      const env = { TRACING_SERVICE_NAME: "env", TRACING_ENVIRONMENT: "ci", TRACING_QUEUE_BYTES: "2048" }
      const { resolved, settings } = yield* resolveIn(env, {
        serviceName: "code",
        batch: { maxExportBatchSize: 10 },
        environment: undefined
      })
      assert.strictEqual(settings.serviceName, "code")
      assert.strictEqual(settings.environment, "ci")
      assert.strictEqual(settings.batch.maxExportBatchSize, 10)
      assert.strictEqual(settings.batch.queueBytes, 2048)
      const sources = Object.fromEntries(resolved.map(({ name, source }) => [name, source]))
      assert.strictEqual(sources["serviceName"], "override")
      assert.strictEqual(sources["environment"], "variable")
      assert.strictEqual(sources["batch.scheduleDelayMillis"], "default")
    }))

  it.effect.each(
    [
      [{ sampling: { ratio: 7 } }, "sampling.ratio=7: expected a number from 0 to 1"],
      [{ sampling: { ratio: NaN } }, "sampling.ratio=NaN: expected a number from 0 to 1"],
      [{ batch: { maxExportBatchSize: 0 } }, "batch.maxExportBatchSize=0: expected a whole number from 1 up"],
      [{ correlationHeader: "X Id" }, "correlationHeader=\"X Id\": expected the name of an HTTP header"],
      [
        { otlp: { tracesEndpoint: "collector:4318" } },
        "otlp.tracesEndpoint=\"collector:4318\": expected an http or https URL"
      ],
      [{ otlp: { headers: { a: Redacted.make("hush\nhush") } } }, "otlp.headers=\"[hidden]\": expected"]
    ] as const
  )("%j is refused under the field's name", ([overrides, line]) =>
    Effect.gen(function*() {
      const message = yield* messageIn({}, overrides)
      assert.include(message, line)
      assert.notInclude(message, "hush")
    }))

  it.effect("of a wrong type or for no setting are refused where the compiler did not", () =>
    Effect.gen(function*() {
      const overrides: unknown = {
        enabled: "yes",
        samplng: 1,
        batch: { size: 2 },
        console: "json",
        exporters: ["otlp", "file"]
      }
      const message = yield* messageIn({}, overrides as SettingsOverrides)
      for (
        const part of [
          "enabled=\"yes\"",
          "samplng: is not a setting",
          "batch.size: is not a setting",
          "console: is a group of settings, not a value",
          "exporters="
        ]
      ) {
        assert.include(message, part)
      }
    }))

  it.effect("a bad variable is told even where an override makes it moot", () =>
    Effect.gen(function*() {
      assert.include(yield* messageIn({ TRACING_ENABLED: "maybe" }, { enabled: true }), "TRACING_ENABLED=\"maybe\"")
    }))

  it.effect.prop(
    "of any rate from 0 to 1 give that rate, and any other number fails",
    [Schema.Finite],
    ([ratio]) =>
      Effect.gen(function*() {
        const result = yield* Effect.result(settingsIn({}, { sampling: { ratio } }))
        assert.strictEqual(result._tag, ratio >= 0 && ratio <= 1 ? "Success" : "Failure")
      })
  )
})
