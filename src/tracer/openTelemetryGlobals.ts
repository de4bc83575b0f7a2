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

interface Offer {
  readonly globals: OpenTelemetryGlobals
  readonly warnings: Warnings
}

// Who would register, oldest first. OpenTelemetry's API takes one of each: the oldest has it, the next takes over when it goes.
const offers: Array<Offer> = []

const registered = { provider: false, contextManager: false, propagator: false }

const register = ({ globals, warnings }: Offer): void => {
  registered.provider = Otel.trace.setGlobalTracerProvider(globals.provider)
  registered.contextManager = Otel.context.setGlobalContextManager(globals.contextManager)
  if (registered.contextManager) globals.contextManager.enable()
  registered.propagator = Otel.propagation.setGlobalPropagator(globals.propagator)
  if (registered.provider && registered.contextManager) return
  warnings.warn(
    "globals",
    "Another OpenTelemetry SDK is registered in this process. Spans that libraries make with @opentelemetry/api go to " +
      "it, not to effect-tracing; start only one of the two."
  )
}

const unregister = (): void => {
  if (registered.provider) Otel.trace.disable()
  if (registered.contextManager) Otel.context.disable()
  if (registered.propagator) Otel.propagation.disable()
}

/**
 * Registers provider, context manager and propagator with OpenTelemetry's API while the scope is open, each unless
 * someone else has registered one: that one stays, and the warnings say what follows from it. Of several pipelines the
 * oldest is registered.
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
      const offer: Offer = { globals, warnings }
      if (offers.push(offer) === 1) register(offer)
      return offer
    }),
    (offer) =>
      Effect.sync(() => {
        const place = offers.indexOf(offer)
        offers.splice(place, 1)
        if (place > 0) return
        unregister()
        if (offers[0] !== undefined) register(offers[0])
      })
  )
