import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Effect } from "effect"
import { cli } from "./cli.ts"

NodeRuntime.runMain(Effect.provide(cli, NodeServices.layer), { disableErrorReporting: true })
