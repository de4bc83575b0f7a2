import type * as CliError from "effect/cli/CliError"
import * as Flag from "effect/cli/Flag"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { tell } from "./Failed.ts"

/** The file with variables besides those of the environment. */
export const envFile: Flag.Flag<Option.Option<string>> = Flag.File("env-file", { mustExist: true }).pipe(
  Flag.withDescription("File of NAME=value lines; the environment wins over it, as with Node's --env-file"),
  Flag.optional
)

/** Asks one provider, then the other; names of both are listed. */
const both = (
  first: ConfigProvider.ConfigProvider,
  second: ConfigProvider.ConfigProvider
): ConfigProvider.ConfigProvider =>
  ConfigProvider.make((path) =>
    Effect.map(
      Effect.all([first.load(path), second.load(path)]),
      ([one, other]) =>
        one?._tag === "Record" && other?._tag === "Record"
          ? ConfigProvider.makeRecord(new Set([...one.keys, ...other.keys]), one.value ?? other.value)
          : one ?? other
    )
  )

/** Runs the effect with the variables of the environment and of the file. */
export const withEnvFile = (file: Option.Option<string>) =>
<A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | CliError.UserError, R | FileSystem.FileSystem> =>
  Option.match(file, {
    onNone: () => effect,
    onSome: (path) =>
      Effect.gen(function*() {
        const fileSystem = yield* FileSystem.FileSystem
        const lines = yield* Effect.mapError(fileSystem.readFileString(path), tell)
        const environment = yield* ConfigProvider.ConfigProvider
        return yield* Effect.provideService(
          effect,
          ConfigProvider.ConfigProvider,
          both(environment, ConfigProvider.fromDotEnvContents(lines))
        )
      })
  })
