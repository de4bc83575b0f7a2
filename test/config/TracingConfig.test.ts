import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer } from "effect"
import { TracingConfig } from "effect-tracing/config"

const environment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

describe("TracingConfig", () => {
  it.effect("layer reads the environment", () =>
    Effect.gen(function*() {
      const { settings } = yield* TracingConfig
      assert.strictEqual(settings.serviceName, "shop")
    }).pipe(Effect.provide(TracingConfig.layer.pipe(Layer.provide(environment({ TRACING_SERVICE_NAME: "shop" }))))))

  it.effect("layerWith puts overrides over the environment", () =>
    Effect.gen(function*() {
      const { settings } = yield* TracingConfig
      assert.strictEqual(settings.serviceName, "shop")
      assert.strictEqual(settings.console.format, "json")
    }).pipe(Effect.provide(
      TracingConfig.layerWith({ console: { format: "json" } }).pipe(
        Layer.provide(environment({ TRACING_SERVICE_NAME: "shop", TRACING_CONSOLE_FORMAT: "waterfall" }))
      )
    )))

  it.effect("fails its layer, not the fiber, on a bad setting", () =>
    Effect.gen(function*() {
      const error = yield* TracingConfig.pipe(
        Effect.provide(TracingConfig.layer.pipe(Layer.provide(environment({ TRACING_ENABLED: "maybe" })))),
        Effect.flip
      )
      assert.strictEqual(error._tag, "ConfigError")
    }))
})
