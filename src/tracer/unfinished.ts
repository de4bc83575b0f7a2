import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { now } from "./clock.ts"
import type { TracerRuntime } from "./TracerRuntime.ts"
import { watchAge } from "./watchAge.ts"

/** Spans ended in one go, so that a program that leaks them by the hundred thousand is not stopped by their end. */
const maxAtOnce = 1000

const endOlderThan = (runtime: TracerRuntime, maxAgeNanos: bigint): void => {
  const time = now()
  for (let i = 0; i < maxAtOnce; i++) {
    const { oldest } = runtime.activeSpans
    if (oldest === undefined || time - oldest.startTime < maxAgeNanos) return
    runtime.warnings.warn(
      "unfinished spans",
      `The span "${oldest.name}" was not ended within ${
        maxAgeNanos / 1_000_000_000n
      } s. It is exported as it is, with ` +
        "span.unfinished=true. If spans may take that long, raise TRACING_MAX_SPAN_AGE_MS."
    )
    oldest.endUnfinished(time)
  }
}

/** Ends every span that is open, marked unfinished. */
export const endAll = (runtime: TracerRuntime): void => {
  const time = now()
  for (let span = runtime.activeSpans.oldest; span !== undefined; span = runtime.activeSpans.oldest) {
    span.endUnfinished(time)
  }
}

/**
 * Ends what nobody ended: spans that grow too old, now and then, and all that are left when the scope closes. They are
 * exported with `span.unfinished` (boolean).
 *
 * @param maxAgeMillis milliseconds; `Infinity` for no limit
 * @category constructors
 * @since 0.1.0
 */
export const watchUnfinished = (
  runtime: TracerRuntime,
  maxAgeMillis: number
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.andThen(
    Effect.addFinalizer(() => Effect.sync(() => endAll(runtime))),
    watchAge(maxAgeMillis, (maxAgeNanos) => endOlderThan(runtime, maxAgeNanos))
  )
