import { Attributes, type SpanLink, TraceId } from "effect-tracing/model"
import type { ParentContext, Sampler, SamplingDecision, SamplingInput } from "effect-tracing/sampling"

/** What a sampler is asked about a root span, with what a test is about put in. */
export const inputOf = (
  part: Omit<Partial<SamplingInput>, "attributes"> & { readonly attributes?: Readonly<Record<string, unknown>> } = {}
): SamplingInput => ({
  trace: part.trace ?? TraceId.random(),
  parent: part.parent,
  name: part.name ?? "span",
  kind: part.kind ?? "internal",
  attributes: Attributes.fromRecord(part.attributes ?? {}),
  links: part.links ?? ([] as ReadonlyArray<SpanLink>)
})

/** A parent of another process. */
export const parentOf = (part: Partial<ParentContext> = {}): ParentContext => ({
  spanId: "0123456789abcdef",
  traceFlags: 3,
  traceState: undefined,
  isRemote: true,
  isLimited: false,
  ...part
})

/** The decision of a sampler about a span. */
export const decide = (sampler: Sampler, part?: Parameters<typeof inputOf>[0]): SamplingDecision["decision"] =>
  sampler.decide(inputOf(part)).decision

/** A trace id with the given last 56 bits, as 14 hexadecimal digits. */
export const traceWith = (randomness: string): TraceId => TraceId.fromHex(`0123456789abcdef01${randomness}`)!
