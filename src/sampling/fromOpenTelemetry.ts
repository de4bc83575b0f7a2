import * as Otel from "@opentelemetry/api"
import type { Sampler as OtelSampler } from "@opentelemetry/sdk-trace-base"
import type { SpanKind } from "effect/Tracer"
import type { SpanLink } from "../model/index.ts"
import type { ParentContext, Sampler, SamplingDecision } from "./Sampler.ts"
import { allKinds } from "./Sampler.ts"

const kinds: Readonly<Record<SpanKind, Otel.SpanKind>> = {
  internal: Otel.SpanKind.INTERNAL,
  server: Otel.SpanKind.SERVER,
  client: Otel.SpanKind.CLIENT,
  producer: Otel.SpanKind.PRODUCER,
  consumer: Otel.SpanKind.CONSUMER
}

// `SamplingDecision` of the SDK: NOT_RECORD 0, RECORD 1, RECORD_AND_SAMPLED 2.
const decisions: ReadonlyArray<SamplingDecision["decision"]> = ["drop", "record", "sample"]

const traceStateOf = (text: string | undefined): { readonly traceState?: Otel.TraceState } =>
  text === undefined ? {} : { traceState: Otel.createTraceState(text) }

const contextOf = (traceId: string, parent: ParentContext | undefined): Otel.Context =>
  parent === undefined ? Otel.ROOT_CONTEXT : Otel.trace.setSpanContext(Otel.ROOT_CONTEXT, {
    traceId,
    spanId: parent.spanId,
    traceFlags: parent.traceFlags,
    isRemote: parent.isRemote,
    ...traceStateOf(parent.traceState)
  })

const linkOf = ({ attributes, spanId, traceFlags, traceId, traceState }: SpanLink): Otel.Link => ({
  context: { traceId, spanId, traceFlags, ...traceStateOf(traceState) },
  ...(attributes === undefined ? undefined : { attributes: attributes.toRecord() as Otel.Attributes })
})

/**
 * Lets a sampler of OpenTelemetry decide, for every span. Unlike in the stock layer, it sees the attributes a span begins
 * with: those of `withSpan`, of HTTP requests and of SQL statements.
 *
 * @category samplers
 * @since 0.1.0
 */
export const fromOpenTelemetry = (sampler: OtelSampler): Sampler => ({
  description: sampler.toString(),
  scope: "span",
  readsAttributesOf: allKinds,
  decide: (input) => {
    const result = sampler.shouldSample(
      contextOf(input.trace.hex, input.parent),
      input.trace.hex,
      input.name,
      kinds[input.kind],
      Object.fromEntries(input.attributes.entries()) as Otel.Attributes,
      input.links.map(linkOf)
    )
    return {
      decision: decisions[result.decision] ?? "drop",
      traceState: result.traceState?.serialize(),
      attributes: result.attributes
    }
  }
})
