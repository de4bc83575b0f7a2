import type { EndedSpanFields } from "../model/index.ts"
import { OperationStatistics } from "./OperationStatistics.ts"
import type { OperationOverview } from "./schemas.ts"

/**
 * Bounds of what is remembered of operations.
 */
export interface OperationsOptions {
  readonly maxOperations: number
  readonly generationMillis: number
}

/** What is asked of, by its own name; a host that others choose (of a server's requests) would let them fill the table. */
const hostOf = (span: EndedSpanFields): string | undefined => {
  if (span.kind !== "client" && span.kind !== "producer") return undefined
  const host = span.endedAttributes.get("server.address")
  return typeof host === "string" ? host : undefined
}

const otherOperations = "(other operations)"

/**
 * Keeps statistics of each operation and host, in bounded memory: beyond the bound operations are counted together.
 */
export class Operations {
  private readonly options: OperationsOptions
  private readonly known = new Map<string, OperationStatistics>()

  constructor(options: OperationsOptions) {
    this.options = options
  }

  record(span: EndedSpanFields): void {
    const now = Number(span.endTime / 1_000_000n)
    this.statisticsOf(span, now).record(span, Number(span.endTime - span.startTime) / 1e6, now)
  }

  private statisticsOf(span: EndedSpanFields, now: number): OperationStatistics {
    const host = hostOf(span)
    const key = `${span.kind}\n${host ?? ""}\n${span.name}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    const { generationMillis, maxOperations } = this.options
    if (this.known.size < maxOperations) {
      const made = new OperationStatistics(span.name, span.kind, host, generationMillis, now)
      this.known.set(key, made)
      return made
    }
    const others = this.known.get(otherOperations) ??
      new OperationStatistics(otherOperations, "other", undefined, generationMillis, now)
    this.known.set(otherOperations, others)
    return others
  }

  /** All operations, the most frequent first. */
  overview(now: number): ReadonlyArray<OperationOverview> {
    return Array.from(this.known.values(), (statistics) => statistics.overview(now)).toSorted((a, b) =>
      b.count - a.count
    )
  }
}
