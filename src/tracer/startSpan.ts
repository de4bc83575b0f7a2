import * as Otel from "@opentelemetry/api"
import type * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { InstrumentationScope } from "../model/index.ts"
import { TraceId } from "../model/index.ts"
import { CorrelationId } from "../propagation/index.ts"
import { correlationIdOf, correlationKey } from "./correlation.ts"
import { effectSpanOf } from "./effectSpanOf.ts"
import { describeError } from "./exception.ts"
import { fiberContextManager } from "./FiberContextManager.ts"
import type { SpanStart } from "./Instrumentation.ts"
import { LiveSpan } from "./LiveSpan.ts"
import { LocalTrace } from "./LocalTrace.ts"
import { clientStarted } from "./outbound.ts"
import { parentContextOf } from "./remoteContext.ts"
import type { TracerRuntime } from "./TracerRuntime.ts"
import { UnrecordedSpan } from "./UnrecordedSpan.ts"

/** What a span is asked for with. */
export interface StartOptions {
  readonly name: string
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly annotations: Context.Context<never>
  readonly links: Array<Tracer.SpanLink>
  readonly startTime: bigint
  readonly kind: Tracer.SpanKind
  readonly root: boolean
  /** False if user code, the trace level or an unsampled parent said that the span is not to be recorded. */
  readonly sampled: boolean
  /** Attributes known from the start. Effect sets its own right after the span was made. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** The library that makes it; left out, it is Effect's own. */
  readonly scope?: InstrumentationScope | undefined
}

/**
 * The span that is active around a fiber that has none: the fiber runs inside `Effect.promise` of another one, or
 * inside a span another library made with OpenTelemetry's API.
 */
const ambientSpan = (): Tracer.AnySpan | undefined => {
  if (fiberContextManager.isIdle) return undefined
  const active = Otel.trace.getActiveSpan()
  return active === undefined ? undefined : effectSpanOf(active)
}

/**
 * Adopts the ambient span as the parent, or links to it if it has ended: a timer that a span once started must not add to
 * that span's trace for ever.
 */
const adoptAmbient = (options: StartOptions): Option.Option<Tracer.AnySpan> => {
  const ambient = ambientSpan()
  if (ambient === undefined) return options.parent
  if (ambient instanceof LiveSpan && ambient.ended) {
    options.links.push({ span: ambient, attributes: {} })
    return options.parent
  }
  return Option.some(ambient)
}

const runInstrumentations = (
  runtime: TracerRuntime,
  start: SpanStart,
  fiber: Fiber.Fiber<unknown, unknown> | undefined
) => {
  for (const instrumentation of runtime.instrumentations[start.kind]) {
    if (instrumentation.onStart === undefined) continue
    try {
      instrumentation.onStart(start, fiber)
    } catch (error) {
      runtime.warnings.warn(
        `instrumentation ${instrumentation.name}`,
        `The instrumentation "${instrumentation.name}" failed as the span "${start.name}" began and left it as it was: ${
          describeError(error).message
        }`
      )
    }
  }
}

/** The local trace a span with this parent belongs to, and its parent span if that is in the same one. */
const placeOf = (
  runtime: TracerRuntime,
  parent: Tracer.AnySpan | undefined
): { readonly local: LocalTrace; readonly parentSpan: LiveSpan | undefined } => {
  if (parent instanceof LiveSpan && parent.local.runtime === runtime && parent.sampled) {
    return { local: parent.local, parentSpan: parent }
  }
  const continued = parent === undefined ? undefined : parentContextOf(parent)
  return {
    local: new LocalTrace(runtime, continued?.trace ?? TraceId.random(), continued?.context),
    parentSpan: undefined
  }
}

const setAttributes = (span: LiveSpan, attributes: Readonly<Record<string, unknown>> | undefined): void => {
  if (attributes === undefined) return
  for (const key of Object.keys(attributes)) span.attribute(key, attributes[key])
}

/** The id is the fiber's; code that runs outside of fibers, after an `await`, is part of the span it finds active. */
const correlationIdIn = (
  fiber: Fiber.Fiber<unknown, unknown> | undefined,
  parent: Option.Option<Tracer.AnySpan>
): string | undefined =>
  fiber?.getRef(CorrelationId) ?? (parent._tag === "Some" ? correlationIdOf(parent.value) : undefined)

const makeSpan = (
  runtime: TracerRuntime,
  options: StartOptions,
  fiber: Fiber.Fiber<unknown, unknown> | undefined
): LiveSpan | UnrecordedSpan => {
  const parent = options.root || options.parent._tag === "Some" ? options.parent : adoptAmbient(options)
  const parentSampled = parent._tag === "None" || parent.value.sampled
  const isExternal = parent._tag === "Some" && parent.value._tag === "ExternalSpan"
  // Effect makes a span under an unsampled external parent unsampled, but whether to follow that parent is the sampler's
  // affair. Any other no is the user's, the trace level's or that of a trace that is already dropped.
  const isRefused = !isExternal && (!options.sampled || (parent !== options.parent && !parentSampled))
  // A request is a trace of its own: that the span around its server is not recorded says nothing of it.
  const mayBeAnother = !parentSampled && options.kind === "server" && runtime.instrumentations.server.length > 0
  if (isRefused && !mayBeAnother) {
    runtime.ledger.startSampledOut()
    return new UnrecordedSpan(options, parent)
  }
  const start: SpanStart = {
    name: options.name,
    kind: options.kind,
    parent,
    links: options.links,
    annotations: options.annotations,
    root: options.root,
    attributes: undefined,
    memo: undefined,
    decision: undefined,
    whenMade: undefined
  }
  if (runtime.instrumentations[options.kind].length > 0) runInstrumentations(runtime, start, fiber)
  if (isRefused && start.parent === parent) {
    runtime.ledger.startSampledOut()
    return new UnrecordedSpan(options, parent)
  }
  // Only an explicit `sampled: true` gets here under a span that does not record.
  const isForced = start.decision === "force" || (!isRefused && !isExternal && !parentSampled)
  const { local, parentSpan } = placeOf(runtime, Option.getOrUndefined(start.parent))
  if (isForced) local.force()
  else if (start.decision === "drop") local.refuse()
  if (!isForced && parentSpan === undefined && local.isDroppedAtOnce(start.name, start.kind)) {
    runtime.ledger.startSampledOut()
    const correlationId = correlationIdIn(fiber, start.parent)
    const unrecorded = new UnrecordedSpan(options, start.parent, correlationId)
    start.whenMade?.(unrecorded)
    return unrecorded
  }
  const span = new LiveSpan(local, parentSpan, start, options.startTime, options.scope ?? runtime.scope)
  setAttributes(span, options.attributes)
  setAttributes(span, start.attributes)
  const correlationId = correlationIdIn(fiber, start.parent)
  if (correlationId !== undefined) span.attribute(correlationKey, correlationId)
  start.whenMade?.(span)
  if (options.kind === "client") clientStarted(span)
  return span
}

/**
 * Starts a span: finds its parent, lets the instrumentations of its kind have a say, and makes the object. Never throws: what is
 * wrong in here is told and costs the span, not the program.
 */
export const startSpan = (
  runtime: TracerRuntime,
  options: StartOptions,
  fiber: Fiber.Fiber<unknown, unknown> | undefined
): LiveSpan | UnrecordedSpan => {
  try {
    return makeSpan(runtime, options, fiber)
  } catch (error) {
    runtime.warnings.warn(
      "start of span",
      `The span "${options.name}" could not be started and is not recorded: ${describeError(error).message}`
    )
    runtime.ledger.startSampledOut()
    return new UnrecordedSpan(options, options.parent)
  }
}
