import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { packageVersion } from "../model/index.ts"
import { command } from "./command.ts"

command.pipe(
  Command.run({ version: packageVersion }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
