import * as Context from "effect/Context"
import { randomUUID } from "node:crypto"

/**
 * Holds the correlation id of the work at hand: what ties together the log lines, spans and requests of one cause, across
 * services that may not trace at all. Fibers inherit it.
 *
 * @category references
 * @since 0.1.0
 */
export const CorrelationId: Context.Reference<string | undefined> = Context.Reference<string | undefined>(
  "effect-tracing/propagation/CorrelationId",
  { defaultValue: () => undefined }
)

const pattern = /^[A-Za-z0-9._:/=+@-]+$/
const maxLength = 128

/**
 * Says whether a text may serve as a correlation id: 1 to 128 of `A-Z a-z 0-9 . _ : / = + @ -`. Nothing else is safe to repeat
 * in headers and log lines.
 *
 * @category guards
 * @since 0.1.0
 */
export const isCorrelationId = (text: string): boolean => text.length <= maxLength && pattern.test(text)

/**
 * Makes a correlation id: a random UUID.
 *
 * @category constructors
 * @since 0.1.0
 */
// Node hands out UUIDs from a pool of random bytes; an Effect service per request would cost more than the id.
export const makeCorrelationId = (): string => randomUUID()

/**
 * Takes over the correlation id of a header where it came once and is well-formed; `undefined` otherwise.
 *
 * @category decoding
 * @since 0.1.0
 */
export const correlationIdFrom = (value: string | ReadonlyArray<string> | undefined): string | undefined => {
  const text = typeof value === "string" ? value : value?.length === 1 ? value[0] : undefined
  return text !== undefined && isCorrelationId(text) ? text : undefined
}
