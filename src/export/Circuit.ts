import { backoffMillis } from "./backoff.ts"

/** Requests to one receiver that are under way at once, at most. */
const maxInFlight = 6
/** An answer that takes longer than this, in milliseconds, is worth another request beside it. */
const slowMillis = 100
/** While the process ends, no pause is longer than this, in milliseconds: there is little time, and a collector may come back. */
const longestPauseAtEnd = 500

/**
 * Says when a request may be made to a receiver, and how many at once.
 *
 * **Details**
 *
 * While all is well there is one request at a time, which keeps batches in order; where answers are slow and batches
 * wait there are more, up to a few. After a failure there is none until a pause is over, which doubles each time; then
 * one, and only a good answer lets the others go. What the receiver itself asked for by `Retry-After` is kept to the letter.
 *
 * Times are milliseconds on the monotonic clock.
 */
export class Circuit {
  /** No request before this moment, as the receiver asked. */
  private notBefore = 0
  /** The end of a pause of our own. */
  private pausedUntil = 0
  private failures = 0
  private inFlight = 0
  private limit = 1
  /** Waiting beyond this moment is in vain: the process ends. */
  private deadline = Infinity
  private failingSince: number | undefined
  private longestOutage = 0

  /** Whether what the receiver asked for, if anything, is beyond the end of the process. */
  get isHopeless(): boolean {
    return this.notBefore > this.deadline
  }

  /** Whether there may be another request besides those under way, apart from the time. */
  get hasSlot(): boolean {
    return this.inFlight < (this.failures > 0 ? 1 : this.limit)
  }

  /** How long until a request may be made; not positive where it may be made now. */
  waitAt(now: number): number {
    return Math.max(this.notBefore, this.pausedUntil) - now
  }

  begin(): void {
    this.inFlight++
  }

  end(): void {
    this.inFlight--
  }

  /** A good answer came after so long; returns how long there had been none, `undefined` if all was well. */
  succeeded(now: number, tookMillis: number, isBehind: boolean): number | undefined {
    this.failures = 0
    this.pausedUntil = 0
    if (isBehind && tookMillis > slowMillis) this.limit = Math.min(this.limit + 1, maxInFlight)
    if (this.failingSince === undefined) return undefined
    const outage = this.outageAt(now)
    this.longestOutage = Math.max(this.longestOutage, outage)
    this.failingSince = undefined
    return outage
  }

  /** A request failed in a way that heals. Those that were under way at the same time count as one failure. */
  failed(now: number, retryAfterMillis: number | undefined, random: number): void {
    this.failingSince ??= now
    this.limit = 1
    this.notBefore = Math.max(this.notBefore, now + (retryAfterMillis ?? 0))
    if (this.pausedUntil > now) return
    const pause = backoffMillis(++this.failures, random)
    this.pausedUntil = now + (this.deadline === Infinity ? pause : Math.min(pause, longestPauseAtEnd))
  }

  /** One request at a time, since something is tried out. */
  narrow(): void {
    this.limit = 1
  }

  /** Ends a pause of our own. */
  hurry(): void {
    this.pausedUntil = 0
  }

  /** The process ends then: more may be under way at once, so that what waits has a chance. */
  closeAt(deadline: number): void {
    this.deadline = deadline
    this.limit = maxInFlight
    this.hurry()
  }

  /** How long the receiver had been failing at the worst, in milliseconds. */
  longestOutageAt(now: number): number {
    return Math.max(this.longestOutage, this.outageAt(now))
  }

  private outageAt(now: number): number {
    return this.failingSince === undefined ? 0 : now - this.failingSince
  }
}
