import type * as Otel from "@opentelemetry/api"
import { ROOT_CONTEXT } from "@opentelemetry/api"
import type { SpanProcessor } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type * as Tracer from "effect/Tracer"
import type { TracingSettings } from "../config/index.ts"
import type { ExporterStatus, SpanExporter } from "../export/processor.ts"
import { BatchSpanProcessor, ReadableSpanView, watchProcessEnd } from "../export/processor.ts"
import { Ledger, type Warnings } from "../ledger/index.ts"
import type { EndedSpan, EndedSpanFields, Resource } from "../model/index.ts"
import { packageVersion } from "../model/index.ts"
import type { Redactor } from "../privacy/index.ts"
import type { LateKeep, Sampler } from "../sampling/index.ts"
import { ActiveSpans } from "./ActiveSpans.ts"
import { makeEffectTracer } from "./EffectTracer.ts"
import { describeError } from "./exception.ts"
import { fiberContextManager } from "./FiberContextManager.ts"
import type { FiberContextManager } from "./FiberContextManager.ts"
import { HeldTraces } from "./HeldTraces.ts"
import type { Instrumentation } from "./Instrumentation.ts"
import type { LiveSpan } from "./LiveSpan.ts"
import { OtelTracerProvider } from "./OtelTracerProvider.ts"
import { makeTraceLoggers } from "./TracedLoggers.ts"
import type { TracerRuntime } from "./TracerRuntime.ts"
import { endAll, watchUnfinished } from "./unfinished.ts"
import { watchAge } from "./watchAge.ts"

/**
 * What a pipeline is made from.
 *
 * @category models
 * @since 0.1.0
 */
export interface PipelineOptions {
  readonly settings: Pick<
    TracingSettings,
    | "limits"
    | "logEvents"
    | "batch"
    | "shutdownTimeoutMillis"
    | "exitReport"
    | "spanBudget"
    | "maxSpanAgeMillis"
    | "held"
  >
  readonly resource: Resource
  readonly warnings: Warnings
  readonly sampler: Sampler
  readonly lateKeep: LateKeep | undefined
  readonly instrumentations: ReadonlyArray<Instrumentation>
  readonly exporters: ReadonlyArray<SpanExporter>
  /** OpenTelemetry's own processors; each sees every recording span. */
  readonly spanProcessors: ReadonlyArray<SpanProcessor>
  /** Removes what must not leave the process from a span that has ended. */
  readonly redact: (span: LiveSpan) => void
  /** Removes the same from log lines; `undefined` where these are to stay as they are. */
  readonly logRedactor?: Redactor.Redactor | undefined
  /** How exceptions are told; default `events`. */
  readonly exceptionSignal?: TracingSettings["exceptionSignal"] | undefined
}

/**
 * Everything between a span's start and its export.
 *
 * @category models
 * @since 0.1.0
 */
export interface Pipeline {
  readonly runtime: TracerRuntime
  readonly tracer: Tracer.Tracer
  readonly provider: Otel.TracerProvider
  readonly contextManager: FiberContextManager
  /** Sends what waits now. */
  readonly flush: Effect.Effect<void>
  /** Shows every span that ends to the observer, kept or not, until the scope closes. */
  readonly observe: (observer: SpanObserver) => Effect.Effect<void, never, Scope.Scope>
  /** How each exporter fares. */
  readonly exporters: Effect.Effect<ReadonlyArray<ExporterStatus>>
}

/**
 * Looks at a span that has just ended, kept or not. What it is shown is not redacted, and is to be read at once.
 *
 * @category models
 * @since 0.1.0
 */
export type SpanObserver = (span: EndedSpanFields) => void

const byKind = (
  instrumentations: ReadonlyArray<Instrumentation>,
  kind: Tracer.SpanKind
): ReadonlyArray<Instrumentation> => instrumentations.filter((instrumentation) => instrumentation.kinds.includes(kind))

/** Calls each of the user's processors; one that throws is told once and the others still see the span. */
const callEach = (
  processors: ReadonlyArray<SpanProcessor>,
  warnings: Warnings,
  call: (processor: SpanProcessor) => void
): void => {
  for (const processor of processors) {
    try {
      call(processor)
    } catch (error) {
      warnings.warn(
        `processor ${processor.constructor.name}`,
        `The span processor ${processor.constructor.name} threw; the span went on without it: ${
          describeError(error).message
        }`
      )
    }
  }
}

const makeObserve = (runtime: TracerRuntime): Pipeline["observe"] => {
  const observers = new Set<SpanObserver>()
  const showAll = (span: EndedSpanFields): void => {
    for (const observer of observers) {
      try {
        observer(span)
      } catch (error) {
        runtime.warnings.warn("observer", `An observer of ended spans threw: ${describeError(error).message}`)
      }
    }
  }
  return (observer) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        observers.add(observer)
        runtime.onFinished = showAll
      }),
      () =>
        Effect.sync(() => {
          observers.delete(observer)
          if (observers.size === 0) runtime.onFinished = undefined
        })
    )
}

const shutDown = (processors: ReadonlyArray<SpanProcessor>, timeoutMillis: number): Effect.Effect<void> =>
  Effect.forEach(
    processors,
    (processor) => Effect.tryPromise(() => processor.shutdown()).pipe(Effect.timeout(timeoutMillis), Effect.ignore),
    { concurrency: "unbounded", discard: true }
  )

/** What is done for every context a fiber is seen in. */
const onContext = (
  { instrumentations, logRedactor, warnings }: PipelineOptions
): (fiber: Fiber.Fiber<unknown, unknown>) => void => {
  const traceLoggers = makeTraceLoggers(logRedactor)
  const others = instrumentations.filter((instrumentation) => instrumentation.onContext !== undefined)
  if (others.length === 0) return traceLoggers
  return (fiber) => {
    traceLoggers(fiber)
    for (const instrumentation of others) {
      try {
        instrumentation.onContext?.(fiber)
      } catch (error) {
        warnings.warn(
          `instrumentation ${instrumentation.name}`,
          `The instrumentation "${instrumentation.name}" failed on a fiber's context and left it as it was: ${
            describeError(error).message
          }`
        )
      }
    }
  }
}

/**
 * Makes a pipeline; closing the scope flushes it, within the time bound of the settings.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makePipeline = Effect.fnUntraced(function*(
  options: PipelineOptions
): Effect.fn.Return<Pipeline, never, Scope.Scope> {
  const { instrumentations, resource, settings, spanProcessors, warnings } = options
  const ledger = new Ledger()
  let end = Effect.void
  // First, so that it is told last: what becomes of the spans is known when all else is closed.
  yield* watchProcessEnd({
    facts: () => ({
      balance: ledger.balance,
      longestOutageMillis: batches.longestOutageMillis,
      report: settings.exitReport
    }),
    end: Effect.suspend(() => end),
    hasten: () => batches.cutShutdownShort(),
    rescue: () => {
      if (batches.canRescue) endAll(runtime)
      batches.rescue()
    }
  })
  const batches = yield* BatchSpanProcessor.make({
    exporters: options.exporters,
    batch: settings.batch,
    shutdownTimeoutMillis: settings.shutdownTimeoutMillis,
    ledger,
    warnings
  })
  // Side by side: one time bound holds for all.
  const close = Effect.all([shutDown(spanProcessors, settings.shutdownTimeoutMillis), batches.shutdown], {
    concurrency: "unbounded",
    discard: true
  })
  if (spanProcessors.length > 0) yield* Effect.addFinalizer(() => close)
  const endInProcessors = (span: EndedSpan): void => {
    const view = new ReadableSpanView(span, resource)
    callEach(spanProcessors, warnings, (processor) => processor.onEnd(view))
  }
  const runtime: TracerRuntime = {
    resource,
    scope: { name: "effect-tracing", version: packageVersion, schemaUrl: undefined },
    limits: settings.limits,
    ledger,
    warnings,
    sampler: options.sampler,
    lateKeep: options.lateKeep,
    heldTraces: new HeldTraces(settings.held, ledger, warnings),
    activeSpans: new ActiveSpans(),
    spanBudget: settings.spanBudget,
    instrumentations: {
      internal: byKind(instrumentations, "internal"),
      server: byKind(instrumentations, "server"),
      client: byKind(instrumentations, "client"),
      producer: byKind(instrumentations, "producer"),
      consumer: byKind(instrumentations, "consumer")
    },
    logEvents: settings.logEvents,
    exceptionSignal: options.exceptionSignal ?? "events",
    onStart: spanProcessors.length === 0
      ? undefined
      : (span) => callEach(spanProcessors, warnings, (processor) => processor.onStart(span.span, ROOT_CONTEXT)),
    onRecorded: spanProcessors.length === 0 ? undefined : endInProcessors,
    onFinished: undefined,
    redact: options.redact,
    onEnd: spanProcessors.length === 0
      ? (span, from) => batches.onEnd(span, from)
      : (span, from) => {
        endInProcessors(span)
        batches.onEnd(span, from)
      }
  }
  yield* watchUnfinished(runtime, settings.maxSpanAgeMillis)
  yield* watchAge(settings.held.maxAgeMillis, () => runtime.heldTraces.letGoOld())
  end = Effect.andThen(Effect.sync(() => endAll(runtime)), close)
  return {
    runtime,
    tracer: makeEffectTracer(runtime, onContext(options)),
    provider: new OtelTracerProvider(runtime),
    contextManager: fiberContextManager,
    flush: batches.flush,
    observe: makeObserve(runtime),
    exporters: batches.exporters
  }
})
