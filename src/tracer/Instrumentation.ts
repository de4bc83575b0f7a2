import type * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { Attributes } from "../model/index.ts"

/**
 * A span that is about to start. An instrumentation may change what is not `readonly`; ids and the sampling decision
 * follow from what it leaves.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanStart {
  name: string
  /** The parent Effect found: a span of this process, or an external one it read from request headers. */
  parent: Option.Option<Tracer.AnySpan>
  links: Array<Tracer.SpanLink>
  /** Attributes the span begins with, so that samplers see them; Effect's own come after and win. */
  attributes: Record<string, unknown> | undefined
  /**
   * What the instrumentation wants to remember until `onFinish`, read back from {@link FinishingSpan.memo}; its type is the
   * instrumentation's affair.
   */
  memo: unknown
  /** What the sender of a request decided without naming a span: `force` keeps the trace, `drop` does not sample it. */
  decision?: "force" | "drop" | undefined
  /** Told of the span once it is made, recorded or not: for what needs its ids, such as response headers. */
  whenMade?: ((span: Tracer.Span) => void) | undefined
  readonly kind: Tracer.SpanKind
  readonly annotations: Context.Context<never>
  /** Whether user code asked for a root span (`withSpan(name, { root: true })`). */
  readonly root: boolean
}

/**
 * A span whose work is done and that has not been handed on: its name and attributes may still be mended.
 *
 * @category models
 * @since 0.1.0
 */
export interface FinishingSpan {
  name: string
  readonly kind: Tracer.SpanKind
  readonly attributes: Attributes
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly startTime: bigint
  readonly endTime: bigint
  readonly memo: unknown
}

/**
 * What an instrumentation says of a span's outcome.
 *
 * @category models
 * @since 0.1.0
 */
export interface Outcome {
  readonly status: "unset" | "error"
  /** The description of an error status, where the code does not say it all. */
  readonly message?: string | undefined
  /** Value of `error.type`, low in cardinality: a status code, an error's tag or name. */
  readonly errorType?: string | undefined
  /** Whether the work was done all the same, although its fiber was interrupted; default false. */
  readonly isDone?: boolean | undefined
  /** Whether the failure is also an exception worth an event: not for a mere status code. */
  readonly exception: boolean
}

/**
 * Mends the spans of one library: what Effect's own spans of it say becomes what the conventions ask for.
 *
 * **Details**
 *
 * The tracer owns the list and calls each instrumentation only for spans of its kinds. One that throws is counted and
 * told; the span goes on.
 *
 * @category models
 * @since 0.1.0
 */
export interface Instrumentation {
  readonly name: string
  readonly kinds: ReadonlyArray<Tracer.SpanKind>
  /**
   * Called before an operation of a fiber whose context is none of the few seen last, whether there is a span or not: for work that has none.
   * On the hot path of the whole program: most often it may cost no more than a look-up.
   */
  readonly onContext?: ((fiber: Fiber.Fiber<unknown, unknown>) => void) | undefined
  /** Called synchronously as a span starts, before it has ids. On the hot path: no scanning, no allocation it can do without. */
  readonly onStart?: ((start: SpanStart, fiber: Fiber.Fiber<unknown, unknown> | undefined) => void) | undefined
  /**
   * Called as a recording span ends, before redaction. Returns the outcome where it differs from the usual reading of the exit
   * (failure: error, the error's message and type, one exception event), `undefined` where it does not or the span is
   * not one of this library's.
   */
  readonly onFinish?: ((span: FinishingSpan, exit: Exit.Exit<unknown, unknown>) => Outcome | undefined) | undefined
}
