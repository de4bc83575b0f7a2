import * as Config from "effect/Config"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/**
 * A setting that cannot be used.
 *
 * @category models
 * @since 0.1.0
 */
export interface Problem {
  /** The variable, or the field of an override. */
  readonly name: string
  /** One line: name, value and what is allowed. */
  readonly line: string
}

/** Speaks to a reader at a terminal: the problems alone, a line each, without the name of the class around them. */
class SettingsError extends Schema.SchemaError {
  override toString(): string {
    return this.message
  }
}

/**
 * Makes the one error that names every setting that cannot be used.
 *
 * @category errors
 * @since 0.1.0
 */
export const settingsError = (problems: ReadonlyArray<Problem>): Config.ConfigError => {
  const heading = problems.length === 1 ? "A setting cannot be used:" : `${problems.length} settings cannot be used:`
  const message = [heading, ...problems.map(({ line }) => `  ${line}`)].join("\n")
  return new Config.ConfigError(new SettingsError(new SchemaIssue.InvalidValue({ message })))
}
