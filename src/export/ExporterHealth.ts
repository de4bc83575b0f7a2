import type { Background } from "./Background.ts"
import type { ExportError } from "./SpanExporter.ts"

/**
 * What went wrong with an exporter the last time something did.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExporterProblem {
  /** The cause in a word that is the same each time: `unreachable`, `timeout`, `status 401`. */
  readonly reason: string
  /** For a person: the endpoint, the cause, and what can be done about it. */
  readonly message: string
  /** Whether spans were lost for it; else they wait and are sent again. */
  readonly isFinal: boolean
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

/**
 * How one exporter fares. Counts are in spans, times in milliseconds since the Unix epoch.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExporterStatus {
  readonly name: string
  /** `idle`: it has not been handed anything yet. */
  readonly state: "idle" | "delivering" | "failing"
  /** Since when it is in that state; `undefined` while idle. */
  readonly since: number | undefined
  readonly lastSuccess: number | undefined
  readonly lastProblem: ExporterProblem | undefined
  readonly lastLoss: number | undefined
  /** Spans in batches that are not decided. */
  readonly waiting: number
  /** Spans on disk; those that earlier processes have left there are counted as soon as they are read. */
  readonly spooled: number
  readonly delivered: number
  /** Spans the receiver refused. */
  readonly rejected: number
  /** Spans given up. */
  readonly dropped: number
}

/**
 * Keeps the record of one exporter: what it delivered and lost, and since when it delivers or fails.
 */
export class ExporterHealth {
  private readonly background: Background
  private state: ExporterStatus["state"] = "idle"
  private since: number | undefined
  private lastSuccess: number | undefined
  private lastProblem: ExporterProblem | undefined
  private lastLoss: number | undefined
  private delivered = 0
  private rejected = 0
  private dropped = 0

  constructor(background: Background) {
    this.background = background
  }

  /** The receiver answered well. */
  succeeded(): void {
    this.lastSuccess = this.enter("delivering")
  }

  /** An attempt failed, for good or for now. */
  failed(error: Pick<ExportError, "reason" | "message" | "retryable">): void {
    const time = this.enter("failing")
    this.lastProblem = { reason: error.reason, message: error.message, isFinal: !error.retryable, time }
  }

  /** Books spans that are decided. */
  book(delivered: number, rejected: number, dropped: number): void {
    this.delivered += delivered
    this.rejected += rejected
    this.dropped += dropped
    if (rejected + dropped > 0) this.lastLoss = this.background.timeMillis
  }

  private enter(state: ExporterStatus["state"]): number {
    const now = this.background.timeMillis
    if (this.state !== state) this.since = now
    this.state = state
    return now
  }

  statusOf(name: string, waiting: number, spooled: number): ExporterStatus {
    const { delivered, dropped, lastLoss, lastProblem, lastSuccess, rejected, since, state } = this
    return { name, state, since, lastSuccess, lastProblem, lastLoss, waiting, spooled, delivered, rejected, dropped }
  }
}
