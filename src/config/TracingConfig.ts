import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type { SettingsOverrides } from "./Field.ts"
import { resolve } from "./resolve.ts"
import type { ResolvedSettings } from "./ResolvedSettings.ts"

/**
 * Provides the settings of tracing, read once.
 *
 * @category services
 * @since 0.1.0
 */
export class TracingConfig extends Context.Service<TracingConfig, ResolvedSettings>()(
  "effect-tracing/config/TracingConfig"
) {
  /**
   * Reads every setting from its variables. Fails with one `ConfigError` that names every bad `TRACING_*` variable.
   *
   * @since 0.1.0
   */
  static readonly layer: Layer.Layer<TracingConfig, Config.ConfigError> = Layer.effect(TracingConfig, resolve())

  /**
   * Reads every setting from its variables where the overrides leave it open. Fails as {@link TracingConfig.layer} does,
   * and for every bad override.
   *
   * @since 0.1.0
   */
  static layerWith(overrides: SettingsOverrides): Layer.Layer<TracingConfig, Config.ConfigError> {
    return Layer.effect(TracingConfig, resolve(overrides))
  }
}
