import * as Otel from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import { addBaggage, Baggage, baggageIn } from "../propagation/index.ts"
import { baggageOf } from "../tracer/index.ts"

const none: Baggage.Baggage = new Map()

/**
 * Reads the baggage of the work at hand: what a believed caller sent, or {@link withBaggage} or a library set. Empty where there is none.
 *
 * @category baggage
 * @since 0.1.0
 */
export const baggage: Effect.Effect<Readonly<Record<string, string>>> = Effect.withFiber((fiber) => {
  const found = baggageOf(Otel.context.active()) ?? baggageIn(fiber.context) ?? none
  return Effect.succeed(Object.fromEntries(Array.from(found, ([key, { value }]) => [key, value])))
})

/**
 * Adds baggage for an effect and the fibers it forks: keys and values that go along with requests to hosts of one's own, and that
 * `propagation.getActiveBaggage()` of OpenTelemetry's API sees.
 *
 * **Details**
 *
 * Sent as W3C Baggage within its limits (180 members, 8,192 bytes), values percent-coded and redacted as attributes are.
 *
 * **Gotchas**
 *
 * It travels only inside a span. Whoever gets it can read it: no secrets.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * export const crawl = Effect.log("crawling").pipe(
 *   Effect.withSpan("crawl"),
 *   Trace.withBaggage({ "crawl.campaign": "spring" })
 * )
 * ```
 *
 * @category baggage
 * @since 0.1.0
 */
export const withBaggage =
  (entries: Readonly<Record<string, string>>) => <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.updateContext(
      self,
      (context) => addBaggage(context, new Map([...baggageIn(context) ?? none, ...Baggage.fromRecord(entries)]))
    )
