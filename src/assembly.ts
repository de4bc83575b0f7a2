import * as Otel from "@opentelemetry/api"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import { randomUUID } from "node:crypto"
import type { ResolvedSettings, TracingSettings } from "./config/index.ts"
import { failBySettings } from "./config/index.ts"
import type { SpanExporter } from "./export/processor.ts"
import { loadConsoleExporter, loadFileExporter, loadOtlpExporter } from "./export/processor.ts"
import {
  ClientConnections,
  HttpClientInstrumentation,
  HttpServerInstrumentation,
  makeClientAddress,
  TraceHeaders
} from "./http/index.ts"
import { Warnings } from "./ledger/index.ts"
import type { Resource } from "./model/index.ts"
import type { Redactor } from "./privacy/index.ts"
import type { OwnHosts, Trust } from "./propagation/index.ts"
import { Propagator } from "./propagation/index.ts"
import type { SamplingControl } from "./sampling/index.ts"
import { fromSettings, makeSamplingControl } from "./sampling/index.ts"
import { SqlInstrumentation } from "./sql/index.ts"
import type { Instrumentation, Pipeline, Propagation } from "./tracer/index.ts"
import {
  makeInbound,
  makePipeline,
  OtelSpan,
  processResource,
  propagate,
  redactSpan,
  registerGlobals,
  requestContext,
  SharedPipelines,
  textMapPropagator
} from "./tracer/index.ts"
import type { TracingOptions } from "./Tracing.ts"
import { understand } from "./understand.ts"

/** A pipeline and how it was put together. */
export interface Assembly extends Pipeline {
  readonly propagation: Propagation
  readonly redactor: Redactor.Redactor
  readonly samplingControl: SamplingControl["Service"]
}

const pipelines = new SharedPipelines<Assembly>()

const identities = new WeakMap<object, number>()
let nextIdentity = 0

const identityOf = (part: object): number => {
  const known = identities.get(part)
  if (known !== undefined) return known
  identities.set(part, ++nextIdentity)
  return nextIdentity
}

/** The same for the same settings and the same parts, and only then. */
const keyOf = (settings: TracingSettings, options: TracingOptions): string =>
  JSON.stringify([
    settings,
    (options.exporters ?? []).map(identityOf),
    (options.spanProcessors ?? []).map(identityOf),
    (options.instrumentations ?? []).map(identityOf),
    options.sampler === undefined ? 0 : identityOf(options.sampler),
    options.lateKeep === undefined ? 0 : identityOf(options.lateKeep),
    options.privacy === undefined ? 0 : identityOf(options.privacy)
  ], (_, value: unknown) => Redacted.isRedacted(value) ? Redacted.value(value) : value)

const propagationOf = (settings: TracingSettings, redactor: Redactor.Redactor): Propagation => ({
  propagator: Propagator.withBaggageMapped(
    Propagator.fromNames(settings.propagators),
    (key, value) => String(redactor.redactValue(key, value))
  ),
  correlationHeader: settings.correlationHeader
})

const makeInject =
  ({ runtime }: Pipeline, propagation: Propagation, ownHosts: OwnHosts.OwnHosts): TraceHeaders.Inject =>
  ({ host, port }) => {
    if (!ownHosts.isOwn(host, port)) return undefined
    const active = requestContext()
    const span = Otel.trace.getSpan(active)
    // Each pipeline tells of its own spans; of another library's the oldest one does.
    if (span instanceof OtelSpan && span.live.local.runtime !== runtime) return undefined
    const headers: Array<readonly [string, string]> = []
    propagate(propagation, active, (name, value) => headers.push([name, value]))
    return headers
  }

const subscribeTraceHeaders = (
  inject: TraceHeaders.Inject,
  warnings: Warnings
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() =>
      TraceHeaders.subscribe(inject, (error) =>
        warnings.warn("trace headers", `Trace headers could not be written on a request: ${String(error)}`))
    ),
    (unsubscribe) =>
      Effect.sync(unsubscribe)
  ).pipe(Effect.asVoid)

const subscribeConnections = (
  { runtime }: Pipeline,
  warnings: Warnings
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() =>
      ClientConnections.subscribe(() => {
        const span = Otel.trace.getSpan(requestContext())
        if (!(span instanceof OtelSpan) || span.live.local.runtime !== runtime) return undefined
        return span.live.kind === "client" && !span.live.ended ? span.live : undefined
      }, (error) => warnings.warn("connections", `The connection of a request could not be read: ${String(error)}`))
    ),
    (unsubscribe) => Effect.sync(unsubscribe)
  ).pipe(Effect.asVoid)

const instrumentationsOf = (
  settings: TracingSettings,
  inbound: HttpServerInstrumentation.HttpServerOptions["extract"],
  trust: Trust.Trust
): ReadonlyArray<Instrumentation> => {
  const knownMethods = settings.knownHttpMethods === undefined ? undefined : new Set(settings.knownHttpMethods)
  // Only listed peers may force a trace, and only they are proxies of one's own.
  const clientAddress = makeClientAddress((address) => trust.decide(address).force)
  return [
    ...(settings.instrument.httpServer ?
      [HttpServerInstrumentation.make({
        extract: inbound,
        clientAddress,
        knownMethods,
        correlationHeader: settings.correlationHeader
      })] :
      []),
    ...(settings.instrument.httpClient ? [HttpClientInstrumentation.make({ knownMethods })] : []),
    ...(settings.instrument.sql ? [SqlInstrumentation.make({})] : [])
  ]
}

const exportersOf = Effect.fnUntraced(function*(
  settings: TracingSettings,
  resource: Resource,
  warnings: Warnings
): Effect.fn.Return<ReadonlyArray<SpanExporter>, never, Scope.Scope> {
  const exporters: Array<SpanExporter> = []
  if (settings.exporters.includes("otlp")) {
    const { directory, ...spool } = settings.spool
    exporters.push(
      yield* loadOtlpExporter({
        ...settings.otlp,
        resource,
        spool: directory === undefined ? undefined : { ...spool, directory, warnings }
      })
    )
  }
  if (settings.exporters.includes("console")) {
    exporters.push(yield* loadConsoleExporter({ ...settings.console, resource }))
  }
  const { path, ...file } = settings.file
  if (path !== undefined) exporters.push(yield* loadFileExporter({ ...file, path, resource }))
  return exporters
})

const logLevels: ReadonlyArray<TracingSettings["logLevel"]> = [
  "none",
  "error",
  "warn",
  "info",
  "debug",
  "verbose",
  "all"
]

/** Whether tracing may write messages of this level about itself (`OTEL_LOG_LEVEL`). */
const mayTell = (settings: TracingSettings, level: "warn" | "info"): boolean =>
  logLevels.indexOf(settings.logLevel) >= logLevels.indexOf(level)

/** Tells warnings through the program's logger for as long as the scope is open. */
const tellWarnings = (warnings: Warnings): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function*() {
    const context = yield* Effect.context()
    // The warning is about tracing: it must not become an event of the span that happens to be current.
    const log = (message: string) => Effect.logWarning(message).pipe(Effect.withTracerEnabled(false))
    warnings.listen((message) => {
      Effect.runForkWith(Context.omit(Tracer.ParentSpan)(context))(log(message))
    })
    yield* Effect.addFinalizer(() => Effect.sync(() => warnings.listen(undefined)))
  })

const nobodyExports =
  "Traces are recorded but exported nowhere. Set TRACING_EXPORT_TO_CONSOLE=true to see them, or TRACING_OTLP_ENDPOINT to send " +
  "them to a collector."

const makeFromSettings = Effect.fnUntraced(function*(
  resolved: ResolvedSettings,
  options: TracingOptions
): Effect.fn.Return<Assembly, Config.ConfigError, Scope.Scope> {
  const { settings } = resolved
  const understood = understand(settings, options.privacy)
  if (Result.isFailure(understood)) return yield* failBySettings(understood.failure)
  const { ownHosts, redactor, trust } = understood.success
  const propagation = propagationOf(settings, redactor)
  const warnings = new Warnings()
  if (mayTell(settings, "warn")) yield* tellWarnings(warnings)
  for (const warning of resolved.warnings) warnings.warn(warning, warning)
  const resource = processResource(settings, randomUUID(), redactor)
  const exporters = [...(yield* exportersOf(settings, resource, warnings)), ...(options.exporters ?? [])]
  const isExported = exporters.length > 0 || (options.spanProcessors ?? []).length > 0
  if (!isExported && mayTell(settings, "info")) yield* Effect.logInfo(nobodyExports)
  const policies = fromSettings(settings.sampling)
  const pipeline = yield* makePipeline({
    settings,
    resource,
    warnings,
    sampler: options.sampler ?? policies.sampler,
    lateKeep: options.lateKeep ?? policies.lateKeep,
    instrumentations: [
      ...instrumentationsOf(settings, makeInbound({ propagator: propagation.propagator, trust }), trust),
      ...(options.instrumentations ?? [])
    ],
    exporters,
    spanProcessors: options.spanProcessors ?? [],
    redact: redactSpan(redactor),
    logRedactor: settings.privacy.logs ? redactor : undefined,
    exceptionSignal: settings.exceptionSignal
  })
  yield* registerGlobals({
    provider: pipeline.provider,
    contextManager: pipeline.contextManager,
    propagator: textMapPropagator(propagation.propagator)
  }, warnings)
  if (settings.instrument.httpClient) {
    yield* subscribeTraceHeaders(makeInject(pipeline, propagation, ownHosts), warnings)
    yield* subscribeConnections(pipeline, warnings)
  }
  const samplingControl = makeSamplingControl(pipeline.runtime, settings.sampling)
  return { ...pipeline, propagation, redactor, samplingControl }
})

/**
 * The pipeline of the settings and parts; shared by all who ask with the same ones. The first pipeline of a process
 * registers itself with OpenTelemetry's API; each writes the trace headers of its own spans.
 */
export const acquirePipeline = (
  resolved: ResolvedSettings,
  options: TracingOptions
): Effect.Effect<Assembly, Config.ConfigError, Scope.Scope> =>
  pipelines.acquire(keyOf(resolved.settings, options), makeFromSettings(resolved, options))
