import * as Context from "effect/Context"
import type { Baggage } from "./Baggage.ts"

const CurrentBaggage = Context.Reference<Baggage | undefined>("effect-tracing/propagation/CurrentBaggage", {
  defaultValue: () => undefined
})

// Asked for at every asynchronous operation inside a span: programs without baggage are not to pay for a look-up there.
let isUsed = false

/**
 * Puts baggage into the services of a fiber: what it and the fibers it forks send along with requests.
 *
 * @category baggage
 * @since 0.1.0
 */
export const addBaggage = <R>(context: Context.Context<R>, baggage: Baggage): Context.Context<R> => {
  isUsed = true
  return Context.add(context, CurrentBaggage, baggage)
}

/**
 * The baggage in the services of a fiber.
 *
 * @category baggage
 * @since 0.1.0
 */
export const baggageIn = (context: Context.Context<never>): Baggage | undefined =>
  isUsed ? Context.get(context, CurrentBaggage) : undefined
