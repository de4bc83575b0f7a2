import type { LiveSpan } from "./LiveSpan.ts"

/**
 * The spans that record and have not ended, oldest first, so that none is lost without a word because nobody ended it.
 *
 * **Details**
 *
 * A list through fields of the spans themselves: entering and leaving cost a few writes, and no memory of their own.
 *
 * @category models
 * @since 0.1.0
 */
export class ActiveSpans {
  private first: LiveSpan | undefined = undefined
  private last: LiveSpan | undefined = undefined

  /** The span that has been active for the longest time. */
  get oldest(): LiveSpan | undefined {
    return this.first
  }

  add(span: LiveSpan): void {
    span.older = this.last
    if (this.last === undefined) this.first = span
    else this.last.newer = span
    this.last = span
  }

  remove(span: LiveSpan): void {
    const { newer, older } = span
    if (older === undefined) this.first = newer
    else older.newer = newer
    if (newer === undefined) this.last = older
    else newer.older = older
    span.older = undefined
    span.newer = undefined
  }
}
