import * as Schema from "effect/Schema"

/**
 * Says which entries of a list of hosts or peers cannot be understood, and what is allowed.
 *
 * @category errors
 * @since 0.1.0
 */
export class HostListError extends Schema.TaggedError<HostListError>()("HostListError", {
  /** The entries that are wrong, each with the reason. */
  problems: Schema.Array(Schema.Struct({ entry: Schema.String, reason: Schema.String })),
  /** What an entry may be. */
  allowed: Schema.String
}) {
  override get message(): string {
    const entries = this.problems.map(({ entry, reason }) => `${JSON.stringify(entry)} (${reason})`).join(", ")
    return `Not understood: ${entries}. Allowed: ${this.allowed}.`
  }
}
