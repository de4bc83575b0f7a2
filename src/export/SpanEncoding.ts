import type { EndedSpan } from "../model/index.ts"

/**
 * The body of a request that spans are written into, one after the other.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanBody {
  /** What the spans take so far, in bytes. */
  readonly bytes: number
  /** Writes a span. Throws where it cannot be encoded, and then the body is as it was. */
  readonly write: (span: EndedSpan) => void
  /** The whole body. Nothing can be written afterwards. */
  readonly finish: () => FinishedBody
}

/**
 * Spans as the body of a request.
 *
 * @category models
 * @since 0.1.0
 */
export interface FinishedBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  /**
   * For each span in the order of the body, as the how manieth it was written: spans of one library stand together. `undefined`
   * where that is the order in which they were written.
   */
  readonly order: ReadonlyArray<number> | undefined
}

/**
 * A format in which spans are sent, with the resource they are sent for. Exporters of the same one share what is written.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanEncoding {
  readonly begin: () => SpanBody
  /** A body of this format with only those of its spans that are to be kept, told by their place in it. */
  readonly select: (body: Uint8Array, isKept: (index: number) => boolean) => Uint8Array<ArrayBuffer>
}
