import * as Otel from "@opentelemetry/api"
import * as Context from "effect/Context"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { InstrumentationScope } from "../model/index.ts"
import { now } from "./clock.ts"
import { effectSpanOf } from "./effectSpanOf.ts"
import { LiveSpan } from "./LiveSpan.ts"
import { fromOtelKind, fromOtelLink } from "./otelConversions.ts"
import { fromTimeInput } from "./otelTime.ts"
import { isSuppressed } from "./outbound.ts"
import { startSpan } from "./startSpan.ts"
import type { TracerRuntime } from "./TracerRuntime.ts"

const parentIn = (context: Otel.Context): Option.Option<Tracer.AnySpan> => {
  const span = Otel.trace.getSpan(context)
  return Option.fromUndefinedOr(span === undefined ? undefined : effectSpanOf(span))
}

/** OpenTelemetry's tracer of one library: its spans are live spans like Effect's, in a scope of their own. */
class OtelTracer implements Otel.Tracer {
  private readonly runtime: TracerRuntime
  private readonly scope: InstrumentationScope

  constructor(runtime: TracerRuntime, scope: InstrumentationScope) {
    this.runtime = runtime
    this.scope = scope
  }

  startSpan(name: string, options: Otel.SpanOptions = {}, context: Otel.Context = Otel.context.active()): Otel.Span {
    if (isSuppressed(context)) return Otel.trace.wrapSpanContext(Otel.INVALID_SPAN_CONTEXT)
    const parent = options.root === true ? Option.none<Tracer.AnySpan>() : parentIn(context)
    // Libraries keep the tracer they got first for ever: a span goes to the pipeline of its parent, not to that tracer's.
    const runtime = parent._tag === "Some" && parent.value instanceof LiveSpan
      ? parent.value.local.runtime
      : this.runtime
    const { span } = startSpan(runtime, {
      name,
      parent,
      // The context says it all: without a parent in it, this is a root.
      root: Option.isNone(parent),
      annotations: Context.empty(),
      links: (options.links ?? []).map(fromOtelLink),
      startTime: fromTimeInput(options.startTime) ?? now(),
      kind: fromOtelKind(options.kind),
      sampled: Option.isNone(parent) || parent.value.sampled,
      attributes: options.attributes,
      scope: this.scope
    }, Fiber.getCurrent())
    return span
  }

  startActiveSpan<F extends (span: Otel.Span) => unknown>(name: string, fn: F): ReturnType<F>
  startActiveSpan<F extends (span: Otel.Span) => unknown>(
    name: string,
    options: Otel.SpanOptions,
    fn: F
  ): ReturnType<F>
  startActiveSpan<F extends (span: Otel.Span) => unknown>(
    name: string,
    options: Otel.SpanOptions,
    context: Otel.Context,
    fn: F
  ): ReturnType<F>
  startActiveSpan<F extends (span: Otel.Span) => ReturnType<F>>(
    name: string,
    ...args: [F] | [Otel.SpanOptions, F] | [Otel.SpanOptions, Otel.Context, F]
  ): ReturnType<F> {
    const [options, context, fn] = args.length === 1
      ? [undefined, undefined, args[0]]
      : args.length === 2
      ? [args[0], undefined, args[1]]
      : args
    const base = context ?? Otel.context.active()
    const span = this.startSpan(name, options, base)
    return Otel.context.with(Otel.trace.setSpan(base, span), fn, undefined, span)
  }
}

/**
 * Lets libraries that use OpenTelemetry's API make spans in our pipeline.
 *
 * @category models
 * @since 0.1.0
 */
export class OtelTracerProvider implements Otel.TracerProvider {
  private readonly runtime: TracerRuntime
  private readonly tracers = new Map<string, OtelTracer>()

  constructor(runtime: TracerRuntime) {
    this.runtime = runtime
  }

  getTracer(name: string, version?: string, options?: Otel.TracerOptions): Otel.Tracer {
    const key = `${name}@${version ?? ""}:${options?.schemaUrl ?? ""}`
    const known = this.tracers.get(key)
    if (known !== undefined) return known
    const tracer = new OtelTracer(this.runtime, { name, version, schemaUrl: options?.schemaUrl })
    this.tracers.set(key, tracer)
    return tracer
  }
}
