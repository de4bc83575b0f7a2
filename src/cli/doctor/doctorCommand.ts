import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import type { Problem } from "../../config/index.ts"
import { resolve } from "../../config/index.ts"
import { understand } from "../../understand.ts"
import { envFile, withEnvFile } from "../environment.ts"
import { Failed } from "../Failed.ts"
import type { Check } from "./Check.ts"
import { failed, warning } from "./Check.ts"
import { exporterChecks } from "./exporterChecks.ts"
import { machineChecks } from "./machineChecks.ts"
import { settingsChecks } from "./settingsChecks.ts"

/** What cannot be used, a line each; the heading says only that there is something. */
const unusable = (error: Config.ConfigError): ReadonlyArray<Check> => {
  const lines = error.message.split("\n").map((line) => line.trim()).filter((line) => line !== "")
  const problems = lines.filter((line) => !/^(A setting|\d+ settings) cannot be used:$/.test(line))
  return problems.map((line) => failed("settings", line, "Correct or remove the variable"))
}

/** What the layer fails for when it is built; kinds of secrets may be known to the program alone. */
const misunderstood = ({ line, name }: Problem): Check =>
  name === "TRACING_REDACT_EXCEPT_KINDS"
    ? warning("settings", line, `Correct ${name}, unless the program has patterns of that kind`)
    : failed("settings", line, `Correct or remove ${name}`)

/**
 * Checks the settings of the current environment, and sends a span to each exporter.
 */
export const diagnoseEnvironment: Effect.Effect<ReadonlyArray<Check>, never, FileSystem.FileSystem | Path.Path> = Effect
  .gen(
    function*() {
      const resolved = yield* Effect.result(resolve())
      if (Result.isFailure(resolved)) return unusable(resolved.failure)
      const { settings } = resolved.success
      const probes = settings.enabled ? yield* exporterChecks(resolved.success) : []
      const understood = understand(settings)
      const lists = settings.enabled && Result.isFailure(understood) ? understood.failure.map(misunderstood) : []
      return [...lists, ...settingsChecks(resolved.success), ...probes]
    }
  )

const line = ({ mend, message, name, status }: Check): string =>
  `${status.padEnd(7)}  ${name.padEnd(8)}  ${message}${mend === undefined ? "" : ` → ${mend}`}`

const summary = (checks: ReadonlyArray<Check>): string => {
  const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length
  const warnings = count("warning")
  return `${count("ok")} ok, ${warnings} ${warnings === 1 ? "warning" : "warnings"}, ${count("failed")} failed`
}

/** `effect-tracing doctor`: why no trace appears. */
export const doctorCommand = Command.make("doctor", {
  envFile,
  json: Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))
}, ({ envFile, json }) =>
  Effect.gen(function*() {
    const directory = (yield* Path.Path).resolve()
    const checks = [...(yield* machineChecks(directory)), ...(yield* diagnoseEnvironment)]
    const isWell = checks.every(({ status }) => status !== "failed")
    yield* Console.log(
      json ? JSON.stringify({ ok: isWell, checks }, null, 2) : [...checks.map(line), summary(checks)].join("\n")
    )
    if (!isWell) return yield* new Failed({ message: "Some checks failed." })
  }).pipe(withEnvFile(envFile))).pipe(
    Command.withDescription("Say why no trace appears: check the settings, and send a span to each exporter"),
    Command.withExamples([
      { command: "effect-tracing doctor", description: "Check the environment of this shell" },
      {
        command: "effect-tracing doctor --env-file .env",
        description: "Check what a program started with this file gets"
      },
      { command: "effect-tracing doctor --json", description: "For programs; the exit status is 1 if a check failed" }
    ])
  )
