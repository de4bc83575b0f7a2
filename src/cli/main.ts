#!/usr/bin/env node
import process from "node:process"

// The platform is an optional peer: programs that only trace do without it.
try {
  await import("./run.ts")
} catch (error) {
  if (!(error instanceof Error) || !error.message.includes("@effect/platform-node")) throw error
  process.stderr.write(
    "effect-tracing needs @effect/platform-node for its command line: npm install @effect/platform-node\n"
  )
  process.exitCode = 1
}
