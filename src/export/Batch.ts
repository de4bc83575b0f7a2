import * as Latch from "effect/Latch"
import type { Account, DropReason, Ledger } from "../ledger/index.ts"
import type { EndedSpan } from "../model/index.ts"

/**
 * What one exporter made of a batch: the spans that are neither rejected nor dropped were delivered.
 */
export interface Verdict {
  readonly rejected: number
  readonly dropped: Partial<Readonly<Record<DropReason, number>>>
}

const lossOf = (verdict: Verdict): number =>
  Object.values(verdict.dropped).reduce((sum, count) => sum + count, verdict.rejected)

/**
 * Spans that travel together, and their one entry in the ledger.
 *
 * **Details**
 *
 * Every exporter gets the same batch. A span is in one account however many exporters there are: `inFlight` while any
 * of them is sending it, else `queued`, until the last has decided. Then the batch is booked as the exporter that lost the most
 * of it says, so that `exported` means what the ledger promises: taken by every exporter.
 */
export class Batch {
  readonly spans: Array<EndedSpan> = []
  /** What the spans take in memory, by estimate. */
  bytes = 0
  /** Opens when the last exporter has decided. */
  readonly settled: Latch.Latch = Latch.makeUnsafe(false)
  private readonly ledger: Ledger
  private undecided: number
  private inHand = 0
  private worst: Verdict | undefined

  constructor(ledger: Ledger, exporters: number) {
    this.ledger = ledger
    this.undecided = exporters
  }

  private get account(): Account {
    return this.inHand > 0 ? "inFlight" : "queued"
  }

  private holdBy(change: 1 | -1): void {
    const before = this.account
    this.inHand += change
    const after = this.account
    if (before !== after && this.undecided > 0) this.ledger.move(before, after, this.spans.length)
  }

  /** An exporter begins to send the batch. */
  take(): void {
    this.holdBy(1)
  }

  /** An exporter has stopped sending it, with whatever result. */
  release(): void {
    this.holdBy(-1)
  }

  /** One exporter has decided: called once for each. */
  settle(verdict: Verdict): void {
    if (this.worst === undefined || lossOf(verdict) > lossOf(this.worst)) this.worst = verdict
    if (--this.undecided > 0) return
    const { account, ledger, worst } = this
    ledger.move(account, "exported", this.spans.length - lossOf(worst))
    ledger.move(account, "rejected", worst.rejected)
    for (const [reason, count] of Object.entries(worst.dropped)) ledger.drop(account, reason as DropReason, count)
    this.settled.openUnsafe()
  }
}
