import type * as Tracer from "effect/Tracer"
import type { EndedSpan, InstrumentationScope, SpanLink, StatusCode } from "../../model/index.ts"

/** `Span.SpanKind` of OTLP. */
export const kindNumbers: Readonly<Record<Tracer.SpanKind, number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5
}

/** `Status.StatusCode` of OTLP. */
export const statusNumbers: Readonly<Record<StatusCode, number>> = { unset: 0, ok: 1, error: 2 }

const contextHasIsRemote = 0x100
const contextIsRemote = 0x200

/** `Span.flags` of OTLP: the W3C trace flags, and whether the parent is of another process, which is always known. */
export const spanFlags = (span: EndedSpan): number =>
  span.traceFlags & 0xff | contextHasIsRemote | (span.parentIsRemote ? contextIsRemote : 0)

/** `Span.Link.flags` of OTLP: the W3C trace flags; where the linked span ran is not known, and not claimed. */
export const linkFlags = (link: SpanLink): number => link.traceFlags & 0xff

/** The places of the spans of each library, in the order in which the libraries first appear. */
export const placesByScope = (
  scopes: ReadonlyArray<InstrumentationScope>
): ReadonlyMap<InstrumentationScope, ReadonlyArray<number>> => {
  const groups = new Map<InstrumentationScope, Array<number>>()
  for (const [place, scope] of scopes.entries()) {
    const group = groups.get(scope)
    if (group === undefined) groups.set(scope, [place])
    else group.push(place)
  }
  return groups
}
