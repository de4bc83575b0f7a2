import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { ResolvedSettings } from "../config/index.ts"
import { resolve } from "../config/index.ts"
import { understand } from "../understand.ts"
import { envFile, withEnvFile } from "./environment.ts"
import { tell } from "./Failed.ts"
import { table } from "./table.ts"

const asTable = ({ resolved, warnings }: Omit<ResolvedSettings, "settings">): string =>
  [
    resolved.length === 0 ? "Every setting is at its default." : table([
      ["SETTING", "VALUE", "SOURCE", "VARIABLE"],
      ...resolved.map(({ name, source, value, variable }) => [name, value === "" ? "–" : value, source, variable])
    ]),
    ...warnings.map((warning) => `warning: ${warning}`)
  ].join("\n")

/** `effect-tracing env`: what each setting resolves to, and from where. Secrets are hidden. */
export const envCommand = Command.make("env", {
  envFile,
  changed: Flag.Boolean("changed").pipe(
    Flag.withDescription("Only settings that are not at their default"),
    Flag.withDefault(false)
  ),
  json: Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))
}, ({ changed, envFile, json }) =>
  Effect.gen(function*() {
    const all = yield* Effect.mapError(resolve(), tell)
    const understood = understand(all.settings)
    const warnings = [
      ...all.warnings,
      ...(Result.isFailure(understood) ? understood.failure.map(({ line }) => line) : [])
    ]
    const resolved = changed ? all.resolved.filter(({ source }) => source !== "default") : all.resolved
    yield* Console.log(
      json
        ? JSON.stringify({ settings: resolved, warnings }, null, 2)
        : asTable({ resolved, warnings })
    )
  }).pipe(withEnvFile(envFile))).pipe(
    Command.withDescription("Print what each setting resolves to, and from where"),
    Command.withExamples([
      { command: "effect-tracing env --changed", description: "What the environment sets" },
      {
        command: "effect-tracing env --env-file .env --json",
        description: "With the variables of a file, for programs"
      }
    ])
  )
