import * as B3 from "./B3.ts"
import * as Baggage from "./Baggage.ts"
import type { Carrier, Setter } from "./Carrier.ts"
import * as Jaeger from "./Jaeger.ts"
import { LateBaggage } from "./LateBaggage.ts"
import type { Extracted, PropagatedContext } from "./PropagatedContext.ts"
import { nothingExtracted } from "./PropagatedContext.ts"
import * as TraceContext from "./TraceContext.ts"

/**
 * Writes context into carriers and reads it back, in one format.
 *
 * **Details**
 *
 * Neither direction ever throws, whatever a carrier holds; both take time in proportion to what the carrier holds, and look at
 * no more than each format's own limits allow.
 *
 * @category models
 * @since 0.1.0
 */
export interface Propagator {
  /** The name `OTEL_PROPAGATORS` knows it by. */
  readonly name: string
  /** The fields it writes, in lower case. */
  readonly fields: ReadonlyArray<string>
  readonly extract: (carrier: Carrier) => Extracted
  readonly inject: (context: PropagatedContext, set: Setter) => void
}

/**
 * Writes nothing and reads nothing.
 *
 * @category propagators
 * @since 0.1.0
 */
export const none: Propagator = { name: "none", fields: [], extract: () => nothingExtracted, inject: () => {} }

const sameSpan = (self: PropagatedContext, that: PropagatedContext): boolean =>
  self.traceId === that.traceId && self.spanId === that.spanId

const mergeBaggage = (
  earlier: Baggage.Baggage | undefined,
  later: Baggage.Baggage | undefined
): Baggage.Baggage | undefined =>
  earlier === undefined || later === undefined
    ? later ?? earlier
    : new LateBaggage(() => new Map([...earlier, ...later]))

// OpenTelemetry lets the later propagator win. Clients that send one span in several formats are common, and only W3C's has a
// `tracestate` and a random flag: of the same span nothing that was said is lost.
const merge = (earlier: Extracted, later: Extracted): Extracted => {
  if (earlier === nothingExtracted) return later
  if (later === nothingExtracted) return earlier
  const before = earlier.context
  const after = later.context
  const context = before === undefined || after === undefined
    ? after ?? before
    : sameSpan(before, after)
    ? {
      ...after,
      traceFlags: after.traceFlags | (before.traceFlags & ~1),
      traceState: after.traceState ?? before.traceState,
      debug: after.debug === true || before.debug === true
    }
    : after
  return {
    context,
    baggage: mergeBaggage(earlier.baggage, later.baggage),
    decision: later.decision ?? earlier.decision
  }
}

/**
 * Joins propagators: all write; of what they read, the later wins, as in OpenTelemetry's composite propagator.
 *
 * @category constructors
 * @since 0.1.0
 */
export const composite = (propagators: ReadonlyArray<Propagator>): Propagator => {
  // Both forms of B3 read the same: once is enough, where the later of them stands.
  const extracts = [...new Set(propagators.map(({ extract }) => extract).toReversed())].toReversed()
  return {
    name: propagators.map((propagator) => propagator.name).join(","),
    fields: [...new Set(propagators.flatMap((propagator) => propagator.fields))],
    extract: (carrier) => {
      let extracted = nothingExtracted
      for (const extract of extracts) extracted = merge(extracted, extract(carrier))
      const { baggage, context } = extracted
      return context === undefined || baggage === undefined
        ? extracted
        : { ...extracted, context: { ...context, baggage } }
    },
    inject: (context, set) => {
      for (const propagator of propagators) propagator.inject(context, set)
    }
  }
}

/**
 * Makes a propagator that changes baggage values as they are written, to keep secrets out of headers.
 *
 * @category constructors
 * @since 0.1.0
 */
export const withBaggageMapped = (
  propagator: Propagator,
  change: (key: string, value: string) => string
): Propagator => ({
  ...propagator,
  inject: (context, set) => {
    const { baggage } = context
    if (baggage === undefined) return propagator.inject(context, set)
    const changed = new Map(Array.from(baggage, ([key, entry]) => [key, { ...entry, value: change(key, entry.value) }]))
    propagator.inject({ ...context, baggage: changed }, set)
  }
})

const known = {
  tracecontext: TraceContext.propagator,
  baggage: Baggage.propagator,
  b3: B3.single,
  b3multi: B3.multi,
  jaeger: Jaeger.propagator
} as const

/**
 * The names `OTEL_PROPAGATORS` may hold, besides `none`.
 *
 * @category models
 * @since 0.1.0
 */
export type Name = keyof typeof known

/**
 * The names `OTEL_PROPAGATORS` may hold, besides `none`.
 *
 * @category models
 * @since 0.1.0
 */
export const names: ReadonlyArray<Name> = Object.keys(known) as Array<Name>

/**
 * Makes the propagator of a list of names, each once; names it does not know are passed over, `none` among others too.
 *
 * **Details**
 *
 * Setting: `OTEL_PROPAGATORS`, a comma-separated list of `tracecontext`, `baggage`, `b3`, `b3multi`, `jaeger`, `none`; default
 * `tracecontext,baggage`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromNames = (names: ReadonlyArray<string>): Propagator => {
  const propagators = [...new Set(names)].flatMap((name) => Object.hasOwn(known, name) ? [known[name as Name]] : [])
  return propagators.length === 0 ? none : composite(propagators)
}

/**
 * Carries W3C trace context and baggage: what OpenTelemetry does unless told otherwise.
 *
 * @category propagators
 * @since 0.1.0
 */
export const w3c: Propagator = fromNames(["tracecontext", "baggage"])
