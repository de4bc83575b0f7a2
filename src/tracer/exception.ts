import * as Cause from "effect/Cause"
import * as Inspectable from "effect/Inspectable"
import * as Predicate from "effect/Predicate"
import { DatabaseMessage } from "../conventions/index.ts"

/**
 * What a span says of an error.
 *
 * @category models
 * @since 0.1.0
 */
export interface ErrorDescription {
  /**
   * Value of `error.type` and `exception.type`: the `_tag` of a tagged error, else the name of an `Error`, else `_OTHER`
   * (semantic conventions, `error.type`).
   */
  readonly type: string
  readonly message: string
}

/** UTF-16 units of a message or stack trace that are kept. */
const maxTextLength = 16_384

const cap = (text: string): string => text.length > maxTextLength ? text.slice(0, maxTextLength) : text

// The error is the program's own: a getter or a proxy may throw when it is looked at.
const attempt = <A>(read: () => A, fallback: A): A => {
  try {
    return read()
  } catch {
    return fallback
  }
}

/**
 * Reads type and message of anything that was thrown or failed with. Never throws. The message of a `SqlError` comes without the values a
 * database quotes in it.
 */
export const describeError = (error: unknown): ErrorDescription => ({
  type: attempt(() => typeOf(error), "_OTHER"),
  message: attempt(() => cap(withoutValues(error, messageOf(error))), "<unprintable>")
})

const withoutValues = (error: unknown, message: string): string =>
  DatabaseMessage.isSqlError(error) ? DatabaseMessage.withoutValues(message) : message

const typeOf = (error: unknown): string => {
  if (Predicate.hasProperty(error, "_tag") && typeof error._tag === "string") return error._tag
  if (error instanceof Error) return error.name || error.constructor.name
  if (Predicate.hasProperty(error, "name") && typeof error.name === "string") return error.name
  return "_OTHER"
}

const messageOf = (error: unknown): string => {
  if (typeof error === "string") return error
  if (Predicate.hasProperty(error, "message") && typeof error.message === "string") {
    return error.message === "" ? typeOf(error) : error.message
  }
  return Inspectable.toStringUnknown(error)
}

/**
 * The attributes of an `exception` event (semantic conventions, "Exceptions on spans"): `exception.type`,
 * `exception.message`, `exception.stacktrace`.
 *
 * @param reason where the error was found in a cause: gives Effect's stack, with the spans it came through
 */
export const exceptionAttributes = (
  error: unknown,
  reason?: Cause.Reason<unknown>
): Record<string, string | undefined> => {
  const { message, type } = describeError(error)
  return { "exception.type": type, "exception.message": message, "exception.stacktrace": stackOf(error, reason) }
}

const stackOf = (error: unknown, reason: Cause.Reason<unknown> | undefined): string | undefined =>
  attempt(() => {
    const pretty = reason === undefined
      ? undefined
      : Cause.prettyErrors(Cause.fromReasons([reason]), { includeCauseInStack: true })[0]
    const stack = pretty?.stack ?? (error instanceof Error ? error.stack : undefined)
    return stack === undefined ? undefined : cap(DatabaseMessage.stackWithoutValues(stack, error))
  }, undefined)
