import type * as OpenTelemetry from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import type { Resource } from "../../model/index.ts"
import type { ExportOutcome, SpanExporter } from "../SpanExporter.ts"
import { allExported, ExportError } from "../SpanExporter.ts"
import { quietly } from "../untraced.ts"
import { ReadableSpanView } from "./ReadableSpanView.ts"

/**
 * How an exporter of OpenTelemetry is taken over.
 *
 * @category models
 * @since 0.1.0
 */
export interface FromOpenTelemetryOptions {
  readonly resource: Resource
  /** How warnings and the status name it; the name of its class if left out. */
  readonly name?: string | undefined
}

/**
 * Adapts an exporter written for OpenTelemetry, such as `OTLPTraceExporter` of `@opentelemetry/exporter-trace-otlp-http`.
 *
 * **Details**
 *
 * Such an exporter tries again by itself, as the specification asks of it; what it reports as failed is dropped, counted
 * and told. One that throws, or that never says how it went, is counted and told as well.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromOpenTelemetry = (
  exporter: OpenTelemetry.SpanExporter,
  options: FromOpenTelemetryOptions
): SpanExporter => {
  const name = options.name ?? exporter.constructor.name
  return {
    name,
    export: (spans) =>
      Effect.callback<ExportOutcome, ExportError>((resume) => {
        const views = spans.map((span) => new ReadableSpanView(span, options.resource))
        quietly(() =>
          exporter.export(views, ({ code, error }) =>
            resume(
              // `ExportResultCode` of @opentelemetry/core: 0 is success.
              (code as number) === 0 ? Effect.succeed(allExported) : Effect.fail(
                new ExportError({
                  reason: "failed",
                  message: `Spans cannot be exported to ${name}: ${error?.message ?? "it does not say why"}.`,
                  retryable: false,
                  retryAfterMillis: undefined,
                  ...(error === undefined ? undefined : { cause: error })
                })
              )
            ))
        )
      }),
    // What an exporter says while it goes can no longer help anybody.
    shutdown: Effect.ignore(Effect.tryPromise(() => quietly(() => exporter.shutdown())))
  }
}
