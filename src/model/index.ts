/**
 * What a span is once it has ended: ids, attribute values, events, links, limits and the ended-span record.
 *
 * @since 0.1.0
 */
export * from "./Attributes.ts"
export * as AttributeValue from "./AttributeValue.ts"
export * from "./EndedSpan.ts"
export * from "./estimateBytes.ts"
export * from "./InstrumentationScope.ts"
export * from "./Resource.ts"
export * from "./SpanEvent.ts"
export * as SpanId from "./SpanId.ts"
export * from "./SpanLimits.ts"
export * from "./SpanLink.ts"
export * from "./SpanStatus.ts"
export * from "./TraceId.ts"
export * from "./version.ts"
