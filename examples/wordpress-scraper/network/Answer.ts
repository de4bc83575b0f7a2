import type { Effect } from "effect"
import { Schema } from "effect"

/**
 * What a server answered, once all of it is here.
 *
 * @category models
 * @since 0.1.0
 */
export interface Answer {
  /** Where the answer came from, after redirects. */
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/**
 * Says that an answer arrived but is not what it should be: cut short, or HTML in place of JSON. Asking again may help.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", {
  message: Schema.String
}) {}

/**
 * Makes something of an answer, or says that it cannot be read.
 *
 * @category models
 * @since 0.1.0
 */
export type Reader<A> = (answer: Answer) => Effect.Effect<A, Unreadable>
