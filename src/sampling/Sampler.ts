import type { SpanKind } from "effect/Tracer"
import type { ReadonlyAttributes, SpanLink, TraceId } from "../model/index.ts"

/**
 * The context a span continues: of another process, or of a span in this one.
 *
 * @category models
 * @since 0.1.0
 */
export interface ParentContext {
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string
  /** W3C trace flags: 1 sampled, 2 random. */
  readonly traceFlags: number
  /** W3C `tracestate`. */
  readonly traceState: string | undefined
  readonly isRemote: boolean
  /** Whether its sampled flag counts only as far as the local sampler agrees: it comes from a peer nobody has listed. */
  readonly isLimited: boolean
}

/**
 * What a sampler decides from.
 *
 * @category models
 * @since 0.1.0
 */
export interface SamplingInput {
  readonly trace: TraceId
  readonly parent: ParentContext | undefined
  readonly name: string
  readonly kind: SpanKind
  /** The attributes the span began with: those of `withSpan`, of HTTP and of SQL are there. */
  readonly attributes: ReadonlyAttributes
  readonly links: ReadonlyArray<SpanLink>
}

/**
 * What a sampler decides.
 *
 * @category models
 * @since 0.1.0
 */
export interface SamplingDecision {
  /** `sample`: recorded and exported. `record`: recorded for processors, not exported. `drop`: neither. */
  readonly decision: "drop" | "record" | "sample"
  /** The `tracestate` the trace goes on with; `undefined` leaves the parent's. */
  readonly traceState?: string | undefined
  /** Attributes added to the span. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** Whether a trace that is not sampled may still be kept for what happens in it (errors, slowness); default true. */
  readonly mayBeKept?: boolean | undefined
}

/**
 * Decides which traces are kept, when they begin.
 *
 * **Details**
 *
 * A sampler of scope `trace` is asked once for each trace in this process, for its first span; all spans below follow. One of scope
 * `span` is asked for every span (OpenTelemetry's samplers are).
 *
 * @category models
 * @since 0.1.0
 */
export interface Sampler {
  /** How the status and the resolved settings show it, for example `ParentBased{root=TraceIdRatio{0.1}}`. */
  readonly description: string
  readonly scope: "trace" | "span"
  /** The kinds of span whose attributes it looks at; for others the decision may be taken before they are there. */
  readonly readsAttributesOf: ReadonlySet<SpanKind>
  readonly decide: (input: SamplingInput) => SamplingDecision
}

/**
 * No kind of span: for samplers that read no attributes.
 *
 * @category models
 * @since 0.1.0
 */
export const noKinds: ReadonlySet<SpanKind> = new Set()

/**
 * Every kind of span: for samplers that read the attributes of all.
 *
 * @category models
 * @since 0.1.0
 */
export const allKinds: ReadonlySet<SpanKind> = new Set<SpanKind>([
  "internal",
  "server",
  "client",
  "producer",
  "consumer"
])

/**
 * The decision to drop, with nothing to add.
 *
 * @category decisions
 * @since 0.1.0
 */
export const drop: SamplingDecision = { decision: "drop" }

/**
 * The decision to sample, with nothing to add.
 *
 * @category decisions
 * @since 0.1.0
 */
export const sample: SamplingDecision = { decision: "sample" }

/**
 * Samples every trace.
 *
 * @category samplers
 * @since 0.1.0
 */
export const alwaysOn: Sampler = {
  description: "AlwaysOn",
  scope: "trace",
  readsAttributesOf: noKinds,
  decide: () => sample
}

/**
 * Samples no trace.
 *
 * @category samplers
 * @since 0.1.0
 */
export const alwaysOff: Sampler = {
  description: "AlwaysOff",
  scope: "trace",
  readsAttributesOf: noKinds,
  decide: () => drop
}

/**
 * Follows the parent's sampled flag where there is a parent, and asks `root` where there is none.
 *
 * **Details**
 *
 * A sampled parent of another process that nobody has listed as trusted is sampled only if `root` agrees, so that a neighbour
 * cannot flood this service beyond its own rate.
 *
 * @category samplers
 * @since 0.1.0
 */
export const parentBased = (root: Sampler): Sampler => ({
  description: `ParentBased{root=${root.description}}`,
  scope: root.scope,
  readsAttributesOf: root.readsAttributesOf,
  decide: (input) => {
    const { parent } = input
    if (parent === undefined) return root.decide(input)
    if ((parent.traceFlags & 1) === 0) return drop
    return parent.isLimited ? root.decide(input) : sample
  }
})
