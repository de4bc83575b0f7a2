import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpMiddleware from "effect/http/HttpMiddleware"
import type { HttpRouter } from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { ResolvedSettings } from "../config/index.ts"
import { TracingConfig } from "../config/index.ts"
import type { ExporterStatus } from "../export/index.ts"
import { lost } from "../ledger/index.ts"
import type { Balance } from "../ledger/index.ts"
import type { SamplingState } from "../sampling/index.ts"
import { SamplingControl } from "../sampling/index.ts"
import { Tracing } from "../Tracing.ts"
import type { ComponentsInput } from "./components.ts"
import { componentsOf, overallHealth } from "./components.ts"
import { registerLedger } from "./metrics/ledgerMetrics.ts"
import { openMetricsText, prometheusText } from "./metrics/prometheus.ts"
import { SpanMetrics } from "./metrics/SpanMetrics.ts"
import { Operations } from "./Operations.ts"
import type { RoutesOptions } from "./routes/routes.ts"
import { makeRoutes } from "./routes/routes.ts"
import { UntracedPaths } from "./routes/UntracedPaths.ts"
import type { ComponentStatuses, LedgerStatus, SamplingStatus, SystemOverview, TracingStatus } from "./schemas.ts"
import { isoTime } from "./time.ts"

/**
 * Bounds of what is remembered, and what is measured.
 *
 * @category models
 * @since 0.1.0
 */
export interface ObservabilityOptions {
  /** Operations (by name, kind and host) told apart; beyond, they are counted together. Default 200; 2 KiB each. */
  readonly maxOperations?: number | undefined
  /** Half of the longest time that rates and quantiles look back, in milliseconds. Default 300,000. */
  readonly generationMillis?: number | undefined
  /** Series of each metric; beyond, they are one, marked `otel.metric.overflow`. From 2 up, default 2,000. */
  readonly cardinalityLimit?: number | undefined
  /** Whether spans are recorded as metrics. Default `true`. */
  readonly metrics?: boolean | undefined
}

/**
 * The observability manager of a program: what it does, how tracing does, and why.
 *
 * **Details**
 *
 * Its figures come from every span that ends, before sampling: they are true at any sampling rate. For that, spans record even
 * where the sampler drops them; only those made with `sampled: false`, or below the trace level, are not seen.
 *
 * @category services
 * @since 0.1.0
 */
export class Observability extends Context.Service<Observability, {
  /** The program at a glance: who it is, how long it runs, and each operation's rate, errors and durations. */
  readonly systemOverview: Effect.Effect<SystemOverview>
  /** How each part of tracing does, since when, why, and what to do about it. */
  readonly componentStatus: Effect.Effect<ComponentStatuses>
  /** Tracing in detail: settings with their sources, secrets hidden, the ledger, the last export and the last error. */
  readonly tracingStatus: Effect.Effect<TracingStatus>
  /** All metrics of the program as text: Prometheus' own format, or OpenMetrics, which has exemplars. */
  readonly metricsText: (format: "prometheus" | "openmetrics") => Effect.Effect<string>
}>()("effect-tracing/observability/Observability") {
  /**
   * Watches the program's spans from now on. Provide it once, around servers too, so that its own routes are not traced.
   *
   * **Example**
   *
   * ```ts
   * import { Effect, Layer } from "effect"
   * import { TracingLive } from "effect-tracing"
   * import { Observability } from "effect-tracing/observability"
   *
   * export const program = Effect.gen(function*() {
   *   const observability = yield* Observability
   *   const { operations, status } = yield* observability.systemOverview
   *   yield* Effect.log(status, operations)
   * }).pipe(Effect.provide(Observability.layer.pipe(Layer.provideMerge(TracingLive))))
   * ```
   *
   * @since 0.1.0
   */
  static readonly layer: Layer.Layer<Observability, never, Tracing | TracingConfig | SamplingControl> = Layer
    .effectContext(
      Effect.suspend(() => make({}))
    )

  /**
   * Watches the program's spans with other bounds than the usual ones.
   *
   * @since 0.1.0
   */
  static layerWith(
    options: ObservabilityOptions
  ): Layer.Layer<Observability, never, Tracing | TracingConfig | SamplingControl> {
    return Layer.effectContext(make(options))
  }

  /**
   * Adds to an `HttpRouter`: `/observability/overview`, `/observability/components`, `/observability/tracing` and `/metrics`, for
   * those who may see them; `/healthz` and `/readyz`, for all.
   *
   * **Details**
   *
   * The first three answer in JSON, or as a page where `Accept` prefers HTML; `/metrics` in Prometheus' format, or in OpenMetrics
   * where that is accepted. `/healthz` says 200 while the process answers. `/readyz` says 200 too, whatever tracing does, unless
   * `unreadyAfter` is set.
   *
   * **Gotchas**
   *
   * By default the details are shown to this machine only, by the address of the peer. A proxy on this machine makes everybody such a
   * peer; those that add `Forwarded` or `X-Forwarded-For` are noticed and refused. With any other, use a token.
   *
   * **Example**
   *
   * ```ts
   * import { Layer, Redacted } from "effect"
   * import { HttpRouter, HttpServerResponse } from "effect/http"
   * import { TracingLive } from "effect-tracing"
   * import { Observability } from "effect-tracing/observability"
   *
   * const app = Layer.mergeAll(
   *   HttpRouter.add("GET", "/", HttpServerResponse.text("hello")),
   *   Observability.routes({ access: { token: Redacted.make("from the environment") } })
   * )
   *
   * export const server = HttpRouter.serve(app).pipe(
   *   Layer.provide(Observability.layer),
   *   Layer.provide(TracingLive)
   * )
   * ```
   *
   * @since 0.1.0
   */
  static routes(options: RoutesOptions = {}): Layer.Layer<never, never, HttpRouter | Observability> {
    return makeRoutes(Observability, options)
  }
}

const ledgerStatus = (balance: Balance): LedgerStatus => ({
  started: balance.started,
  active: balance.active,
  sampled_out: balance.sampledOut,
  kept_back: balance.keptBack,
  queued: balance.queued,
  in_flight: balance.inFlight,
  spooled: balance.spooled,
  exported: balance.exported,
  rejected: balance.rejected,
  dropped: balance.dropped,
  late_writes: balance.lateWrites,
  evicted: balance.evicted,
  evicted_traces: balance.evictedTraces,
  maybe_doubled: balance.maybeDoubled,
  lost: lost(balance)
})

const samplingStatus = ({ isAdjusted, rules, settings }: SamplingState): SamplingStatus => ({
  adjusted: isAdjusted,
  sampler: settings.sampler,
  ratio: settings.ratio,
  keep_errors: settings.keepErrors,
  keep_slow_ms: settings.keepSlowMillis ?? null,
  keep_slowest: settings.keepSlowest ?? null,
  keep_events: settings.keepEvents,
  max_traces_per_second: settings.maxTracesPerSecond ?? null,
  ignored_routes: settings.ignoredRoutes,
  rules: rules.length
})

const lastError = (exporters: ReadonlyArray<ExporterStatus>): TracingStatus["last_error"] => {
  const [last] = exporters
    .flatMap(({ lastProblem, name }) => lastProblem === undefined ? [] : [{ ...lastProblem, name }])
    .toSorted((a, b) => b.time - a.time)
  return last === undefined
    ? null
    : { exporter: last.name, reason: last.reason, message: last.message, time: isoTime(last.time) }
}

const lastExport = (exporters: ReadonlyArray<ExporterStatus>): string | null => {
  const times = exporters.flatMap(({ lastSuccess }) => lastSuccess ?? [])
  return times.length === 0 ? null : isoTime(Math.max(...times))
}

/** The trace of the span that asks; in a request that is not traced there is none. */
const currentTraceId: Effect.Effect<string | null> = Effect.currentSpan.pipe(
  Effect.map((span) => span.traceId),
  Effect.orElseSucceed(() => null)
)

const makeService = (
  resolved: ResolvedSettings,
  tracing: Tracing["Service"],
  samplingControl: SamplingControl["Service"],
  operations: Operations,
  started: { readonly millis: number; readonly monotonicNanos: bigint },
  metricsText: Observability["Service"]["metricsText"]
): Observability["Service"] => {
  const { settings } = resolved
  const input: Effect.Effect<ComponentsInput> = Effect.gen(function*() {
    return {
      settings,
      balance: yield* tracing.ledger,
      warnings: yield* tracing.warnings,
      exporters: yield* tracing.exporters,
      sampling: yield* tracing.sampling,
      isSamplingAdjusted: (yield* samplingControl.current).isAdjusted,
      redactions: yield* tracing.redactions,
      startedAt: started.millis,
      now: yield* Clock.currentTimeMillis
    }
  })
  return {
    componentStatus: Effect.map(input, componentsOf),
    systemOverview: Effect.gen(function*() {
      const all = yield* input
      const { balance, exporters, now, sampling } = all
      const nanos = (yield* Clock.monotonicTimeNanos) - started.monotonicNanos
      return {
        status: overallHealth(componentsOf(all)),
        service: {
          name: settings.serviceName,
          version: settings.serviceVersion ?? null,
          environment: settings.environment
        },
        started: isoTime(started.millis),
        uptime_seconds: Math.round(Number(nanos) / 1e6) / 1000,
        tracing: {
          initialized: tracing.enabled,
          sampling,
          exporters: exporters.map(({ name }) => name),
          spans_started: balance.started,
          spans_exported: balance.exported,
          spans_lost: lost(balance)
        },
        operations: operations.overview(now)
      }
    }),
    tracingStatus: Effect.gen(function*() {
      const { balance, exporters, sampling, warnings } = yield* input
      return {
        initialized: tracing.enabled,
        current_trace_id: yield* currentTraceId,
        sampling,
        sampling_control: samplingStatus(yield* samplingControl.current),
        ledger: ledgerStatus(balance),
        last_export: lastExport(exporters),
        last_error: lastError(exporters),
        warnings: warnings.map(({ count, message }) => ({ message, count })),
        settings: resolved.resolved
      }
    }),
    metricsText
  }
}

const make = Effect.fnUntraced(function*(
  options: ObservabilityOptions
): Effect.fn.Return<Context.Context<Observability>, never, Scope.Scope | Tracing | TracingConfig | SamplingControl> {
  const tracing = yield* Tracing
  const samplingControl = yield* SamplingControl
  const resolved = yield* TracingConfig
  const context = yield* Effect.context()
  const clock = yield* Clock.Clock
  const operations = new Operations({
    maxOperations: options.maxOperations ?? 200,
    generationMillis: options.generationMillis ?? 300_000
  })
  const metrics = new SpanMetrics(context, options.cardinalityLimit ?? 2000)
  if (options.metrics === false) {
    yield* tracing.observe((span) => operations.record(span))
  } else {
    yield* tracing.observe((span) => {
      operations.record(span)
      metrics.record(span)
    })
    // Metrics are read synchronously, and so are these.
    const read = Effect.runSyncWith(context)
    yield* registerLedger(context, {
      balance: () => read(tracing.ledger),
      exporters: () => read(tracing.exporters)
    }, resolved.settings)
  }
  const service = makeService(
    resolved,
    tracing,
    samplingControl,
    operations,
    { millis: clock.currentTimeMillisUnsafe(), monotonicNanos: clock.monotonicTimeNanosUnsafe() },
    (format) =>
      Effect.sync(() => {
        const text = prometheusText(context)
        return format === "prometheus" ? text : openMetricsText(text, metrics.exemplars)
      })
  )
  const untraced = new UntracedPaths()
  const isUntraced = yield* HttpMiddleware.TracerDisabledWhen
  return Context.make(Observability, Observability.of(service)).pipe(
    Context.add(UntracedPaths.Current, untraced),
    Context.add(HttpMiddleware.TracerDisabledWhen, (request) => untraced.has(request.url) || isUntraced(request))
  )
})
