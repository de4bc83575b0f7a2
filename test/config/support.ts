import { ConfigProvider, Effect, Result } from "effect"
import type { ResolvedSettings, SettingsOverrides } from "effect-tracing/config"
import { resolve } from "effect-tracing/config"

export type Environment = Readonly<Record<string, string>>

/** Resolves under an environment that is the given one and nothing else. */
export const resolveIn = (env: Environment, overrides?: SettingsOverrides) =>
  Effect.provideService(
    resolve(overrides),
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromEnv({ env: { ...env } })
  )

/** The settings, or a failed test. */
export const settingsIn = (env: Environment, overrides?: SettingsOverrides) =>
  Effect.map(resolveIn(env, overrides), ({ settings }) => settings)

/** The message of the error, or a failed test. */
export const messageIn = (env: Environment, overrides?: SettingsOverrides) =>
  Effect.map(Effect.flip(resolveIn(env, overrides)), (error) => error.message)

/** What became of a variable's text: the value it gave the field, or the message or warnings that refuse it. */
export const outcomeIn = (env: Environment, field: string) =>
  Effect.map(Effect.result(resolveIn(env)), (result) =>
    Result.isFailure(result)
      ? { refused: result.failure.message, value: undefined }
      : { refused: result.success.warnings.join("\n"), value: at(result.success, field) })

const at = ({ settings }: ResolvedSettings, field: string): unknown =>
  field.split(".").reduce<unknown>((node, key) => (node as Readonly<Record<string, unknown>>)[key], settings)
