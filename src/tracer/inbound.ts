import type * as Tracer from "effect/Tracer"
import type { Baggage, Extracted, PropagatedContext, Propagator, Trust } from "../propagation/index.ts"
import { Carrier, nothingExtracted, sampledFlag } from "../propagation/index.ts"
import { externalSpan } from "./remoteContext.ts"

/**
 * What a span that serves a request or a message begins with.
 *
 * @category models
 * @since 0.1.0
 */
export interface Inbound {
  /** The sender's span, where the sender is believed. */
  readonly parent: Tracer.ExternalSpan | undefined
  /** The sender's span, where it is only worth a link. */
  readonly links: ReadonlyArray<Tracer.SpanLink>
  /** A decision that came without a span (B3), as far as the sender may decide. */
  readonly decision?: "force" | "drop" | undefined
  /** The sender's baggage, where it is taken over. */
  readonly baggage?: Baggage.Baggage | undefined
}

const nothing: Inbound = { parent: undefined, links: [] }

const asExternal = (context: PropagatedContext, isLimited: boolean): Tracer.ExternalSpan =>
  externalSpan({
    traceId: context.traceId,
    spanId: context.spanId,
    traceFlags: context.traceFlags,
    traceState: context.traceState,
    isRemote: true,
    isLimited
  })

/** What is left of a decision that came without a span: a neighbour may ask for less, a listed peer also for more. */
const decisionOf = (extracted: Extracted, trusted: Trust.TrustDecision): Inbound["decision"] => {
  if (trusted.relation !== "parent" || extracted.context !== undefined) return undefined
  switch (extracted.decision) {
    case "deny":
      return "drop"
    case "accept":
      return trusted.sampled === "believed" ? "force" : undefined
    case "debug":
      return trusted.force ? "force" : undefined
    case undefined:
      return undefined
  }
}

const asParent = (context: PropagatedContext, trusted: Trust.TrustDecision): Tracer.ExternalSpan => {
  const traceFlags = context.debug === true && trusted.force ? context.traceFlags | sampledFlag : context.traceFlags
  return asExternal({ ...context, traceFlags }, trusted.sampled !== "believed")
}

/**
 * Reads the trace context of request headers and judges it by who sent it: parent, link or nothing. Baggage, and decisions of B3 that
 * come without a span, count as far as the sender is trusted.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makeInbound =
  (options: { readonly propagator: Propagator.Propagator; readonly trust: Trust.Trust }) =>
  (headers: Readonly<Record<string, string | undefined>>, peerAddress: string | undefined): Inbound => {
    const extracted = options.propagator.extract(Carrier.fromRecord(headers))
    if (extracted === nothingExtracted) return nothing
    const trusted = options.trust.decide(peerAddress)
    const { context } = extracted
    return {
      parent: context !== undefined && trusted.relation === "parent" ? asParent(context, trusted) : undefined,
      links: context !== undefined && trusted.relation === "link"
        ? [{ span: asExternal(context, true), attributes: {} }]
        : [],
      decision: decisionOf(extracted, trusted),
      baggage: trusted.baggage ? extracted.baggage : undefined
    }
  }
