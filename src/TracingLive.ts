import type * as Config from "effect/Config"
import * as Layer from "effect/Layer"
import { TracingConfig } from "./config/index.ts"
import type { Provides } from "./Tracing.ts"
import { Tracing } from "./Tracing.ts"

/**
 * Traces the program as the environment says: the one line most programs need. Fails with one `ConfigError` that
 * names every bad `TRACING_*` variable.
 *
 * **Details**
 *
 * Provide it outside every span, so that closing it comes last. Every `Effect.withSpan` and `Effect.fn`, every request of
 * `effect/http` and every statement of `effect/sql` becomes a span, without any change to the code.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { TracingLive } from "effect-tracing"
 *
 * export const program = Effect.log("hello").pipe(
 *   Effect.withSpan("greet"),
 *   Effect.provide(TracingLive)
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const TracingLive: Layer.Layer<Provides | TracingConfig, Config.ConfigError> = Tracing.layer.pipe(
  Layer.provideMerge(TracingConfig.layer)
)
