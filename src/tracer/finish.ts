import * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import type { TraceId } from "../model/index.ts"
import { describeError, exceptionAttributes } from "./exception.ts"
import { logException } from "./exceptionLog.ts"
import type { Outcome } from "./Instrumentation.ts"
import type { LiveSpan } from "./LiveSpan.ts"

// The trace in which an error was last recorded. By identity: an error that bubbles up through spans is the same object at each
// level, one that was mapped is another error. By trace: an error made once for the whole program fails more than one.
const recorded = new WeakMap<object, TraceId>()

/** Exceptions of one cause that get an event: a parallel failure of a thousand fibers is told by a few of them. */
const maxExceptions = 8

const errorOf = (reason: Cause.Reason<unknown>): unknown =>
  reason._tag === "Fail" ? reason.error : reason._tag === "Die" ? reason.defect : undefined

const identityOf = (reason: Cause.Reason<unknown>): object => {
  const error = errorOf(reason)
  return typeof error === "object" && error !== null ? error : reason
}

const recordExceptions = (span: LiveSpan, reasons: ReadonlyArray<Cause.Reason<unknown>>): void => {
  for (const reason of reasons.slice(0, maxExceptions)) {
    const identity = identityOf(reason)
    if (recorded.get(identity) === span.trace) continue
    recorded.set(identity, span.trace)
    const attributes = exceptionAttributes(errorOf(reason), reason)
    const { exceptionSignal } = span.local.runtime
    if (exceptionSignal !== "logs") span.event("exception", span.endTime, attributes)
    if (exceptionSignal !== "events") logException(span, attributes)
  }
}

/**
 * Gives a span the outcome its exit, or an instrumentation, says it has.
 *
 * **Details**
 *
 * Success leaves the status unset, interruption alone as well (with `effect.fiber.interrupted`). A failure makes it an
 * error with description and `error.type`; its exception is recorded on the innermost span only, as its event, as a log line or both.
 *
 * @param outcome what an instrumentation found; `undefined` for the usual reading of the exit
 */
export const applyOutcome = (span: LiveSpan, exit: Exit.Exit<unknown, unknown>, outcome: Outcome | undefined): void => {
  if (exit._tag === "Failure" && Cause.hasInterruptsOnly(exit.cause) && outcome?.isDone !== true) {
    span.attribute("effect.fiber.interrupted", true)
    if (outcome === undefined) return
  }
  const errors = exit._tag === "Failure" ? exit.cause.reasons.filter((reason) => reason._tag !== "Interrupt") : []
  if (outcome !== undefined) {
    if (outcome.errorType !== undefined) span.attributes.setReserved("error.type", outcome.errorType)
    if (outcome.status === "error") span.setStatus("error", outcome.message)
    if (outcome.exception) recordExceptions(span, errors)
    return
  }
  const [first] = errors
  if (first === undefined) return
  const { message, type } = describeError(errorOf(first))
  if (!span.attributes.has("error.type")) span.attributes.setReserved("error.type", type)
  span.setStatus("error", message)
  recordExceptions(span, errors)
}

/** Lets the instrumentations of the span's kind mend it, then gives it its outcome. */
export const finish = (span: LiveSpan, exit: Exit.Exit<unknown, unknown>): void => {
  const { instrumentations, warnings } = span.local.runtime
  let outcome: Outcome | undefined
  for (const instrumentation of instrumentations[span.kind]) {
    if (instrumentation.onFinish === undefined) continue
    try {
      outcome = instrumentation.onFinish(span, exit) ?? outcome
    } catch (error) {
      warnings.warn(
        `instrumentation ${instrumentation.name}`,
        `The instrumentation "${instrumentation.name}" failed on a span named "${span.name}" and left it as it was: ${
          describeError(error).message
        }`
      )
    }
  }
  if (exit._tag === "Failure" || outcome !== undefined) applyOutcome(span, exit, outcome)
}
