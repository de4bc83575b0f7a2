import * as Config from "effect/Config"
import type * as ConfigProvider from "effect/ConfigProvider"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Problem } from "./problems.ts"

/** Speaks to a reader at a terminal: the problems alone, a line each, without the name of the class around them. */
class SettingsError extends Schema.SchemaError {
  override toString(): string {
    return this.message
  }
}

/** Makes the one error that names every setting that cannot be used. */
export const settingsError = (problems: ReadonlyArray<Problem>): Config.ConfigError => {
  const heading = problems.length === 1 ? "A setting cannot be used:" : `${problems.length} settings cannot be used:`
  const message = [heading, ...problems.map(({ line }) => `  ${line}`)].join("\n")
  return new Config.ConfigError(new SettingsError(new SchemaIssue.InvalidValue({ message })))
}

/** Makes the error of a provider that cannot be read. */
export const sourceError = (error: ConfigProvider.SourceError): Config.ConfigError => new Config.ConfigError(error)
