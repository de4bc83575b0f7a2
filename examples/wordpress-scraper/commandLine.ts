import { Cause, Config, Console, Effect, Option } from "effect"
import { CliError, CliOutput, Flag } from "effect/cli"
import { CannotRun, type ItemsFailed } from "./errors.ts"

/** `DATABASE_URL`, for where the command line names no database. */
export const databaseUrlVariable = Config.String("DATABASE_URL").pipe(
  Config.option,
  // An empty variable is as good as none.
  Config.map(Option.filter((url) => url !== ""))
)

/** A whole number within bounds. */
export const count = (name: string, minimum: number, maximum: number) =>
  Flag.Int(name).pipe(
    Flag.withMetavar("N"),
    Flag.filter(
      (value) => value >= minimum && value <= maximum,
      (value) => `a whole number from ${minimum} to ${maximum}, not ${value}`
    )
  )

/** An invalid invocation is told in one line, without the whole help. */
const presenter = CliOutput.layerPresenter({
  present: (event) => event._tag === "InvalidInvocation" ? Effect.void : CliOutput.defaultPresenter.present(event)
})

/** Tells on stderr, in one message, why a command cannot run. */
export const tellFailures = <A, R>(
  command: Effect.Effect<A, CliError.CliError | Config.ConfigError | CannotRun | ItemsFailed, R>
) =>
  command.pipe(
    Effect.provide(presenter),
    Effect.catchIf(CliError.isCliError, (error) =>
      error._tag !== "ShowHelp"
        ? Effect.fail(new CannotRun({ message: error.message }))
        : error.errors.length === 0
        ? Effect.void
        : Effect.fail(
          new CannotRun({ message: `${error.errors.map((error) => error.message).join("; ")} (--help tells more)` })
        )),
    Effect.catchTag("ConfigError", (error) => Effect.fail(new CannotRun({ message: error.message }))),
    Effect.tapError((error) => error._tag === "CannotRun" ? Console.error(error.message) : Effect.void),
    Effect.tapCause((cause) =>
      Cause.hasDies(cause) ? Console.error(`Something unexpected went wrong:\n${Cause.pretty(cause)}`) : Effect.void
    )
  )
