/**
 * Effect's `Tracer`, the live span, the context manager, the list of instrumentations and the OpenTelemetry view.
 *
 * @since 0.1.0
 */
export * from "./CurrentPropagation.ts"
export { OtelTracer, OtelTracerProvider } from "./effectOpenTelemetry.ts"
export { describeError } from "./exception.ts"
export type { ErrorDescription } from "./exception.ts"
export * from "./FiberContextManager.ts"
export * from "./inbound.ts"
export * from "./Instrumentation.ts"
export * from "./LiveSpan.ts"
export * from "./openTelemetryGlobals.ts"
export { baggageOf } from "./otelBaggage.ts"
export * from "./OtelSpan.ts"
export { propagatedContext, requestContext } from "./outbound.ts"
export * from "./Pipeline.ts"
export * from "./processResource.ts"
export * from "./redactSpan.ts"
export { externalSpan } from "./remoteContext.ts"
export type * from "./remoteContext.ts"
export * from "./SharedPipelines.ts"
export * from "./textMapPropagator.ts"
export * from "./TracerRuntime.ts"
export { visibleSpan } from "./visibleSpan.ts"
