import type { EndedSpan } from "../model/index.ts"
import { SpanPacker } from "./EncodedSpans.ts"
import type { Share } from "./Load.ts"
import { LooseSpans } from "./LooseSpans.ts"
import type { SpanExporter } from "./SpanExporter.ts"

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
  /** One for each encoding. */
  private readonly packers: Array<SpanPacker> = []
  /** For each exporter the one of its encoding, if it has one. */
  private readonly packerOf: ReadonlyArray<SpanPacker | undefined>

  constructor(exporters: ReadonlyArray<SpanExporter>) {
    this.packerOf = exporters.map(({ encoded }) => {
      if (encoded === undefined) return undefined
      const known = this.packers.find((packer) => packer.encoding === encoded.encoding)
      if (known !== undefined) return known
      const packer = new SpanPacker(encoded.encoding)
      this.packers.push(packer)
      return packer
    })
    this.loose = this.packerOf.includes(undefined) ? [] : undefined
  }

  /** Adds a span that takes about so many bytes in memory. */
  add(span: EndedSpan, bytes: number): void {
    this.size++
    this.bytes += bytes
    this.loose?.push(span)
    for (const packer of this.packers) packer.add(span, bytes)
  }

  /** What the spans take so far for the exporter at that place. */
  bytesFor(place: number): number {
    return this.packerOf[place]?.bytes ?? this.bytes
  }

  /** Ends the batch: says what it is for each exporter. */
  close(): ReadonlyArray<Share> {
    const loose: Share | undefined = this.loose && { load: new LooseSpans(this.loose), failed: 0, failure: undefined }
    const packed = this.packers.map((packer) => packer.pack())
    return this.packerOf.map((packer) => packer === undefined ? loose! : packed[this.packers.indexOf(packer)]!)
  }
}
