import type { Baggage } from "./Baggage.ts"

/**
 * A span as another process knows it: what `traceparent` and its like carry.
 *
 * @category models
 * @since 0.1.0
 */
export interface PropagatedContext {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly spanId: string
  /** W3C trace flags: 1 sampled, 2 random. No other bit is ever set. */
  readonly traceFlags: number
  /** W3C `tracestate`, well-formed, in one line; `undefined` where there is none. */
  readonly traceState: string | undefined
  /** Whether the span lives in another process. */
  readonly isRemote: boolean
  /** Whether the sender asks for the trace to be kept whatever the rate (B3 and Jaeger `debug`). */
  readonly debug?: boolean | undefined
  /** User-supplied keys and values that travel along. */
  readonly baggage?: Baggage | undefined
}

/**
 * What a carrier held.
 *
 * @category models
 * @since 0.1.0
 */
export interface Extracted {
  /** The sender's span, with the baggage of the carrier; `undefined` where there was none, or none well-formed. */
  readonly context: PropagatedContext | undefined
  /** The carrier's baggage, which may come without a span. */
  readonly baggage: Baggage | undefined
  /**
   * A sampling decision that came without a span (B3 alone knows it): `deny` (`b3: 0`), `accept` (`b3: 1`) or `debug`
   * (`b3: d`).
   */
  readonly decision: "deny" | "accept" | "debug" | undefined
}

/**
 * What a carrier without any known field holds.
 *
 * @category models
 * @since 0.1.0
 */
export const nothingExtracted: Extracted = { context: undefined, baggage: undefined, decision: undefined }

/**
 * The sampled bit of the trace flags.
 *
 * @category models
 * @since 0.1.0
 */
export const sampledFlag = 0x01

/**
 * The bit of the trace flags that says that the trace id's right-most 56 bits are random (W3C level 2).
 *
 * @category models
 * @since 0.1.0
 */
export const randomFlag = 0x02
