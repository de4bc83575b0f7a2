import * as Data from "effect/Data"

/**
 * Says which entries of a list of hosts or peers cannot be understood, and what is allowed.
 *
 * @category errors
 * @since 0.1.0
 */
export class HostListError extends Data.TaggedError("HostListError")<{
  /** The entries that are wrong, each with the reason. */
  readonly problems: ReadonlyArray<{ readonly entry: string; readonly reason: string }>
  /** What an entry may be. */
  readonly allowed: string
}> {
  override get message(): string {
    const entries = this.problems.map(({ entry, reason }) => `${JSON.stringify(entry)} (${reason})`).join(", ")
    return `Not understood: ${entries}. Allowed: ${this.allowed}.`
  }
}
