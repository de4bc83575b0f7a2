import type * as Otel from "@opentelemetry/api"
import type { SpanProcessor } from "@opentelemetry/sdk-trace-base"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"

// Modules of `effect` one by one, and each tracer only where it is asked for: the start of the process is measured too.

/** The tracers that are compared, in the order of the tables. */
export const variantNames = [
  "none",
  "Effect's spans, kept nowhere",
  "stock",
  "stock, unsampled",
  "OtlpTracer",
  "OpenTelemetry JS",
  "ours",
  "ours, unsampled",
  "ours, disabled",
  "ours, keep errors at 0.1"
] as const

export type VariantName = typeof variantNames[number]

export interface VariantOptions {
  /** Where spans are posted to. */
  readonly endpoint: string
  /** Whether spans only wait and are never sent: to weigh the queue. */
  readonly holdBack: boolean
}

export interface Variant {
  /** What the measured program runs in. */
  readonly context: Context.Context<never>
  /** Waits until everything that has ended is delivered. */
  readonly flush: () => Promise<unknown>
  /** The tracer of OpenTelemetry, for the variant that goes without Effect's spans. */
  readonly tracer?: Otel.Tracer | undefined
}

const batchSize = 512
const never = 2 ** 31 - 1

const build = <R>(layer: Layer.Layer<R, unknown>): Promise<Context.Context<R>> => ManagedRuntime.make(layer).context()

/**
 * Effect's own spans by a tracer that is not Effect's default: with one in place Effect gathers attributes it otherwise leaves
 * out. What this adds no tracer can save.
 */
const ownSpans = async (): Promise<Variant> => {
  const Tracer = await import("effect/Tracer")
  const tracer = Tracer.make({ span: (options) => new Tracer.NativeSpan(options) })
  return { context: Context.make(Tracer.Tracer, tracer), flush: () => Promise.resolve() }
}

/** OpenTelemetry's own pipeline, with a queue that never has to drop anything. */
const openTelemetryPipeline = async ({ endpoint, holdBack }: VariantOptions): Promise<SpanProcessor> => {
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http")
  const { BatchSpanProcessor } = await import("@opentelemetry/sdk-trace-base")
  return new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint }), {
    maxQueueSize: 10_000_000,
    maxExportBatchSize: holdBack ? 10_000_000 : batchSize,
    scheduledDelayMillis: holdBack ? never : 5000
  })
}

const stock = async (options: VariantOptions, isSampled: boolean): Promise<Variant> => {
  const NodeSdk = await import("@effect/opentelemetry/NodeSdk")
  const processor = await openTelemetryPipeline(options)
  const sampler = isSampled ? undefined : new (await import("@opentelemetry/sdk-trace-base")).AlwaysOffSampler()
  const context = await build(NodeSdk.layer(() => ({
    resource: { serviceName: "bench" },
    spanProcessor: processor,
    ...(sampler === undefined ? undefined : { tracerConfig: { sampler } })
  })))
  return { context, flush: () => processor.forceFlush() }
}

const openTelemetry = async (options: VariantOptions): Promise<Variant> => {
  const { NodeTracerProvider } = await import("@opentelemetry/sdk-trace-node")
  const processor = await openTelemetryPipeline(options)
  const provider = new NodeTracerProvider({ spanProcessors: [processor] })
  provider.register()
  return { context: Context.empty(), flush: () => processor.forceFlush(), tracer: provider.getTracer("bench") }
}

const otlpTracer = async ({ endpoint, holdBack }: VariantOptions): Promise<Variant> => {
  const OtlpTracer = await import("effect/observability/OtlpTracer")
  const OtlpSerialization = await import("effect/observability/OtlpSerialization")
  const { Flusher } = await import("effect/observability/OtlpExporter")
  const FetchHttpClient = await import("effect/http/FetchHttpClient")
  const Layer = await import("effect/Layer")
  const context = await build(
    OtlpTracer.layer({
      url: endpoint,
      resource: { serviceName: "bench" },
      exportInterval: holdBack ? never : 5000,
      maxBatchSize: holdBack ? 10_000_000 : batchSize
    }).pipe(Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer]))
  )
  return { context, flush: () => Effect.runPromise(Context.get(context, Flusher).flush) }
}

const ours = async (
  { endpoint, holdBack }: VariantOptions,
  settings: { readonly enabled?: boolean; readonly ratio?: number }
): Promise<Variant> => {
  const { Tracing } = await import("../../src/index.ts")
  const context = await build(Tracing.layerWith({
    config: {
      serviceName: "bench",
      enabled: settings.enabled ?? true,
      ...(settings.ratio === undefined ? undefined : { sampling: { ratio: settings.ratio } }),
      exporters: ["otlp"],
      // Nobody listens on that port: full batches wait as they do behind a collector that is down.
      otlp: { tracesEndpoint: holdBack ? "http://127.0.0.1:9/v1/traces" : endpoint },
      ...(holdBack ? { batch: { scheduleDelayMillis: never, queueBytes: 2 ** 31 }, logLevel: "none" } : undefined)
    }
  }))
  return { context, flush: () => Effect.runPromise(Context.get(context, Tracing).flush) }
}

export const makeVariant = (name: VariantName, options: VariantOptions): Promise<Variant> => {
  switch (name) {
    case "none":
      return Promise.resolve({ context: Context.empty(), flush: () => Promise.resolve() })
    case "Effect's spans, kept nowhere":
      return ownSpans()
    case "stock":
      return stock(options, true)
    case "stock, unsampled":
      return stock(options, false)
    case "OtlpTracer":
      return otlpTracer(options)
    case "OpenTelemetry JS":
      return openTelemetry(options)
    case "ours":
      return ours(options, {})
    case "ours, unsampled":
      return ours(options, { ratio: 0 })
    case "ours, disabled":
      return ours(options, { enabled: false })
    case "ours, keep errors at 0.1":
      return ours(options, { ratio: 0.1 })
  }
}
