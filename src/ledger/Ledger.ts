/**
 * Why a span was given up.
 *
 * @category models
 * @since 0.1.0
 */
export type DropReason =
  | "queue_full"
  | "too_old"
  | "permanent_answer"
  | "shutdown"
  | "too_large"
  | "encoding"
  | "exporter_defect"
  | "no_exporter"
  | "span_budget"

/**
 * The accounts a span can be in. Each span is in exactly one at any time.
 *
 * - `active`: started, not yet ended
 * - `sampledOut`: the sampling decision was not to keep it
 * - `keptBack`: ended, waiting to see whether its trace is kept after all
 * - `queued`: waiting for a batch
 * - `inFlight`: in a batch being sent
 * - `spooled`: on disk
 * - `exported`: taken by every exporter
 * - `rejected`: refused by the collector
 *
 * What is given up is counted by {@link DropReason}.
 *
 * @category models
 * @since 0.1.0
 */
export type Account =
  | "active"
  | "sampledOut"
  | "keptBack"
  | "queued"
  | "inFlight"
  | "spooled"
  | "exported"
  | "rejected"

/**
 * The ledger at one moment. `started` equals the sum of all accounts and of all drops.
 *
 * @category models
 * @since 0.1.0
 */
export interface Balance extends Readonly<Record<Account, number>> {
  /** Spans ever started. */
  readonly started: number
  readonly dropped: Readonly<Record<DropReason, number>>
  /** Writes to a span after its end, and second ends: ignored, counted. */
  readonly lateWrites: number
  /** Spans among the sampled-out ones whose trace waited to be kept and was let go undecided, for want of room. */
  readonly evicted: number
  /** Traces that waited and were let go, or could not wait at all, for want of room. */
  readonly evictedTraces: number
  /** Spans among the exported ones that may have arrived twice: sent again because the first request got no answer. */
  readonly maybeDoubled: number
}

const noDrops = (): Record<DropReason, number> => ({
  queue_full: 0,
  too_old: 0,
  permanent_answer: 0,
  shutdown: 0,
  too_large: 0,
  encoding: 0,
  exporter_defect: 0,
  no_exporter: 0,
  span_budget: 0
})

/**
 * Keeps account of every span, from its start to where it ended up.
 *
 * **Details**
 *
 * Double-entry: a span enters by {@link Ledger.start} and afterwards only moves, so the sums balance by construction.
 * Plain counters, because it is written to on the hot path.
 *
 * @category models
 * @since 0.1.0
 */
export class Ledger {
  // Fields of their own, since a record that is read by computed keys is a lookup by name each time.
  private active = 0
  private sampledOut = 0
  private keptBack = 0
  private queued = 0
  private inFlight = 0
  private spooled = 0
  private exported = 0
  private rejected = 0
  private readonly drops = noDrops()
  private startedCount = 0
  private lateWriteCount = 0
  private evictedCount = 0
  private evictedTraceCount = 0
  private maybeDoubledCount = 0

  /** A span has started: it is `active`. */
  start(): void {
    this.startedCount++
    this.active++
  }

  /** A span has started of which nothing will be kept: it is `sampledOut` at once. */
  startSampledOut(): void {
    this.startedCount++
    this.sampledOut++
  }

  /** Moves `count` spans from one account to another. */
  move(from: Account, to: Account, count: number = 1): void {
    this.add(from, -count)
    this.add(to, count)
  }

  /** Gives up `count` spans of an account. */
  drop(from: Account, reason: DropReason, count: number = 1): void {
    this.add(from, -count)
    this.drops[reason] += count
  }

  /** A span was written to or ended after its end. */
  lateWrite(): void {
    this.lateWriteCount++
  }

  /** A trace with that many ended spans is let go undecided; what becomes of the spans is a move of its own. */
  evict(spans: number): void {
    this.evictedTraceCount++
    this.evictedCount += spans
  }

  /** Spans that are exported may have arrived twice. */
  maybeDoubled(count: number): void {
    this.maybeDoubledCount += count
  }

  private add(account: Account, count: number): void {
    switch (account) {
      case "active":
        this.active += count
        break
      case "sampledOut":
        this.sampledOut += count
        break
      case "keptBack":
        this.keptBack += count
        break
      case "queued":
        this.queued += count
        break
      case "inFlight":
        this.inFlight += count
        break
      case "spooled":
        this.spooled += count
        break
      case "exported":
        this.exported += count
        break
      case "rejected":
        this.rejected += count
        break
    }
  }

  /** The counts of now. */
  get balance(): Balance {
    return {
      started: this.startedCount,
      active: this.active,
      sampledOut: this.sampledOut,
      keptBack: this.keptBack,
      queued: this.queued,
      inFlight: this.inFlight,
      spooled: this.spooled,
      exported: this.exported,
      rejected: this.rejected,
      dropped: { ...this.drops },
      lateWrites: this.lateWriteCount,
      evicted: this.evictedCount,
      evictedTraces: this.evictedTraceCount,
      maybeDoubled: this.maybeDoubledCount
    }
  }
}

/**
 * How many spans were lost: given up or refused by the collector. What nobody asked to be exported, and what was left out of a
 * trace that is too large to be read, is not.
 *
 * @category accessors
 * @since 0.1.0
 */
export const lost = (balance: Balance): number =>
  balance.rejected + Object.values(balance.dropped).reduce((sum, count) => sum + count, 0) -
  balance.dropped.no_exporter - balance.dropped.span_budget
