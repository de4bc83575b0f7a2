import type * as Effect from "effect/Effect"
import type { EndedSpan } from "../model/index.ts"
import type { Load, Share, Worth } from "./Load.ts"
import { worthOf } from "./Load.ts"
import { spanBytes } from "./spanBytes.ts"
import type { SpanBody, SpanEncoding } from "./SpanEncoding.ts"
import type { ExportError, ExportOutcome, SpanExporter } from "./SpanExporter.ts"

/**
 * A span that takes more than this, in bytes, may have to be cut down before a receiver takes it, and is kept for that besides what
 * it is encoded to. No receiver is known to refuse less.
 */
const largeBytes = 32 * 1024

type LargeSpans = ReadonlyMap<number, EndedSpan>

const noLargeSpans: LargeSpans = new Map()

/** The large ones among the spans at those places, by their places among these. */
const largeAt = (large: LargeSpans, places: ReadonlyArray<number>): LargeSpans => {
  if (large.size === 0) return noLargeSpans
  const found = new Map<number, EndedSpan>()
  for (const [to, from] of places.entries()) if (large.has(from)) found.set(to, large.get(from)!)
  return found
}

/**
 * Spans as the body of a request, for exporters that send bytes: a fraction of what they took, outside the heap, and the
 * number of bytes is exact.
 */
export class EncodedSpans implements Load {
  readonly body: Uint8Array
  readonly bytes: number
  private readonly encoding: SpanEncoding
  private readonly worths: Uint8Array
  /** Those that may have to be cut down, by their place. */
  private readonly large: LargeSpans

  constructor(encoding: SpanEncoding, body: Uint8Array, worths: Uint8Array, large: LargeSpans) {
    this.encoding = encoding
    this.body = body
    this.worths = worths
    this.large = large
    this.bytes = body.length + Array.from(large.values(), spanBytes).reduce((sum, bytes) => sum + bytes, 0)
  }

  get size(): number {
    return this.worths.length
  }

  get first(): EndedSpan | undefined {
    return this.large.get(0)
  }

  worthAt(index: number): Worth {
    return this.worths[index] as Worth
  }

  bytesAt(): number {
    return this.bytes / this.size
  }

  select(isKept: (index: number) => boolean): EncodedSpans {
    const places = Array.from(this.worths.keys()).filter(isKept)
    return new EncodedSpans(
      this.encoding,
      this.encoding.select(this.body, isKept),
      Uint8Array.from(places, (place) => this.worths[place]!),
      largeAt(this.large, places)
    )
  }

  only(span: EndedSpan): Load {
    const packer = new SpanPacker(this.encoding)
    packer.add(span, spanBytes(span))
    return packer.pack().load
  }

  sendBy(exporter: SpanExporter): Effect.Effect<ExportOutcome, ExportError> {
    // Only exporters that have an encoding are given encoded spans.
    return exporter.encoded!.send(this.body)
  }
}

/** Room for so many spans is made at first, and for twice as many each time it is used up. */
const initialSpans = 512

/**
 * Encodes spans as they come, so that they need not wait as what they are.
 */
export class SpanPacker {
  readonly encoding: SpanEncoding
  private readonly body: SpanBody
  private count = 0
  private worths = new Uint8Array(initialSpans)
  private readonly large = new Map<number, EndedSpan>()
  private largeBytes = 0
  /** Spans that cannot be encoded. */
  private failed = 0
  /** Why the last of those cannot be. */
  private failure: unknown

  constructor(encoding: SpanEncoding) {
    this.encoding = encoding
    this.body = encoding.begin()
  }

  /** What the spans take so far. */
  get bytes(): number {
    return this.body.bytes + this.largeBytes
  }

  /** Encodes a span that takes about so many bytes in memory. */
  add(span: EndedSpan, bytes: number): void {
    try {
      this.body.write(span)
    } catch (error) {
      this.failed++
      this.failure = error
      return
    }
    if (bytes > largeBytes) {
      this.large.set(this.count, span)
      this.largeBytes += bytes
    }
    if (this.count === this.worths.length) this.makeRoom()
    this.worths[this.count++] = worthOf(span)
  }

  private makeRoom(): void {
    const { worths } = this
    this.worths = new Uint8Array(worths.length * 2)
    this.worths.set(worths)
  }

  /** All that could be encoded, and what could not. */
  pack(): Share {
    const { encoding, failed, failure, large } = this
    const { bytes, order } = this.body.finish()
    const worths = this.worths.slice(0, this.count)
    const load = order === undefined
      ? new EncodedSpans(encoding, bytes, worths, large)
      : new EncodedSpans(encoding, bytes, Uint8Array.from(order, (place) => worths[place]!), largeAt(large, order))
    return { load, failed, failure }
  }
}
