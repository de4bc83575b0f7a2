import * as Command from "effect/cli/Command"
import { doctorCommand } from "./doctor/doctorCommand.ts"
import { envCommand } from "./envCommand.ts"
import { showCommand } from "./show/showCommand.ts"

/** The command line of the package. */
export const command = Command.make("effect-tracing").pipe(
  Command.withDescription("Find out why no trace appears, look at traces, see what is set"),
  Command.withExamples([
    { command: "effect-tracing doctor", description: "Why no trace appears" },
    { command: "effect-tracing show spans.jsonl", description: "The traces of a file" },
    { command: "effect-tracing env", description: "What each setting resolves to" },
    { command: "effect-tracing --completions bash", description: "Completions for the shell" }
  ]),
  Command.withSubcommands([doctorCommand, showCommand, envCommand])
)
