import * as Config from "effect/Config"
import type * as ConfigProvider from "effect/ConfigProvider"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Problem } from "./problems.ts"

/**
 * Speaks to a reader at a terminal: the problems alone, a line each, without the name of the class around them. Where it is printed
 * as the cause of the `ConfigError` that says it all, it does not say it again.
 */
class SettingsError extends Schema.SchemaError {
  private readonly text: string

  constructor(problems: ReadonlyArray<Problem>) {
    const heading = problems.length === 1 ? "A setting cannot be used" : `${problems.length} settings cannot be used`
    super(new SchemaIssue.InvalidValue({ message: heading }))
    this.text = [`${heading}:`, ...problems.map(({ line }) => `  ${line}`)].join("\n")
  }

  override toString(): string {
    return this.text
  }

  override toJSON(): { readonly _tag: "SchemaError"; readonly message: string } {
    return { _tag: this._tag, message: this.text }
  }
}

/** Makes the one error that names every setting that cannot be used. */
export const settingsError = (problems: ReadonlyArray<Problem>): Config.ConfigError =>
  new Config.ConfigError(new SettingsError(problems))

/** Makes the error of a provider that cannot be read. */
export const sourceError = (error: ConfigProvider.SourceError): Config.ConfigError => new Config.ConfigError(error)
