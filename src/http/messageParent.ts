import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { SpanStart } from "../tracer/index.ts"
import type { HttpServerOptions } from "./HttpServerInstrumentation.ts"
import { peerAddressOf } from "./ServerRequestAttributes.ts"

/** The same context in the headers of every propagator there is. */
const asHeaders = ({ sampled, spanId, traceId }: Tracer.ExternalSpan): Record<string, string> => {
  const flag = sampled ? "1" : "0"
  return {
    traceparent: `00-${traceId}-${spanId}-0${flag}`,
    b3: `${traceId}-${spanId}-${flag}`,
    "x-b3-traceid": traceId,
    "x-b3-spanid": spanId,
    "x-b3-sampled": flag,
    "uber-trace-id": `${traceId}:${spanId}:0:${flag}`
  }
}

/**
 * Judges a parent that came inside a request, in a message, by who sent the request: `effect/rpc` takes whatever ids a message over a
 * WebSocket holds. Who is believed stays the parent; who is not becomes a link, and the span around is the parent.
 *
 * **Details**
 *
 * A span of `effect/rpc` is known by the link to the span it runs in; where there is none, any parent from outside is judged.
 *
 * @param around the span the fiber is in
 */
export const judgeParent = (
  start: SpanStart,
  request: HttpServerRequest,
  around: Tracer.AnySpan | undefined,
  extract: HttpServerOptions["extract"]
): void => {
  const given = Option.getOrUndefined(start.parent)
  if (given?._tag !== "ExternalSpan") return
  if (around !== undefined && !start.links.some(({ span }) => span === around)) return
  const { links, parent } = extract(asHeaders(given), peerAddressOf(request))
  start.parent = Option.fromNullishOr(parent ?? around)
  // What is the parent needs no link.
  if (parent === undefined) start.links = start.links.filter(({ span }) => span !== around)
  start.links = [...start.links, ...links]
}
