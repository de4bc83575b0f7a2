/**
 * How much one span may hold. What is beyond a limit is not kept but counted, and the counts are exported.
 *
 * Source: OpenTelemetry specification, SDK environment variables, "Attribute Limits" and "Span Limits".
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanLimits {
  /** Attributes of one span; default 128. */
  readonly attributeCount: number
  /** Length of one string value in UTF-16 units; default no limit (`Infinity`). */
  readonly attributeValueLength: number
  /** Events of one span; default 128. */
  readonly eventCount: number
  /** Links of one span; default 128. */
  readonly linkCount: number
  /** Attributes of one event; default 128. */
  readonly attributePerEventCount: number
  /** Attributes of one link; default 128. */
  readonly attributePerLinkCount: number
}

/**
 * The defaults of the specification.
 *
 * @category models
 * @since 0.1.0
 */
export const defaultSpanLimits: SpanLimits = {
  attributeCount: 128,
  attributeValueLength: Infinity,
  eventCount: 128,
  linkCount: 128,
  attributePerEventCount: 128,
  attributePerLinkCount: 128
}
