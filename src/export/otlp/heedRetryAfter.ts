import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ExportError } from "../SpanExporter.ts"
import type { OtlpTransport } from "./OtlpTransport.ts"

/**
 * Makes a transport keep to the letter what its receiver asks for by `Retry-After`, whoever sends through it: what waits in
 * memory and what waits on disk are sent by two that know nothing of each other.
 *
 * **Details**
 *
 * Whoever comes too early is refused with the error that asked for the pause, and with what is left of it; no request is made.
 */
export const heedRetryAfter = (transport: OtlpTransport): OtlpTransport => {
  let asked: { readonly until: number; readonly error: ExportError } | undefined
  const nowMillis = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)
  return {
    ...transport,
    send: Effect.fnUntraced(function*(body) {
      const now = yield* nowMillis
      if (asked !== undefined && now < asked.until) {
        const { message, reason } = asked.error
        return yield* new ExportError({ reason, message, retryable: true, retryAfterMillis: asked.until - now })
      }
      return yield* Effect.tapError(transport.send(body), (error) =>
        Effect.map(nowMillis, (now) => {
          const until = now + (error.retryAfterMillis ?? 0)
          if (until > Math.max(now, asked?.until ?? 0)) asked = { until, error }
        }))
    })
  }
}
