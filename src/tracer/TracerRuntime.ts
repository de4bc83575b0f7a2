import type { SpanKind } from "effect/Tracer"
import type { Ledger, Warnings } from "../ledger/index.ts"
import type { EndedSpan, EndedSpanFields, InstrumentationScope, Resource, SpanLimits } from "../model/index.ts"
import type { LateKeep, Sampler } from "../sampling/index.ts"
import type { ActiveSpans } from "./ActiveSpans.ts"
import type { HeldTraces } from "./HeldTraces.ts"
import type { Instrumentation } from "./Instrumentation.ts"
import type { LiveSpan } from "./LiveSpan.ts"

/**
 * What the spans of one pipeline need of it. Plain fields: it is read on the hot path.
 *
 * @category models
 * @since 0.1.0
 */
export interface TracerRuntime {
  readonly resource: Resource
  /** The scope of Effect's own spans. */
  readonly scope: InstrumentationScope
  readonly limits: SpanLimits
  readonly ledger: Ledger
  readonly warnings: Warnings
  /** Replaceable while running. */
  sampler: Sampler
  /** What is kept in spite of the sampler; `undefined` where nothing is. Replaceable while running. */
  lateKeep: LateKeep | undefined
  readonly heldTraces: HeldTraces
  readonly activeSpans: ActiveSpans
  /** Spans of one local trace that are exported whatever they are; beyond, see {@link SpanBudget}. */
  readonly spanBudget: number
  readonly instrumentations: Readonly<Record<SpanKind, ReadonlyArray<Instrumentation>>>
  /** Whether Effect's log lines become span events. */
  readonly logEvents: boolean
  /** Whether exceptions are events of spans, log lines or both. */
  readonly exceptionSignal: "events" | "logs" | "logs/dup"
  /** Called as soon as a span is known to record; `undefined` where nobody wants to know. */
  readonly onStart: ((span: LiveSpan) => void) | undefined
  /** Takes a span that recorded for processors only; `undefined` where nobody wants it. */
  readonly onRecorded: ((span: EndedSpan) => void) | undefined
  /**
   * Looks at every recording span as it ends, kept or not. While it is set, what the sampler drops records too; `undefined` where
   * nobody looks. Replaceable while running.
   */
  onFinished: ((span: EndedSpanFields) => void) | undefined
  /** Removes what must not leave the process, in place. */
  readonly redact: (span: LiveSpan) => void
  /** Takes the ended span on; in the ledger it comes from the account `from`. */
  readonly onEnd: (span: EndedSpan, from: "active" | "keptBack") => void
}
