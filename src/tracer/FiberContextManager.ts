import * as Otel from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"
import type { Baggage } from "../propagation/index.ts"
import { baggageIn } from "../propagation/index.ts"
import { enclosingFiber } from "./fiberStack.ts"
import { LiveSpan } from "./LiveSpan.ts"
import { setBaggage } from "./otelBaggage.ts"
import { contextOf } from "./remoteContext.ts"
import { UnrecordedSpan } from "./UnrecordedSpan.ts"
import { visibleSpan } from "./visibleSpan.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** The fiber whose span is the active one in the code that runs now: its own fiber, or the nearest around that one. */
const fiberInCharge = (): AnyFiber | undefined => {
  const fiber = Fiber.getCurrent()
  return fiber === undefined || visibleSpan(fiber) !== undefined ? fiber : enclosingFiber(fiber)
}

const setSpan = (context: Otel.Context, span: Tracer.AnySpan): Otel.Context => {
  if (span instanceof LiveSpan || span instanceof UnrecordedSpan) return Otel.trace.setSpan(context, span.span)
  const { isRemote, traceFlags, traceState } = contextOf(span)
  return Otel.trace.setSpanContext(context, {
    traceId: span.traceId,
    spanId: span.spanId,
    traceFlags,
    isRemote,
    ...(traceState === undefined ? undefined : { traceState: Otel.createTraceState(traceState) })
  })
}

const inSpan = (context: Otel.Context, span: Tracer.AnySpan, baggage: Baggage.Baggage | undefined): Otel.Context =>
  setSpan(baggage === undefined ? context : setBaggage(context, baggage), span)

/**
 * What AsyncLocalStorage holds: a context together with the fiber and the span in which it was entered, so that it can be told
 * later which of them is the inner one. It is itself a context, which is all that the rest of the base class knows.
 */
class Frame implements Otel.Context {
  readonly base: Otel.Context
  /** Its number only: sockets and timers keep the frame they were made in, and must not keep a fiber that way. */
  readonly fiber: number | undefined
  readonly span: Tracer.AnySpan | undefined
  /** Whether somebody asked for this context by `context.with`; otherwise it stands for the fiber's span. */
  readonly isExplicit: boolean
  /** The fiber's baggage, for a frame that stands for the fiber's span. */
  readonly baggage: Baggage.Baggage | undefined
  private made: Otel.Context | undefined

  constructor(
    base: Otel.Context,
    fiber: number | undefined,
    span: Tracer.AnySpan | undefined,
    isExplicit: boolean,
    baggage: Baggage.Baggage | undefined
  ) {
    this.base = base
    this.fiber = fiber
    this.span = span
    this.isExplicit = isExplicit
    this.baggage = baggage
  }

  get context(): Otel.Context {
    return this.made ??= this.isExplicit || this.span === undefined
      ? this.base
      : inSpan(this.base, this.span, this.baggage)
  }

  getValue(key: symbol): unknown {
    return this.context.getValue(key)
  }

  setValue(key: symbol, value: unknown): Otel.Context {
    return this.context.setValue(key, value)
  }

  deleteValue(key: symbol): Otel.Context {
    return this.context.deleteValue(key)
  }
}

/**
 * Tells OpenTelemetry's API which context is active, without any work per Effect operation.
 *
 * **Details**
 *
 * Inside a fiber, its span is the active one: the manager asks the fiber when it is asked. Only asynchronous operations
 * (`Effect.promise`, `Effect.callback`) enter AsyncLocalStorage, for the code that goes on after an `await` and belongs to no
 * fiber then. A context that user code enters by `context.with` wins over the span of the fiber it is entered in.
 *
 * **Gotchas**
 *
 * What `Effect.sync` starts and nobody awaits has no active span after its own first `await`.
 *
 * @category models
 * @since 0.1.0
 */
export class FiberContextManager extends AsyncLocalStorageContextManager {
  private isEnabled = false

  /** Whether OpenTelemetry's API asks this manager and would hear of no span: a quick answer to what is asked for every root span. */
  get isIdle(): boolean {
    if (!this.isEnabled || super.active() !== Otel.ROOT_CONTEXT) return false
    const fiber = fiberInCharge()
    return fiber === undefined || visibleSpan(fiber) === undefined
  }

  override active(): Otel.Context {
    const stored = super.active()
    return this.inFiber(fiberInCharge(), stored) ?? (stored instanceof Frame ? stored.context : stored)
  }

  /** The context inside a fiber; `undefined` where the fiber says nothing and what is stored counts. */
  private inFiber(fiber: AnyFiber | undefined, stored: Otel.Context): Otel.Context | undefined {
    const span = fiber === undefined ? undefined : visibleSpan(fiber)
    if (span === undefined) return undefined
    const baggage = fiber === undefined ? undefined : baggageIn(fiber.context)
    if (!(stored instanceof Frame)) return inSpan(stored, span, baggage)
    return stored.fiber === fiber?.id && stored.span === span && (stored.isExplicit || stored.baggage === baggage)
      ? stored.context
      : inSpan(stored.base, span, baggage)
  }

  override with<A extends Array<unknown>, F extends (...args: A) => ReturnType<F>>(
    context: Otel.Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const fiber = fiberInCharge()
    const frame = new Frame(context, fiber?.id, fiber === undefined ? undefined : visibleSpan(fiber), true, undefined)
    return super.with(frame, fn, thisArg, ...args)
  }

  /** Evaluates an asynchronous operation so that what it leaves behind still finds the fiber's span. */
  withFiber<X>(fiber: AnyFiber, evaluate: () => X): X {
    const span = visibleSpan(fiber)
    if (span === undefined) return evaluate()
    const stored = super.active()
    const base = stored instanceof Frame ? stored.base : stored
    return super.with(new Frame(base, fiber.id, span, false, baggageIn(fiber.context)), evaluate)
  }

  override enable(): this {
    this.isEnabled = true
    return this
  }

  /** Leaves what is entered as it is: the next pipeline registers this manager again while programs run. */
  override disable(): this {
    this.isEnabled = false
    return this
  }
}

/** One for the process: OpenTelemetry's API takes one, and fibers of every pipeline must find their spans through it. */
export const fiberContextManager = new FiberContextManager()
