import * as Otel from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Warnings } from "../ledger/index.ts"

/**
 * What a pipeline offers to libraries that use `@opentelemetry/api`.
 *
 * @category models
 * @since 0.1.0
 */
export interface OpenTelemetryGlobals {
  readonly provider: Otel.TracerProvider
  readonly contextManager: Otel.ContextManager
  readonly propagator: Otel.TextMapPropagator
}

/**
 * Registers provider, context manager and propagator with OpenTelemetry's API while the scope is open, each unless
 * someone else has registered one: that one stays, and the warnings say what follows from it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const registerGlobals = (
  globals: OpenTelemetryGlobals,
  warnings: Warnings
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const provider = Otel.trace.setGlobalTracerProvider(globals.provider)
      const contextManager = Otel.context.setGlobalContextManager(globals.contextManager)
      const propagator = Otel.propagation.setGlobalPropagator(globals.propagator)
      if (!provider || !contextManager) {
        warnings.warn(
          "globals",
          "Another OpenTelemetry SDK is registered in this process. Spans that libraries make with @opentelemetry/api go to " +
            "it, not to effect-tracing; start only one of the two."
        )
      }
      return { provider, contextManager, propagator }
    }),
    (registered) =>
      Effect.sync(() => {
        if (registered.provider) Otel.trace.disable()
        if (registered.contextManager) Otel.context.disable()
        if (registered.propagator) Otel.propagation.disable()
      })
  )
