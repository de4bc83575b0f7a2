import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ExportError } from "../SpanExporter.ts"
import type { OtlpTransport } from "./OtlpTransport.ts"

/** What is waited for rather than refused, in milliseconds. */
const LAST_MOMENT_MILLIS = 2

/**
 * Makes a transport keep to the letter what its receiver asks for by `Retry-After`, whoever sends through it: what waits in
 * memory and what waits on disk are sent by two that know nothing of each other.
 *
 * **Details**
 *
 * Whoever comes too early is refused with the error that asked for the pause, and with what is left of it; no request is made.
 * Who comes at the last moment is let wait for it: a timer of Node rings up to a millisecond before its time, and a refusal for
 * that would count as an attempt that failed.
 */
export const heedRetryAfter = (transport: OtlpTransport): OtlpTransport => {
  let asked: { readonly until: number; readonly error: ExportError } | undefined
  const nowMillis = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)
  const turn: Effect.Effect<void, ExportError> = Effect.flatMap(nowMillis, (now) => {
    if (asked === undefined || asked.until <= now) return Effect.void
    const left = asked.until - now
    if (left <= LAST_MOMENT_MILLIS) return Effect.andThen(Effect.sleep(left), turn)
    const { message, reason } = asked.error
    return Effect.fail(new ExportError({ reason, message, retryable: true, retryAfterMillis: left }))
  })
  const hear = (error: ExportError): Effect.Effect<void> =>
    Effect.map(nowMillis, (now) => {
      const until = now + (error.retryAfterMillis ?? 0)
      if (until > Math.max(now, asked?.until ?? 0)) asked = { until, error }
    })
  return {
    ...transport,
    send: (body) =>
      Effect.suspend(() => {
        const answer = Effect.tapError(transport.send(body), hear)
        // Nearly always: no receiver that is well asks for a pause.
        return asked === undefined ? answer : Effect.andThen(turn, answer)
      })
  }
}
