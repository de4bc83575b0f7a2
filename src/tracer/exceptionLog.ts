import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import type { exceptionAttributes } from "./exception.ts"

/**
 * Logs an exception: a line of level Error in the span it ended, `ScrapeError: answered 500`, with the annotations `exception.type`,
 * `exception.message` and `exception.stacktrace` (semantic conventions, "Exceptions in logs").
 *
 * **Details**
 *
 * The loggers are those of the fiber that ends the span, but for the one that writes events of spans: whether there is such an event
 * is what the setting decides.
 */
export const logException = (span: Tracer.Span, attributes: ReturnType<typeof exceptionAttributes>): void => {
  const context = Fiber.getCurrent()?.context ?? Context.empty()
  const loggers = new Set(Context.get(context, References.CurrentLoggers))
  loggers.delete(Logger.tracerLogger)
  const { "exception.stacktrace": stack, ...rest } = attributes
  const line = `${attributes["exception.type"]}: ${attributes["exception.message"]}`
  Effect.runForkWith(
    context.pipe(Context.add(Tracer.ParentSpan, span), Context.add(References.CurrentLoggers, loggers))
  )(Effect.annotateLogs(Effect.logError(line), stack === undefined ? rest : attributes))
}
