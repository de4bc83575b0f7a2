import type * as EffectOtel from "@effect/opentelemetry/OtelTracer"
import type * as Otel from "@opentelemetry/api"
import * as Context from "effect/Context"

// The services of `@effect/opentelemetry` by their keys: importing it for them would load a second tracer at the start of every
// program. A test holds the keys to its own.

/** `OtelTracer.OtelTracer`: OpenTelemetry's tracer. */
export const OtelTracer = Context.Service<EffectOtel.OtelTracer, Otel.Tracer>("@effect/opentelemetry/Tracer")

/** `OtelTracer.OtelTracerProvider`: OpenTelemetry's tracer provider. */
export const OtelTracerProvider = Context.Service<EffectOtel.OtelTracerProvider, Otel.TracerProvider>(
  "@effect/opentelemetry/Tracer/OtelTracerProvider"
)

/** `OtelTracer.OtelTraceFlags`: annotation of an external span. */
export const OtelTraceFlags = Context.Service<EffectOtel.OtelTraceFlags, Otel.TraceFlags>(
  "@effect/opentelemetry/Tracer/OtelTraceFlags"
)

/** `OtelTracer.OtelTraceState`: annotation of an external span. */
export const OtelTraceState = Context.Service<EffectOtel.OtelTraceState, Otel.TraceState>(
  "@effect/opentelemetry/Tracer/OtelTraceState"
)
