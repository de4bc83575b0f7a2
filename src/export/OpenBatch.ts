import type { EndedSpan } from "../model/index.ts"
import { SpanPacker } from "./EncodedSpans.ts"
import type { Load } from "./Load.ts"
import { LooseSpans } from "./LooseSpans.ts"
import type { SpanEncoding } from "./SpanEncoding.ts"
import type { SpanExporter } from "./SpanExporter.ts"

/**
 * What a batch is for one exporter.
 */
export interface Share {
  readonly load: Load
  /** How many of the spans cannot be encoded for it, and why the last of those cannot. */
  readonly failed: number
  readonly failure: unknown
}

/**
 * Collects spans for the next batch: as they are for exporters that take spans, encoded at once for those that send bytes.
 *
 * **Details**
 *
 * A span that only bytes are needed of dies young, which costs the collector of garbage next to nothing; and the work is spread over
 * the time instead of falling due with the batch.
 */
export class OpenBatch {
  /** How many spans there are. */
  size = 0
  /** What they took in memory before they were encoded, by estimate. */
  bytes = 0
  private readonly loose: Array<EndedSpan> | undefined
  private readonly packers = new Map<SpanEncoding, SpanPacker>()

  constructor(exporters: ReadonlyArray<SpanExporter>) {
    for (const { encoded } of exporters) {
      if (encoded === undefined) this.loose ??= []
      else if (!this.packers.has(encoded.encoding)) this.packers.set(encoded.encoding, new SpanPacker(encoded.encoding))
    }
  }

  /** Adds a span that takes about so many bytes in memory. */
  add(span: EndedSpan, bytes: number): void {
    this.size++
    this.bytes += bytes
    this.loose?.push(span)
    for (const packer of this.packers.values()) packer.add(span, bytes)
  }

  /** What the spans take for an exporter so far. */
  bytesFor({ encoded }: SpanExporter): number {
    return encoded === undefined ? this.bytes : this.packers.get(encoded.encoding)!.bytes
  }

  /** Ends the batch: says what it is for each kind of exporter. */
  close(): (exporter: SpanExporter) => Share {
    const loose = { load: new LooseSpans(this.loose ?? []), failed: 0, failure: undefined }
    const packed = new Map(Array.from(this.packers, ([encoding, packer]) => {
      const { failed, failure } = packer
      return [encoding, { load: packer.pack(), failed, failure }]
    }))
    return ({ encoded }) => encoded === undefined ? loose : packed.get(encoded.encoding)!
  }
}
