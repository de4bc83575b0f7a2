import type { EndedSpanFields } from "../../model/index.ts"
import { SpanId } from "../../model/index.ts"

/**
 * A span that stands for those a bucket counts.
 */
export interface Exemplar {
  readonly traceId: string
  readonly spanId: string
  readonly seconds: number
  /** When the span ended, in seconds since the Unix epoch. */
  readonly time: number
}

/** What tells a series from others in any text format: its name and its labels, in a fixed order. */
export const seriesKey = (name: string, labels: Iterable<readonly [key: string, value: string]>): string =>
  [name, ...Array.from(labels, ([key, value]) => `${key}=${value}`).toSorted()].join("\n")

const labelName = (attribute: string): string => attribute.replaceAll(".", "_")

/**
 * The last sampled span of each bucket of each duration: what leads from a number to a trace.
 */
export class Exemplars {
  private readonly series = new Map<string, ReadonlyArray<Exemplar | undefined>>()

  /** Makes what notes the spans of one series. */
  seriesOf(
    name: string,
    attributes: Readonly<Record<string, string>>,
    boundaries: ReadonlyArray<number>
  ): (span: EndedSpanFields, seconds: number) => void {
    const buckets: Array<Exemplar | undefined> = Array.from({ length: boundaries.length + 1 }, () => undefined)
    const labels = Object.entries(attributes).map(([key, value]) => [labelName(key), value] as const)
    this.series.set(seriesKey(labelName(name), labels), buckets)
    return (span, seconds) => {
      // The trace of any other span is found nowhere.
      if ((span.traceFlags & 1) === 0) return
      const found = boundaries.findIndex((boundary) => seconds <= boundary)
      buckets[found < 0 ? boundaries.length : found] = {
        traceId: span.trace.hex,
        spanId: SpanId.toHex(span.idHigh, span.idLow),
        seconds,
        time: Number(span.endTime / 1_000_000n) / 1000
      }
    }
  }

  /** The exemplars of the buckets of a series, from the lowest up. */
  of(key: string): ReadonlyArray<Exemplar | undefined> | undefined {
    return this.series.get(key)
  }
}
