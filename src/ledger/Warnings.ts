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

/**
 * Tells each thing that is wrong once, and remembers all of them for the status.
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
  private readonly given = new Map<string, Warning>()
  private untold: Array<string> = []
  private tell: ((message: string) => void) | undefined

  /** Gives a warning: told if its key is new, otherwise counted. */
  warn(key: string, message: string): void {
    const known = this.given.get(key)
    this.given.set(key, { key, message: known?.message ?? message, count: (known?.count ?? 0) + 1 })
    if (known !== undefined) return
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
    return [...this.given.values()]
  }
}
