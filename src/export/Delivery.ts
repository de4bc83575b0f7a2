import type { DropReason } from "../ledger/index.ts"
import type { Batch } from "./Batch.ts"
import type { Load } from "./Load.ts"

/**
 * What is known of a batch that the receiver could not read, as long as the spans to blame are looked for.
 */
export interface Trial {
  /** When it was first refused; on the monotonic clock, in milliseconds. */
  readonly since: number
  /** Whether a part of it was taken. */
  isPartlyTaken: boolean
}

/**
 * Spans of one batch on their way to one exporter: the whole batch, or a part of it where it had to be cut.
 */
export class Delivery {
  readonly batch: Batch
  readonly exporter: number
  load: Load
  /** Whether a request with these very spans may have been taken although no answer said so. */
  mayHaveArrived = false
  /** Shared by all parts of a batch that the receiver could not read. */
  trial: Trial | undefined
  /** Whether the spans were cut down to what a receiver can be expected to take. */
  isTrimmed = false

  constructor(batch: Batch, exporter: number, load: Load) {
    this.batch = batch
    this.exporter = exporter
    this.load = load
  }

  get size(): number {
    return this.load.size
  }

  /** What the spans take in memory. */
  get bytes(): number {
    return this.load.bytes
  }

  /** Two deliveries in place of this one, the first with so many spans. */
  split(count: number): readonly [Delivery, Delivery] {
    return [this.partOf((index) => index < count), this.partOf((index) => index >= count)]
  }

  private partOf(isPart: (index: number) => boolean): Delivery {
    const part = new Delivery(this.batch, this.exporter, this.load.select(isPart))
    part.mayHaveArrived = this.mayHaveArrived
    part.trial = this.trial
    return part
  }

  /** The receiver took the spans, save for some it refused. */
  arrived(rejected: number): void {
    if (rejected > 0) this.batch.reject(this.exporter, rejected)
    if (rejected < this.size) this.batch.deliver(this.exporter, this.size - rejected)
  }

  /** Gives up so many of the spans. */
  drop(reason: DropReason, count: number = this.size): void {
    this.batch.drop(this.exporter, reason, count)
  }
}
