import type { Latch } from "effect/Latch"
import type { BatchSettings } from "./BatchSettings.ts"
import type { Delivery } from "./Delivery.ts"
import type { Worth } from "./Load.ts"
import { LooseSpans } from "./LooseSpans.ts"

/** Up to what worth spans are given up where not everything can be kept, one after the other; within each, the oldest first. */
const sacrifices: ReadonlyArray<Worth> = [0, 1, 2]

// Room is made in steps of this part of the bound: a flood of spans must not search the backlog for each of them.
const step = 64

/**
 * What is on its way to one exporter: waiting in a line, or in its hands. Bounded in bytes and in spans.
 */
export class Backlog {
  private readonly settings: BatchSettings
  private readonly line: Array<Delivery> = []
  private readonly inHand = new Set<Delivery>()
  private bytes = 0
  private waitingSpans = 0
  /** For each kind of sacrifice, deliveries in the line known to have none. */
  private readonly spared = sacrifices.map(() => new WeakSet<Delivery>())

  constructor(settings: BatchSettings) {
    this.settings = settings
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.line.length === 0
  }

  /** Spans that are not decided. */
  get spans(): number {
    let sum = this.waitingSpans
    for (const delivery of this.inHand) sum += delivery.size
    return sum
  }

  /** Opens one after the other when the batches that are not decided now are. */
  get settled(): Iterable<Latch> {
    return new Set([...this.line, ...this.inHand].map(({ batch }) => batch.settled))
  }

  has(delivery: Delivery): boolean {
    return this.inHand.has(delivery)
  }

  hasRoomFor(spans: number, bytes: number): boolean {
    const { maxQueueSize, queueBytes } = this.settings
    return this.bytes + bytes <= queueBytes && (maxQueueSize === undefined || this.waitingSpans + spans <= maxQueueSize)
  }

  add(delivery: Delivery): void {
    this.line.push(delivery)
    this.bytes += delivery.bytes
    this.waitingSpans += delivery.size
  }

  /** Hands out what is next. */
  take(): Delivery {
    const delivery = this.line.shift()!
    this.waitingSpans -= delivery.size
    this.inHand.add(delivery)
    return delivery
  }

  /** Puts deliveries in the place of one that was handed out, to be the next. */
  replace(delivery: Delivery, by: ReadonlyArray<Delivery>): void {
    this.settle(delivery)
    this.line.unshift(...by)
    for (const part of by) {
      this.bytes += part.bytes
      this.waitingSpans += part.size
    }
  }

  /** Takes what waits of the same batch out of the line. */
  removeBatch({ batch }: Delivery): ReadonlyArray<Delivery> {
    const parts = this.line.filter((waiting) => waiting.batch === batch)
    for (const part of parts) {
      this.line.splice(this.line.indexOf(part), 1)
      this.waitingSpans -= part.size
      this.bytes -= part.bytes
    }
    return parts
  }

  /** Moves what waits of the same batch to the end of the line. */
  setAside(delivery: Delivery): void {
    for (const part of this.removeBatch(delivery)) this.add(part)
  }

  /** Forgets a delivery that was handed out. */
  settle(delivery: Delivery): void {
    if (this.inHand.delete(delivery)) this.bytes -= delivery.bytes
  }

  /** Forgets everything, and says what it was. */
  clear(): ReadonlyArray<Delivery> {
    const all = [...this.inHand, ...this.line]
    this.line.length = 0
    this.inHand.clear()
    this.bytes = 0
    this.waitingSpans = 0
    return all
  }

  /**
   * Gives up spans that wait until there is room for so many more, and a little to spare. Says how many were given up.
   *
   * @param isKeptLate whether what comes was kept late: then it pushes aside nothing but its like
   */
  makeRoom(spans: number, bytes: number, isKeptLate: boolean): number {
    const { maxQueueSize = Infinity, queueBytes } = this.settings
    const lacking = { bytes: this.bytes + bytes - queueBytes, spans: this.waitingSpans + spans - maxQueueSize }
    if (lacking.bytes > 0) lacking.bytes += Math.floor(queueBytes / step)
    if (lacking.spans > 0) lacking.spans += Math.floor(maxQueueSize / step)
    const before = this.waitingSpans
    for (const worth of isKeptLate ? sacrifices.slice(0, 1) : sacrifices) {
      for (let i = 0; i < this.line.length && isLacking(lacking); i++) {
        this.sacrifice(this.line[i]!, worth, lacking)
        if (this.line[i]!.size === 0) this.line.splice(i--, 1)
      }
    }
    return before - this.waitingSpans
  }

  private sacrifice(delivery: Delivery, worth: Worth, lacking: Lacking): void {
    const spared = this.spared[worth]!
    if (spared.has(delivery)) return
    const { load } = delivery
    const dropped = new Set<number>()
    const still = { ...lacking }
    for (let i = 0; i < load.size && isLacking(still); i++) {
      if (load.worthAt(i) > worth) continue
      dropped.add(i)
      still.bytes -= load.bytesAt(i)
      still.spans--
    }
    if (isLacking(still)) spared.add(delivery)
    if (dropped.size === 0) return
    delivery.drop("queue_full", dropped.size)
    delivery.load = dropped.size === load.size ? nothing : load.select((index) => !dropped.has(index))
    const bytes = load.bytes - delivery.bytes
    lacking.bytes -= bytes
    lacking.spans -= dropped.size
    this.bytes -= bytes
    this.waitingSpans -= dropped.size
  }
}

const nothing = new LooseSpans([])

interface Lacking {
  bytes: number
  spans: number
}

const isLacking = ({ bytes, spans }: Lacking): boolean => bytes > 0 || spans > 0
