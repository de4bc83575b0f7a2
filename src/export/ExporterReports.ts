import * as Cause from "effect/Cause"
import type { Ledger, Warnings } from "../ledger/index.ts"
import type { BatchSettings } from "./BatchSettings.ts"
import type { ExporterHealth } from "./ExporterHealth.ts"

/**
 * Tells what goes wrong with one exporter, each thing once and then now and then, and books what is decided.
 */
export class ExporterReports {
  readonly health: ExporterHealth
  private readonly name: string
  private readonly ledger: Ledger
  private readonly warnings: Warnings
  // Composed once: a flood of dropped spans must not build a message for each.
  private readonly queueFullMessage: string

  constructor(name: string, settings: BatchSettings, health: ExporterHealth, ledger: Ledger, warnings: Warnings) {
    this.name = name
    this.health = health
    this.ledger = ledger
    this.warnings = warnings
    this.queueFullMessage = `Spans are dropped: as many as may wait are waiting for ${name}. ` +
      `Is it reachable and fast enough? The bound is ${settings.queueBytes} bytes (TRACING_QUEUE_BYTES)` +
      (settings.maxQueueSize === undefined ? "." : ` and ${settings.maxQueueSize} spans (OTEL_BSP_MAX_QUEUE_SIZE).`)
  }

  warn(reason: string, message: string, count: number = 1): void {
    this.warnings.warnAgain(`export ${this.name} ${reason}`, message, count)
  }

  /** Books and tells that spans are dropped because as many as may wait are waiting. */
  turnedAway(spans: number): void {
    this.health.book(0, 0, spans)
    this.warn("queue_full", this.queueFullMessage, spans)
  }

  /** Books and tells that spans that were taken may have been taken twice. */
  maybeDoubled(spans: number): void {
    if (spans === 0) return
    this.ledger.maybeDoubled(spans)
    this.warn(
      "maybe doubled",
      `${spans} spans may be at ${this.name} twice: the first request with them got no answer, and they were sent again.`,
      spans
    )
  }

  /** Tells that spans cannot be written in the exporter's encoding. */
  unencodable(spans: number, why: unknown): void {
    this.health.book(0, 0, spans)
    this.warn("encoding", `${spans} spans cannot be encoded for ${this.name} and are lost: ${String(why)}`, spans)
  }

  /** Tells that the exporter fails as it must not; returns the words for it. */
  defect(reason: string, cause: Cause.Cause<unknown>): string {
    const message = `${this.name} has a defect, and spans given to it may be lost. Tell its authors: ${
      Cause.pretty(cause)
    }`
    this.warn(reason, message)
    return message
  }
}
