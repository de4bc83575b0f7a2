/** So many of the gone are named. */
const keptGone = 5

/**
 * An item that was not obtained, and why.
 *
 * @category models
 * @since 0.1.0
 */
export interface Failure {
  readonly url: string
  readonly reason: string
}

/**
 * Counts what came of the items of a run. At the end of a run
 * `scraped + unchanged + gone + failures.length === discovered`.
 *
 * @category models
 * @since 0.1.0
 */
export class Tally {
  /** Published posts and pages that the site lists. */
  discovered = 0
  scraped = 0
  unchanged = 0
  gone = 0
  readonly failures: Array<Failure> = []
  /** Some of the gone, for a person to look at. */
  readonly goneExamples: Array<Failure> = []
  /** Of the unchanged, those that an interrupted run had stored and this one did not read again. */
  alreadyDone = 0
  /** Stored items that the site neither lists nor has any more: marked now, and no part of what was discovered. */
  deleted = 0
  /** Items in a row whose site did not answer at all. */
  unanswered = 0

  /** How many items are done. */
  get done(): number {
    return this.scraped + this.unchanged + this.gone + this.failures.length
  }

  add(outcome: "scraped" | "unchanged"): void {
    this[outcome]++
    this.unanswered = 0
  }

  addGone(item: Failure): void {
    this.gone++
    if (this.goneExamples.length < keptGone) this.goneExamples.push(item)
    this.unanswered = 0
  }

  fail(failure: Failure, answered: boolean): void {
    this.failures.push(failure)
    this.unanswered = answered ? 0 : this.unanswered + 1
  }
}
