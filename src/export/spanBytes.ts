import type { EndedSpan } from "../model/index.ts"
import { estimateBytes } from "../model/index.ts"

/** Estimates what a span takes in memory while it waits, in bytes. */
export const spanBytes = (span: EndedSpan): number =>
  estimateBytes(span.name, span.attributes, span.events, span.links, span.statusMessage)
