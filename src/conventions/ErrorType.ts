import * as Predicate from "effect/Predicate"

/**
 * Value of `error.type` where nothing better is known.
 *
 * @category errors
 * @since 0.1.0
 */
export const otherErrorType = "_OTHER"

const maximumCauses = 8

/**
 * Lists an error and its causes, outermost first. An `AggregateError` (several addresses tried) goes on with its first.
 *
 * **Details**
 *
 * Ends after 8 errors, so a chain that bites its tail ends too. A getter that throws ends it as well.
 *
 * @category errors
 * @since 0.1.0
 */
export const causesOf = (error: unknown): ReadonlyArray<object> => {
  const causes: Array<object> = []
  let next: unknown = error
  try {
    while (typeof next === "object" && next !== null && causes.length < maximumCauses) {
      causes.push(next)
      if (Predicate.hasProperty(next, "cause") && next.cause !== undefined && next.cause !== null) {
        next = next.cause
      } else if (Predicate.hasProperty(next, "errors") && Array.isArray(next.errors)) {
        next = next.errors[0]
      } else {
        break
      }
    }
  } catch {
    // A getter of the program's own error threw: what was found so far has to do.
  }
  return causes
}

const stringProperty = (error: object, key: string): string | undefined => {
  try {
    const value: unknown = Predicate.hasProperty(error, key) ? error[key] : undefined
    return typeof value === "string" && value !== "" ? value : undefined
  } catch {
    return undefined
  }
}

const code = /^[A-Z][A-Z0-9_]{1,63}$/

/**
 * Names what went wrong below HTTP, in few words and few kinds: Node's code (`ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT`,
 * `CERT_HAS_EXPIRED`, `UND_ERR_HEADERS_TIMEOUT`), else the name of the innermost error that has one.
 *
 * **Details**
 *
 * The innermost code wins: `fetch failed` says nothing, its cause does.
 *
 * @category errors
 * @since 0.1.0
 */
export const transportErrorType = (error: unknown): string | undefined => {
  const causes = causesOf(error)
  for (let i = causes.length - 1; i >= 0; i--) {
    const found = stringProperty(causes[i]!, "code")
    if (found !== undefined && code.test(found)) return found
  }
  for (let i = causes.length - 1; i >= 0; i--) {
    const name = typeName(causes[i]!)
    if (name !== undefined && name !== "Error" && name !== "TypeError") return name
  }
  return undefined
}

/**
 * The name an error goes by: its `_tag`, its `name`, its class.
 *
 * @category errors
 * @since 0.1.0
 */
export const typeName = (error: object): string | undefined =>
  stringProperty(error, "_tag") ?? stringProperty(error, "name") ??
    (error.constructor?.name === "Object" ? undefined : error.constructor?.name)

/**
 * The message of the innermost error that has one: `connect ECONNREFUSED 127.0.0.1:1` instead of `Transport error`.
 *
 * @category errors
 * @since 0.1.0
 */
export const innermostMessage = (error: unknown): string | undefined => {
  const causes = causesOf(error)
  for (let i = causes.length - 1; i >= 0; i--) {
    const message = stringProperty(causes[i]!, "message")?.trim()
    if (message !== undefined && message !== "") return message
  }
  return undefined
}
