import type { Attributes } from "./Attributes.ts"

/**
 * A reference to a span that is related but is not the parent.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanLink {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string
  /** W3C trace flags of the linked context: 1 sampled, 2 random. */
  readonly traceFlags: number
  /** W3C `tracestate` of the linked context. */
  readonly traceState: string | undefined
  readonly attributes: Attributes | undefined
}
