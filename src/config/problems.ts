import type * as Config from "effect/Config"
import type * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"

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

// Loaded when there is an error to tell: `effect/Config` brings Effect's schemas, as much as `Effect` itself.
const errors = Effect.promise(() => import("./SettingsError.ts"))

/**
 * Fails with the one error that names every setting that cannot be used.
 *
 * @category errors
 * @since 0.1.0
 */
export const failBySettings = (problems: ReadonlyArray<Problem>): Effect.Effect<never, Config.ConfigError> =>
  Effect.flatMap(errors, ({ settingsError }) => Effect.fail(settingsError(problems)))

/** Fails with the error of a provider that cannot be read. */
export const unreadable = (error: ConfigProvider.SourceError): Effect.Effect<never, Config.ConfigError> =>
  Effect.flatMap(errors, ({ sourceError }) => Effect.fail(sourceError(error)))
