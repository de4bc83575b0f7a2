import { Effect } from "effect"
import type { Scope } from "effect"
import { spawn } from "node:child_process"

const main = new URL("../../../examples/wordpress-scraper/main.ts", import.meta.url).pathname

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** From the signal, if there was one, to the end. */
  readonly endedAfterMillis: number
}

export interface Demo {
  /** Waits until this is on stdout or stderr. */
  readonly shows: (text: RegExp) => Effect.Effect<void>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly finished: Effect.Effect<Finished>
}

/** Starts the demo as a person would, with an environment that says nothing but what the test says. */
export const startDemo = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Effect.Effect<Demo, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, ["--conditions=effect-tracing-source", main, ...args], {
        env: { PATH: process.env["PATH"] ?? "", ...env },
        stdio: ["ignore", "pipe", "pipe"]
      })
      const output = { stdout: "", stderr: "" }
      const watchers = new Set<() => void>()
      const changed = () => {
        for (const watcher of watchers) watcher()
      }
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output.stdout += text
        changed()
      })
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        output.stderr += text
        changed()
      })
      let signalledAt = 0
      let ended: Finished | undefined
      child.on("close", (code) => {
        ended = { code, ...output, endedAfterMillis: performance.now() - signalledAt }
        changed()
      })
      const until = (done: () => boolean): Effect.Effect<void> =>
        Effect.callback<void>((resume) => {
          const watcher = () => {
            if (!done()) return
            watchers.delete(watcher)
            resume(Effect.void)
          }
          watchers.add(watcher)
          watcher()
          return Effect.sync(() => watchers.delete(watcher))
        })
      return {
        child,
        shows: (text: RegExp) =>
          Effect.andThen(
            until(() => text.test(output.stdout + output.stderr) || ended !== undefined),
            Effect.suspend(() =>
              text.test(output.stdout + output.stderr)
                ? Effect.void
                : Effect.die(new Error(`ended without ${text}:\n${output.stdout}\n${output.stderr}`))
            )
          ),
        kill: (signal: NodeJS.Signals) =>
          Effect.sync(() => {
            signalledAt = performance.now()
            child.kill(signal)
          }),
        finished: Effect.map(until(() => ended !== undefined), () => ended!)
      }
    }),
    ({ child }) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** Runs the demo to its end. */
export const runDemo = (args: ReadonlyArray<string>, env?: Readonly<Record<string, string>>): Effect.Effect<Finished> =>
  Effect.scoped(Effect.flatMap(startDemo(args, env), (demo) => demo.finished))

export interface Result {
  readonly discovered: number
  readonly scraped: number
  readonly unchanged: number
  readonly gone: number
  readonly failed: ReadonlyArray<{ readonly url: string; readonly reason: string }>
  readonly runTraceId: string
  readonly durationMs: number
}

/** The last line of stdout. */
export const resultOf = (finished: Finished): Result => {
  const line = finished.stdout.trimEnd().split("\n").at(-1) ?? ""
  return JSON.parse(line)
}
