import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import type * as Logger from "effect/Logger"
import * as References from "effect/References"
import type { Redactor } from "../privacy/index.ts"
import { redactDeep } from "../privacy/index.ts"
import { logIds } from "./logAnnotations.ts"

type AnyLogger = Logger.Logger<unknown, unknown>
type AnyFiber = Fiber.Fiber<unknown, unknown>

/** What is done to every log line before the program's loggers see it. */
interface Lines {
  readonly redact: (key: string, value: unknown) => unknown
}

/** What a logger of ours hands its lines to. */
const behind = new WeakMap<AnyLogger, AnyLogger>()

/** The program's loggers, each with ours before it. */
class TracedLoggers extends Set<AnyLogger> {
  readonly lines: Lines
  readonly isDefault: boolean

  constructor(loggers: Iterable<AnyLogger>, lines: Lines, isDefault: boolean) {
    super(Array.from(loggers, (logger) => trace(behind.get(logger) ?? logger, lines)))
    this.lines = lines
    this.isDefault = isDefault
  }

  // Whoever asks for a logger of the program's finds it, although it is ours that stands there.
  override has(logger: AnyLogger): boolean {
    return super.has(logger) || Array.from(this).some((traced) => behind.get(traced) === logger)
  }
}

/**
 * The loggers the program has chosen. A context that was captured where the program had chosen none, and is used where it has, must not
 * bring the default loggers along: it does not bring this.
 */
const ChosenLoggers = Context.Reference<TracedLoggers | undefined>("effect-tracing/tracer/ChosenLoggers", {
  defaultValue: () => undefined
})

// Until a program chooses, no fiber need be asked.
let isAnyChosen = false

const chosenIn = (fiber: AnyFiber): TracedLoggers | undefined => isAnyChosen ? fiber.getRef(ChosenLoggers) : undefined

const annotationsOf = (fiber: AnyFiber, { redact }: Lines): Readonly<Record<string, unknown>> => {
  const annotations: Record<string, unknown> = logIds(fiber)
  for (const [key, value] of Object.entries(fiber.getRef(References.CurrentLogAnnotations))) {
    annotations[key] = redact(key, value)
  }
  return annotations
}

const redactCause = (cause: Cause.Cause<unknown>, { redact }: Lines): Cause.Cause<unknown> => {
  const reasons = cause.reasons.map((reason) => {
    if (reason._tag === "Interrupt") return reason
    const error = reason._tag === "Fail" ? reason.error : reason.defect
    const redacted = redact("", error)
    if (redacted === error) return reason
    const replaced = reason._tag === "Fail" ? Cause.makeFailReason(redacted) : Cause.makeDieReason(redacted)
    return replaced.annotate(Cause.reasonAnnotations(reason))
  })
  return reasons.every((reason, index) => reason === cause.reasons[index]) ? cause : Cause.fromReasons(reasons)
}

const trace = (logger: AnyLogger, lines: Lines): AnyLogger => {
  const log: AnyLogger["log"] = (options) => {
    const { cause, fiber, message } = options
    const { context } = fiber
    // A logger looks up the annotations itself, in the fiber: for as long as it is at it, they are these.
    fiber.setContext(Context.add(context, References.CurrentLogAnnotations, annotationsOf(fiber, lines)))
    try {
      return logger.log({ ...options, message: lines.redact("", message), cause: redactCause(cause, lines) })
    } finally {
      fiber.setContext(context)
    }
  }
  // All else is as it was. `Logger.make` would bring Effect's streams to the start of every program.
  const traced: AnyLogger = Object.create(logger, { log: { value: log } })
  behind.set(traced, logger)
  return traced
}

/**
 * Makes what gives the log lines of fibers the ids of span and work, and takes the secrets out of them, whichever loggers print them.
 *
 * **Details**
 *
 * Called for every context a fiber is seen in, which is where a logger can be reached that the program may set or change anywhere.
 *
 * @param redactor `undefined` where log lines are to stay as they are but for the ids
 */
export const makeTraceLoggers = (redactor: Redactor.Redactor | undefined): (fiber: AnyFiber) => void => {
  const lines: Lines = {
    redact: redactor === undefined ? (_, value) => value : (key, value) => redactDeep(redactor, value, key)
  }
  let ofDefault: TracedLoggers | undefined

  const set = (fiber: AnyFiber, loggers: TracedLoggers): void => {
    const context = Context.add(fiber.context, References.CurrentLoggers, loggers)
    isAnyChosen ||= !loggers.isDefault
    fiber.setContext(loggers.isDefault ? context : Context.add(context, ChosenLoggers, loggers))
  }

  return (fiber) => {
    const loggers = Context.getOrUndefined(fiber.context, References.CurrentLoggers)
    if (loggers === undefined) {
      set(fiber, ofDefault ??= new TracedLoggers(fiber.getRef(References.CurrentLoggers), lines, true))
    } else if (!(loggers instanceof TracedLoggers)) {
      set(fiber, new TracedLoggers(loggers, lines, false))
    } else {
      const meant = loggers.isDefault ? chosenIn(fiber) ?? loggers : loggers
      if (meant.lines !== lines) set(fiber, new TracedLoggers(meant, lines, meant.isDefault))
      else if (meant !== loggers) set(fiber, meant)
    }
  }
}
