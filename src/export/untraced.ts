import { context, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { AsyncLocalStorage } from "node:async_hooks"

// The key by which OpenTelemetry's instrumentations know that they are to keep quiet (`suppressTracing` of
// @opentelemetry/core). Context keys are made by their description, so this is the very same key without that package.
const suppressed = ROOT_CONTEXT.setValue(createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING"), true)

/**
 * Runs `f` outside whatever asynchronous context the caller is in. What is started there (timers, sockets) neither
 * holds on to a request of the program nor takes its span for a parent.
 */
export const detached: <A>(f: () => A) => A = AsyncLocalStorage.snapshot()

/**
 * Runs `f` detached and with OpenTelemetry's tracing suppressed, so that no instrumentation traces what exports traces.
 */
export const quietly = <A>(f: () => A): A => detached(() => context.with(suppressed, f))

/**
 * Runs the effect without a tracer and without trace headers on its requests.
 */
export const untraced = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  effect.pipe(Effect.withTracerEnabled(false), Effect.provideService(Tracer.DisablePropagation, true))
