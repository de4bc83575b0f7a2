/**
 * A warning as the status shows it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Warning {
  /** What the warning is about; the same key is told once. */
  readonly key: string
  readonly message: string
  /** How often it was given. */
  readonly count: number
}

interface Given {
  readonly key: string
  message: string
  count: number
  /** How often it had been given when it was last told, and when that was. */
  toldCount: number
  toldAt: number
}

/** What goes on is told again after this time, in milliseconds, and no sooner. */
const silenceMillis = 60_000

/**
 * Tells each thing that is wrong once, what goes on again now and then, and remembers all of it for the status.
 *
 * **Details**
 *
 * Warnings given before a listener is set are kept and told to the first one, so that a setting that is wrong before
 * the program's logger exists is not lost.
 *
 * @category models
 * @since 0.1.0
 */
export class Warnings {
  private readonly given = new Map<string, Given>()
  private untold: Array<string> = []
  private tell: ((message: string) => void) | undefined
  private readonly nowMillis: () => number

  /**
   * @param nowMillis milliseconds on a clock that only goes forward
   */
  constructor(nowMillis: () => number = () => performance.now()) {
    this.nowMillis = nowMillis
  }

  /** Gives a warning: told if its key is new, otherwise counted. */
  warn(key: string, message: string): void {
    const known = this.given.get(key)
    if (known === undefined) this.first(key, message, 1)
    else known.count++
  }

  /**
   * Gives a warning about something that may go on: told if its key is new, and again with the count, at most once a minute.
   *
   * @param count how often it happened
   */
  warnAgain(key: string, message: string, count: number = 1): void {
    const known = this.given.get(key)
    if (known === undefined) return this.first(key, message, count)
    known.count += count
    const now = this.nowMillis()
    if (now - known.toldAt < silenceMillis) return
    this.say(`${message} (${known.count - known.toldCount} more since this was last said, ${known.count} in all)`)
    known.message = message
    known.toldCount = known.count
    known.toldAt = now
  }

  private first(key: string, message: string, count: number): void {
    this.given.set(key, { key, message, count, toldCount: count, toldAt: this.nowMillis() })
    this.say(message)
  }

  private say(message: string): void {
    if (this.tell === undefined) this.untold.push(message)
    else this.tell(message)
  }

  /** Sets who is told; `undefined` keeps warnings for the next one. */
  listen(tell: ((message: string) => void) | undefined): void {
    this.tell = tell
    if (tell === undefined) return
    const untold = this.untold
    this.untold = []
    for (const message of untold) tell(message)
  }

  /** Everything that was warned about, oldest first. */
  get all(): ReadonlyArray<Warning> {
    return Array.from(this.given.values(), ({ count, key, message }) => ({ key, message, count }))
  }
}
