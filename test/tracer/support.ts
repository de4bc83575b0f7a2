import { assert } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { ConfigProvider, Context, Effect, Layer, type Scope, Tracer } from "effect"
import { Tracing, type TracingConfig, type TracingOptions } from "effect-tracing"
import { allExported, type SpanExporter } from "effect-tracing/export"
import type { EndedSpan } from "effect-tracing/model"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"

/** What the test layer provides, and a scope for the programs that need one. */
export type TestServices =
  | RecordedSpans
  | Tracing
  | TracingConfig
  | Scope.Scope

/** Runs a program under a tracing layer of its own and hands out what it recorded. */
export const recorded = <A, E>(
  program: Effect.Effect<A, E, TestServices>,
  options: Parameters<typeof TestTracing.layer>[0] = {}
): Effect.Effect<ReadonlyArray<EndedSpan>, unknown> =>
  Effect.gen(function*() {
    yield* Effect.exit(Effect.scoped(program))
    const spans = yield* RecordedSpans
    return yield* spans.all
  }).pipe(Effect.provide(TestTracing.layer(options)))

/** Runs a program under a tracing layer of its own and holds the trees of its spans to the ones given. */
export const gives = <A, E>(
  program: Effect.Effect<A, E, TestServices>,
  expected: ReadonlyArray<string>,
  options: Parameters<typeof TestTracing.layer>[0] = {}
): Effect.Effect<void, unknown> =>
  Effect.gen(function*() {
    yield* Effect.scoped(program)
    const spans = yield* RecordedSpans
    assert.deepStrictEqual(yield* spans.tree, expected)
  }).pipe(Effect.provide(TestTracing.layer(options)))

/** The only span of this name. */
export const spanNamed = (spans: ReadonlyArray<EndedSpan>, name: string): EndedSpan => {
  const found = spans.filter((span) => span.name === name)
  assert.strictEqual(found.length, 1, `spans named ${name} among ${spans.map((span) => span.name).join(", ")}`)
  return found[0]!
}

/** The tracer of a library that knows OpenTelemetry's API and nothing of Effect. */
export const library = (): Otel.Tracer => Otel.trace.getTracer("library")

/** A span made by hand with OpenTelemetry's API, below whatever is active. */
export const byHand = (name: string): void => library().startSpan(name).end()

/** The name of the span OpenTelemetry's API says is active. */
export const activeName = (): string | undefined => {
  const active = Otel.trace.getActiveSpan()
  return active === undefined ? undefined : "name" in active ? String(active.name) : "unknown"
}

/** Waits on a timer of the platform, outside of Effect. */
export const delay = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** A fiber's services without its span, as a program begins that is run from outside. */
export const contextWithoutSpan: <R>(context: Context.Context<R>) => Context.Context<Exclude<R, Tracer.ParentSpan>> =
  Context.omit(Tracer.ParentSpan)

/** An exporter that keeps what it is handed. */
export const makeRecorder = (name = "recorder"): SpanExporter & { readonly spans: Array<EndedSpan> } => {
  const spans: Array<EndedSpan> = []
  return {
    name,
    spans,
    export: (batch) =>
      Effect.sync(() => {
        spans.push(...batch)
        return allExported
      }),
    shutdown: Effect.void
  }
}

/** `Tracing.layerWith` in an environment of its own: provided twice it is one pipeline, unlike `TestTracing.layer`. */
export const recordingLayer = (
  env: Record<string, string> = {},
  options: TracingOptions = {}
) => {
  const recorder = makeRecorder()
  return {
    spans: recorder.spans,
    layer: Tracing.layerWith({ ...options, exporters: [recorder, ...(options.exporters ?? [])] }).pipe(
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
    )
  }
}
