import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Effect, Runtime } from "effect"
import { cli } from "./cli.ts"

/** After Ctrl-C jobs are given back and spans exported within this time, or given up. */
const patienceMillis = 9_000

let interrupted = false
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Whoever asks twice means now.
    if (interrupted) process.exit(130)
    interrupted = true
    setTimeout(() => process.exit(130), patienceMillis).unref()
  })
}

NodeRuntime.runMain(Effect.provide(cli, NodeServices.layer), {
  disableErrorReporting: true,
  // To be stopped is how a service ends well.
  teardown: (exit, onExit) => interrupted ? onExit(0) : Runtime.defaultTeardown(exit, onExit)
})
