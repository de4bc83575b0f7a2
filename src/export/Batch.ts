import * as Latch from "effect/Latch"
import type { Account, DropReason, Ledger } from "../ledger/index.ts"

/**
 * The one entry in the ledger of spans that were collected together, whatever parts of them go to how many exporters.
 *
 * **Details**
 *
 * A span is in one account however many exporters there are: `inFlight` while any of them is sending a part of the batch, else
 * `queued`, until they have decided; `spooled` once all that have not decided have it on disk. As many are `exported` as every exporter has taken, as many lost as the one that
 * lost the most: what one exporter has lost, another one is expected to have lost too.
 */
export class Batch {
  /** Opens when the last exporter has decided about the last span, or has it on disk. */
  readonly settled: Latch.Latch = Latch.makeUnsafe(false)
  private readonly ledger: Ledger
  private readonly size: number
  private undecided: number
  /** For each exporter, the spans it has taken and those it has lost or refused. */
  private readonly taken: Array<number>
  private readonly lost: Array<number>
  /** For each exporter, the spans that wait on disk. */
  private readonly kept: Array<number>
  private bookedTaken = 0
  private bookedLost = 0
  private bookedKept = 0
  private inHand = 0

  constructor(ledger: Ledger, size: number, exporters: number) {
    this.ledger = ledger
    this.size = size
    this.undecided = size
    this.taken = Array.from({ length: exporters }, () => 0)
    this.lost = Array.from({ length: exporters }, () => 0)
    this.kept = Array.from({ length: exporters }, () => 0)
  }

  private get account(): Account {
    return this.inHand > 0 ? "inFlight" : "queued"
  }

  private holdBy(change: 1 | -1): void {
    const before = this.account
    this.inHand += change
    const after = this.account
    if (before !== after) this.ledger.move(before, after, this.undecided - this.bookedKept)
  }

  /** An exporter begins to send a part of the batch. */
  take(): void {
    this.holdBy(1)
  }

  /** An exporter has stopped sending a part of it, with whatever result. */
  release(): void {
    this.holdBy(-1)
  }

  /** So many more of the spans wait on disk for the exporter; fewer where it has decided about some of those. */
  keep(exporter: number, count: number): void {
    this.kept[exporter]! += count
    this.bookKept()
  }

  /** The exporter at that place in the list has taken so many of the spans. */
  deliver(exporter: number, count: number): void {
    this.taken[exporter]! += count
    const taken = Math.min(...this.taken)
    const newly = taken - this.bookedTaken
    this.bookedTaken = taken
    this.ledger.move(this.account, "exported", newly)
    this.decide(newly)
  }

  /** The receiver behind the exporter has refused so many of the spans. */
  reject(exporter: number, count: number): void {
    const lost = this.newlyLost(exporter, count)
    this.ledger.move(this.account, "rejected", lost)
    this.decide(lost)
  }

  /** So many of the spans were given up on their way to the exporter. */
  drop(exporter: number, reason: DropReason, count: number): void {
    const lost = this.newlyLost(exporter, count)
    this.ledger.drop(this.account, reason, lost)
    this.decide(lost)
  }

  private newlyLost(exporter: number, count: number): number {
    const lost = this.lost[exporter]! + count
    this.lost[exporter] = lost
    const newly = Math.max(0, lost - this.bookedLost)
    this.bookedLost += newly
    return newly
  }

  private decide(count: number): void {
    this.undecided -= count
    this.bookKept()
  }

  private bookKept(): void {
    const outOfMemory = this.kept.map((kept, exporter) => kept + this.taken[exporter]! + this.lost[exporter]!)
    const nowhereInMemory = Math.min(...outOfMemory)
    const kept = Math.max(0, nowhereInMemory - this.bookedTaken - this.bookedLost)
    this.ledger.move(this.account, "spooled", kept - this.bookedKept)
    this.bookedKept = kept
    if (nowhereInMemory === this.size) this.settled.openUnsafe()
  }
}
