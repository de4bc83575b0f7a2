import * as Data from "effect/Data"

/**
 * Says which values sampling cannot be set to, and what is allowed. Nothing was changed.
 *
 * @category errors
 * @since 0.1.0
 */
export class SamplingError extends Data.TaggedError("SamplingError")<{
  /** The values that are wrong: what they are of, the value as text, what is allowed. */
  readonly problems: ReadonlyArray<{ readonly name: string; readonly value: string; readonly allowed: string }>
}> {
  override get message(): string {
    const lines = this.problems.map(({ allowed, name, value }) => `${name} is ${value}, allowed is ${allowed}`)
    return `Sampling stays as it was: ${lines.join("; ")}.`
  }
}
