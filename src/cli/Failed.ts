import * as CliError from "effect/cli/CliError"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

/** Ends the command line with status 1; what is wrong has been said. */
export class Failed extends Schema.TaggedError<Failed>()("Failed", { message: Schema.String }) {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
}

/** Ends the command line with status 1, saying the error's own message and nothing of where it arose. */
export const tell = (error: Error): CliError.UserError =>
  new CliError.UserError({ cause: error, userMessage: error.message })
