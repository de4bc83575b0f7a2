import type * as EffectOtel from "@effect/opentelemetry/OtelTracer"
import * as Otel from "@opentelemetry/api"
import type { SpanProcessor } from "@opentelemetry/sdk-trace-base"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import { acquirePipeline } from "./assembly.ts"
import type { ResolvedSettings, SettingsOverrides } from "./config/index.ts"
import { TracingConfig } from "./config/index.ts"
import type { ExporterStatus, SpanExporter } from "./export/processor.ts"
import { captureHeaders, ClientTracerPropagationEnabled } from "./http/index.ts"
import type { Balance, Warning } from "./ledger/index.ts"
import { Ledger } from "./ledger/index.ts"
import { packageVersion } from "./model/index.ts"
import type { Redactor } from "./privacy/index.ts"
import type { LateKeep, Sampler } from "./sampling/index.ts"
import { alwaysOff, makeSamplingControl, SamplingControl } from "./sampling/index.ts"
import { SpanPropagationEnabled } from "./sql/index.ts"
import type { Instrumentation, SpanObserver } from "./tracer/index.ts"
import { CurrentPropagation, OtelTracer, OtelTracerProvider } from "./tracer/index.ts"

/**
 * What the settings cannot say: parts made of code.
 *
 * @category models
 * @since 0.1.0
 */
export interface TracingOptions {
  /** Wins over the environment, setting by setting. */
  readonly config?: SettingsOverrides | undefined
  /** Exporters besides those of the settings. */
  readonly exporters?: ReadonlyArray<SpanExporter> | undefined
  /** OpenTelemetry's span processors; each sees every recording span, redacted, as it ends. */
  readonly spanProcessors?: ReadonlyArray<SpanProcessor> | undefined
  /** Replaces the sampler of the settings. */
  readonly sampler?: Sampler | undefined
  /** Replaces what the settings keep in spite of the sampler (errors, slow traces). */
  readonly lateKeep?: LateKeep | undefined
  /** What is redacted besides what always is, and what is not. */
  readonly privacy?: Redactor.Rules | undefined
  /** Instrumentations besides those of HTTP and SQL. */
  readonly instrumentations?: ReadonlyArray<Instrumentation> | undefined
}

/**
 * What a tracing layer provides, besides Effect's own `Tracer`.
 *
 * @category models
 * @since 0.1.0
 */
export type Provides = Tracing | SamplingControl | EffectOtel.OtelTracer | EffectOtel.OtelTracerProvider

/**
 * The tracing of a program: its layers, and what the program may ask of it.
 *
 * @category services
 * @since 0.1.0
 */
export class Tracing extends Context.Service<Tracing, {
  /** Whether spans are recorded at all (`TRACING_ENABLED`, `OTEL_SDK_DISABLED`). */
  readonly enabled: boolean
  /** Sends what waits now, and waits until it is delivered or given up: for short-lived jobs and serverless functions. */
  readonly flush: Effect.Effect<void>
  /** Where every span is right now. */
  readonly ledger: Effect.Effect<Balance>
  /** Everything tracing has warned about, oldest first. */
  readonly warnings: Effect.Effect<ReadonlyArray<Warning>>
  /** How each exporter fares. */
  readonly exporters: Effect.Effect<ReadonlyArray<ExporterStatus>>
  /** Describes the sampler and, after it, what is kept in spite of it; empty where nothing is recorded. */
  readonly sampling: Effect.Effect<ReadonlyArray<string>>
  /** How many secrets of each kind were taken out so far: `{ jwt: 2, password: 1 }`. */
  readonly redactions: Effect.Effect<Readonly<Record<string, number>>>
  /**
   * Shows every span that ends to the observer, whatever the sampler says, until the scope closes. Meanwhile all spans record, which
   * is what an unsampled span otherwise saves.
   */
  readonly observe: (observer: SpanObserver) => Effect.Effect<void, never, Scope.Scope>
}>()("effect-tracing/Tracing") {
  /**
   * Traces the program as the settings say. Closing the layer sends what is left, within the time bound of the settings.
   *
   * **Details**
   *
   * Provided twice in one process with the same settings, it is one pipeline. With `TRACING_ENABLED=false` it provides no
   * tracer at all, and the program runs as it would without this package.
   *
   * @since 0.1.0
   */
  static readonly layer: Layer.Layer<Provides, Config.ConfigError, TracingConfig> = Layer.effectContext(
    Effect.flatMap(TracingConfig, (resolved) => build(resolved, {}))
  )

  /**
   * Traces the program as the environment says, under the overrides and with the parts given. Fails with one
   * `ConfigError` that names every bad setting.
   *
   * **Example**
   *
   * ```ts
   * import { Tracing } from "effect-tracing"
   *
   * export const TracingForJobs = Tracing.layerWith({
   *   config: { serviceName: "nightly-jobs", sampling: { ratio: 0.1 } }
   * })
   * ```
   *
   * @since 0.1.0
   */
  static layerWith(options: TracingOptions): Layer.Layer<Provides | TracingConfig, Config.ConfigError> {
    return Layer.effectContext(Effect.flatMap(TracingConfig, (resolved) => build(resolved, options))).pipe(
      Layer.provideMerge(TracingConfig.layerWith(options.config ?? {}))
    )
  }
}

const whenDisabled = ({ settings }: ResolvedSettings): Context.Context<Provides> => {
  const provider = new Otel.ProxyTracerProvider()
  return Context.make(Tracing, {
    enabled: false,
    flush: Effect.void,
    ledger: Effect.succeed(new Ledger().balance),
    warnings: Effect.succeed([]),
    exporters: Effect.succeed([]),
    sampling: Effect.succeed([]),
    redactions: Effect.succeed({}),
    observe: () => Effect.void
  }).pipe(
    // It takes every change, and nothing follows.
    Context.add(SamplingControl, makeSamplingControl({ sampler: alwaysOff, lateKeep: undefined }, settings.sampling)),
    Context.add(OtelTracerProvider, provider),
    Context.add(OtelTracer, provider.getTracer("effect-tracing", packageVersion))
  )
}

const build = Effect.fnUntraced(function*(
  resolved: ResolvedSettings,
  options: TracingOptions
): Effect.fn.Return<Context.Context<Provides>, Config.ConfigError, Scope.Scope> {
  if (!resolved.settings.enabled) return whenDisabled(resolved)
  const { exporters, flush, observe, propagation, provider, redactor, runtime, samplingControl, tracer } =
    yield* acquirePipeline(resolved, options)
  return Context.make(Tracing, {
    enabled: true,
    flush,
    ledger: Effect.sync(() => runtime.ledger.balance),
    warnings: Effect.sync(() => runtime.warnings.all),
    exporters,
    sampling: Effect.sync(() => {
      const { lateKeep, sampler } = runtime
      return lateKeep === undefined ? [sampler.description] : [sampler.description, lateKeep.description]
    }),
    redactions: Effect.sync(() => redactor.counts()),
    observe
  }).pipe(
    Context.add(SamplingControl, samplingControl),
    Context.add(OtelTracerProvider, provider),
    Context.add(OtelTracer, provider.getTracer("effect-tracing", packageVersion)),
    Context.add(Tracer.Tracer, tracer),
    Context.add(CurrentPropagation, propagation),
    // Effect's own client writes trace headers for every stranger; ours are written per request, to hosts of one's own.
    Context.add(ClientTracerPropagationEnabled, false),
    Context.add(SpanPropagationEnabled, resolved.settings.instrument.sql),
    Context.merge(captureHeaders(resolved.settings.capturedHeaders))
  )
})
