import type * as Tracer from "effect/Tracer"
import type { PropagatedContext, Propagator, Trust } from "../propagation/index.ts"
import { Carrier } from "../propagation/index.ts"
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
}

const nothing: Inbound = { parent: undefined, links: [] }

const sampledFlag = 1

const asExternal = (context: PropagatedContext, isLimited: boolean): Tracer.ExternalSpan =>
  externalSpan({
    traceId: context.traceId,
    spanId: context.spanId,
    traceFlags: context.traceFlags,
    traceState: context.traceState,
    isRemote: true,
    isLimited
  })

/**
 * Reads the trace context of request headers and judges it by who sent it: parent, link or nothing.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makeInbound =
  (options: { readonly propagator: Propagator.Propagator; readonly trust: Trust.Trust }) =>
  (headers: Readonly<Record<string, string | undefined>>, peerAddress: string | undefined): Inbound => {
    const { context } = options.propagator.extract(Carrier.fromRecord(headers))
    if (context === undefined) return nothing
    const decision = options.trust.decide(peerAddress)
    switch (decision.relation) {
      case "ignore":
        return nothing
      case "link":
        return { parent: undefined, links: [{ span: asExternal(context, true), attributes: {} }] }
      case "parent": {
        const flags = context.debug === true && decision.force ? context.traceFlags | sampledFlag : context.traceFlags
        return { parent: asExternal({ ...context, traceFlags: flags }, decision.sampled !== "believed"), links: [] }
      }
    }
  }
