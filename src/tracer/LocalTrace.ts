import type { AnySpan, SpanKind, SpanLink } from "effect/Tracer"
import type { TraceId } from "../model/index.ts"
import { EndedSpan, noAttributes } from "../model/index.ts"
import { randomFlag, sampledFlag, TraceState } from "../propagation/index.ts"
import type { KeepReason, LateKeep, ParentContext, SamplingDecision, SamplingInput } from "../sampling/index.ts"
import { sample } from "../sampling/index.ts"
import { describeError } from "./exception.ts"
import type { HeldTrace } from "./HeldTraces.ts"
import type { LiveSpan } from "./LiveSpan.ts"
import { countOnParent, SpanBudget } from "./SpanBudget.ts"
import type { TracerRuntime } from "./TracerRuntime.ts"

/**
 * The decision on a trace or span:
 *
 * - `sampled`: recorded and exported
 * - `recorded`: recorded for processors, not exported
 * - `held`: the sampler said no; it records and waits, in case something happens that keeps the trace
 * - `dropped`: nothing records
 *
 * @category models
 * @since 0.1.0
 */
export type Verdict = "sampled" | "recorded" | "held" | "dropped"

/**
 * One trace as far as it happens in this process: from its first span here, the local root, downwards.
 *
 * @category models
 * @since 0.1.0
 */
export class LocalTrace {
  readonly runtime: TracerRuntime
  readonly id: TraceId
  /** The context of the local root's parent, if it has one. */
  readonly parent: ParentContext | undefined
  traceState: string | undefined
  /** The decision on the local root, once taken: what `held` becomes shows here. */
  verdict: Verdict | undefined = undefined
  /** Whether spans of other traces link to this one, which then ought to be there if they are kept. */
  isLinkedTo = false
  /** Whether it was taken back: nothing of it is recorded, whatever was decided. */
  isDiscarded = false
  private root: LiveSpan | undefined = undefined
  private held: HeldTrace | undefined = undefined
  private keptFor: KeepReason | undefined = undefined
  private forced: KeepReason | undefined = undefined
  /** A decision that was taken before the local root was made. */
  private early: SamplingDecision | undefined = undefined

  /** Made for the first span besides the root. */
  private budget: SpanBudget | undefined = undefined

  constructor(runtime: TracerRuntime, id: TraceId, parent: ParentContext | undefined) {
    this.runtime = runtime
    this.id = id
    this.parent = parent
    this.traceState = parent?.traceState
  }

  /** W3C trace flags of a span with this verdict. */
  flagsOf(verdict: Verdict | undefined): number {
    const random = this.parent === undefined ? randomFlag : this.parent.traceFlags & randomFlag
    return verdict === "sampled" ? random | sampledFlag : random
  }

  /** Decides on a span: as on its trace, unless the sampler is one that is asked for each span. */
  decide(span: LiveSpan): Verdict {
    if (this.verdict !== undefined) {
      if (this.runtime.sampler.scope === "trace" || this.verdict === "dropped") return this.verdict
      const own = this.ask(span)
      // Only a trace that waits can be kept late.
      return own === "held" && this.verdict !== "held" ? unkept(this.runtime) : own
    }
    this.root = span
    this.verdict = this.ask(span)
    if (this.forced !== undefined && this.verdict !== "sampled") {
      this.keepFor(this.forced)
    } else if (this.verdict === "held") {
      this.verdict = this.hold()
    }
    return this.verdict
  }

  private hold(): Verdict {
    const { heldTraces, lateKeep } = this.runtime
    if (lateKeep !== undefined) this.held = heldTraces.add(this, lateKeep)
    return this.held === undefined ? unkept(this.runtime) : "held"
  }

  /** A span of another trace links to this one. */
  linkedTo(): void {
    this.isLinkedTo = true
    if (this.held !== undefined) this.runtime.heldTraces.protect(this.held)
  }

  /** Asks the sampler. One that throws is told once, and what it should have decided about is sampled. */
  private consult(input: SamplingInput): SamplingDecision {
    const { sampler, warnings } = this.runtime
    try {
      return sampler.decide(input)
    } catch (error) {
      warnings.warn(
        "sampler",
        `The sampler ${sampler.description} threw; traces are sampled without it: ${describeError(error).message}`
      )
      return sample
    }
  }

  private ask(span: LiveSpan): Verdict {
    const decision = this.early ?? this.consult({
      trace: this.id,
      parent: span.parentContext,
      name: span.name,
      kind: span.kind,
      attributes: span.endedAttributes,
      links: span.endedLinks
    })
    this.early = undefined
    if (decision.attributes !== undefined) {
      for (const key of Object.keys(decision.attributes)) span.attribute(key, decision.attributes[key])
    }
    if (decision.traceState !== undefined) this.traceState = decision.traceState
    if (decision.decision === "sample") return "sampled"
    if (decision.decision === "record") return "recorded"
    return this.runtime.lateKeep === undefined || decision.mayBeKept === false ? unkept(this.runtime) : "held"
  }

  /** Decides in place of the sampler that the trace is not sampled: whoever sent the request said so. */
  refuse(): void {
    this.early = { decision: "drop" }
  }

  /**
   * Takes the decision before there is a span, for samplers that read no attributes; `true` if nothing of the trace
   * will record, so that its spans need not even be made.
   */
  isDroppedAtOnce(name: string, kind: SpanKind): boolean {
    const { lateKeep, sampler } = this.runtime
    if (sampler.readsAttributesOf.has(kind) || sampler.scope === "span" || lateKeep !== undefined) return false
    if (this.runtime.onFinished !== undefined) return false
    this.early ??= this.consult({
      trace: this.id,
      parent: this.parent,
      name,
      kind,
      attributes: noAttributes,
      links: []
    })
    return this.early.decision === "drop"
  }

  /** Keeps the trace whatever the sampler says or has said. */
  force(reason: KeepReason = "forced"): void {
    if (this.verdict === undefined) this.forced ??= reason
    else this.keep(reason)
  }

  /** Keeps a held trace: what it held is exported, and what is still to come. */
  keep(reason: KeepReason): void {
    if (this.verdict !== "held") return
    this.keepFor(reason)
    const held = this.release()
    for (const span of held) {
      mark(span, reason)
      this.export(span, "keptBack")
    }
  }

  private keepFor(reason: KeepReason): void {
    this.verdict = "sampled"
    this.keptFor = reason
    // It was not drawn by chance: a threshold of the parent's would have it counted as if it were.
    this.traceState = TraceState.setThreshold(this.traceState, undefined)
  }

  /** Lets a held trace go: nothing happened that would keep it, or there is no room. */
  forget(): void {
    if (this.verdict !== "held") return
    this.verdict = unkept(this.runtime)
    this.runtime.ledger.move("keptBack", "sampledOut", this.release().length)
  }

  /** Takes the trace back: see {@link LiveSpan.discard}. */
  discard(): void {
    const { ledger } = this.runtime
    this.isDiscarded = true
    this.verdict = "dropped"
    ledger.move("keptBack", "sampledOut", this.release().length)
    if (this.budget !== undefined) ledger.move("keptBack", "sampledOut", this.budget.takeSlowest().length)
  }

  private release(): Array<LiveSpan> {
    const { held } = this
    if (held === undefined) return []
    this.held = undefined
    this.runtime.heldTraces.remove(held)
    return held.spans
  }

  /** A recording span of the trace has ended. */
  ended(span: LiveSpan, verdict: Verdict): void {
    const { ledger } = this.runtime
    // What was held when the span asked may have been kept or let go since.
    const current = verdict === "held" ? this.verdict : verdict
    switch (current) {
      case "sampled":
        if (this.keptFor !== undefined) mark(span, this.keptFor)
        return this.export(span, "active")
      case "held":
        return this.holdBack(span)
      case "recorded":
        if (this.runtime.onRecorded !== undefined) {
          this.runtime.redact(span)
          this.runtime.onRecorded(new EndedSpan(span))
        }
    }
    ledger.move("active", "sampledOut")
  }

  private holdBack(span: LiveSpan): void {
    const { heldTraces, ledger } = this.runtime
    if (this.held === undefined) return ledger.move("active", "sampledOut")
    const reason = this.reasonOf(span, this.held.lateKeep)
    if (reason === undefined && span === this.root) {
      // The end of most traces: nothing happened, so there is nothing to hold it for.
      ledger.move("active", "sampledOut")
      return this.forget()
    }
    ledger.move("active", "keptBack")
    heldTraces.push(this.held, span)
    if (reason === undefined) heldTraces.makeRoom()
    else this.keep(reason)
  }

  private reasonOf(span: LiveSpan, lateKeep: LateKeep): KeepReason | undefined {
    try {
      return lateKeep.reasonOf(span, span === this.root)
    } catch (error) {
      this.runtime.warnings.warn(
        "late keep",
        `The policy that keeps traces (${lateKeep.description}) threw: ${describeError(error).message}`
      )
      return undefined
    }
  }

  private export(span: LiveSpan, from: "active" | "keptBack"): void {
    if (span.links.length > 0) keepLinked(span.links)
    if (span === this.root) {
      this.emit(span, from)
      if (this.budget !== undefined) { for (const slow of this.budget.takeSlowest()) this.emit(slow, "keptBack") }
      return
    }
    const budget = this.budget ??= new SpanBudget(this.runtime.spanBudget)
    if (budget.admits(span)) this.emit(span, from)
    else this.exportIfSlow(span, from, budget)
  }

  private exportIfSlow(span: LiveSpan, from: "active" | "keptBack", budget: SpanBudget): void {
    const { ledger } = this.runtime
    if (from === "active") ledger.move("active", "keptBack")
    const gone = this.root?.ended === true ? span : budget.keepIfSlow(span)
    if (gone === undefined) return
    ledger.drop("keptBack", "span_budget")
    countOnParent(gone)
  }

  private emit(span: LiveSpan, from: "active" | "keptBack"): void {
    this.runtime.redact(span)
    span.compact()
    this.runtime.onEnd(new EndedSpan(span), from)
  }
}

/** What nobody keeps does not record either, unless somebody looks at every span that ends. */
const unkept = (runtime: TracerRuntime): Verdict => runtime.onFinished === undefined ? "dropped" : "recorded"

const isOwn = (span: AnySpan): span is LiveSpan => "local" in span

let linkedOnes: Array<LocalTrace> | undefined

/** No link of a kept span may dangle: the run of a kept work item is kept as well, and so on along a chain as long as it may be. */
const keepLinked = (links: ReadonlyArray<SpanLink>): void => {
  const isFirst = linkedOnes === undefined
  const linked = linkedOnes ??= []
  for (const { span } of links) if (isOwn(span)) linked.push(span.local)
  if (!isFirst) return
  try {
    for (let next = linked.pop(); next !== undefined; next = linked.pop()) next.force("linked")
  } finally {
    linkedOnes = undefined
  }
}

/** Tells the traces that a span links to. */
export const tellLinked = (links: ReadonlyArray<SpanLink>, from: LocalTrace): void => {
  for (const { span } of links) if (isOwn(span) && span.local !== from) span.local.linkedTo()
}

/**
 * Says on a span that its trace was kept late. Such traces were not drawn by chance, so they must not be scaled up
 * when rates are computed from the sampled ones: their adjusted count is 0.
 */
const mark = (span: LiveSpan, reason: KeepReason): void => {
  span.attributes.setReserved("sampling.kept_for", reason)
  span.attributes.setReserved("sampling.adjusted_count", 0)
}
