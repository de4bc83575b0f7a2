import type { Attributes } from "./Attributes.ts"

/**
 * Something that happened at one moment of a span.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanEvent {
  readonly name: string
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint
  readonly attributes: Attributes | undefined
}
