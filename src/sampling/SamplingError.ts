import * as Schema from "effect/Schema"

/**
 * Says which values sampling cannot be set to, and what is allowed. Nothing was changed.
 *
 * @category errors
 * @since 0.1.0
 */
export class SamplingError extends Schema.TaggedError<SamplingError>()("SamplingError", {
  /** The values that are wrong: what they are of, the value as text, what is allowed. */
  problems: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String, allowed: Schema.String }))
}) {
  override get message(): string {
    const lines = this.problems.map(({ allowed, name, value }) => `${name} is ${value}, allowed is ${allowed}`)
    return `Sampling stays as it was: ${lines.join("; ")}.`
  }
}
