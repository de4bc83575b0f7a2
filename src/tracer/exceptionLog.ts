import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import type { exceptionAttributes } from "./exception.ts"
import { externalSpan, flagsAndStateOf } from "./remoteContext.ts"

/**
 * Logs an exception: a line of level Error in the span it ended, `ScrapeError: answered 500`, with the annotations `exception.type`,
 * `exception.message` and `exception.stacktrace` (semantic conventions, "Exceptions in logs").
 *
 * **Details**
 *
 * The loggers are those of the fiber that ends the span. The line knows the span by its ids alone, so that it does not become an event
 * of it: whether there is such an event is what the setting decides.
 */
export const logException = (span: Tracer.Span, attributes: ReturnType<typeof exceptionAttributes>): void => {
  const context = Fiber.getCurrent()?.context ?? Context.empty()
  const { "exception.stacktrace": stack, ...rest } = attributes
  const line = `${attributes["exception.type"]}: ${attributes["exception.message"]}`
  const { spanId, traceId } = span
  const { traceFlags, traceState } = flagsAndStateOf(span)
  const known = externalSpan({ traceId, spanId, traceFlags, traceState, isRemote: false })
  Effect.runForkWith(Context.add(context, Tracer.ParentSpan, known))(
    Effect.annotateLogs(Effect.logError(line), stack === undefined ? rest : attributes)
  )
}
