import { Effect } from "effect"
import type { Scope } from "effect"
import assert from "node:assert"
import { spawn } from "node:child_process"

export interface Child {
  readonly pid: number
  /** What was written so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits until a text is on one of the streams that are watched; dies if the process ends without it. */
  readonly shows: (text: RegExp) => Effect.Effect<void>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** Waits for the end; `null` where a signal made it. */
  readonly exitCode: Effect.Effect<number | null>
}

/**
 * Starts an example as a person would, by the name of its folder, with an environment that says nothing but what the test says.
 */
export const startExample = (
  example: string,
  watched: ReadonlyArray<"stdout" | "stderr">,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Effect.Effect<Child, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const main = new URL(`../../examples/${example}/main.ts`, import.meta.url).pathname
        const child = spawn(process.execPath, ["--conditions=effect-tracing-source", main, ...args], {
          env: { PATH: process.env["PATH"] ?? "", ...env },
          stdio: ["ignore", "pipe", "pipe"]
        })
        const output = { stdout: "", stderr: "" }
        let exitCode: number | null | undefined
        const watchers = new Set<() => void>()
        const changed = () => watchers.forEach((watcher) => watcher())
        for (const name of ["stdout", "stderr"] as const) {
          child[name].setEncoding("utf8").on("data", (text: string) => {
            output[name] += text
            changed()
          })
        }
        child.on("close", (code) => {
          exitCode = code
          changed()
        })
        /** Waits until there is something to say. */
        const first = <A>(find: () => A | undefined): Effect.Effect<A> =>
          Effect.callback<A>((resume) => {
            const watcher = () => {
              const found = find()
              if (found === undefined) return
              watchers.delete(watcher)
              resume(Effect.succeed(found))
            }
            watchers.add(watcher)
            watcher()
            return Effect.sync(() => watchers.delete(watcher))
          })
        const handle: Child = {
          pid: child.pid ?? 0,
          stdout: () => output.stdout,
          stderr: () => output.stderr,
          shows: (text) =>
            Effect.map(
              first(() =>
                text.exec(watched.map((name) => output[name]).join("")) ??
                  (exitCode === undefined ? undefined : "ended")
              ),
              (found) => assert(found !== "ended", `ended without ${text}:\n${output.stdout}\n${output.stderr}`)
            ),
          kill: (signal) => Effect.sync(() => child.kill(signal)),
          exitCode: Effect.map(
            first(() => exitCode === undefined ? undefined : { exitCode }),
            ({ exitCode }) => exitCode
          )
        }
        return { child, handle }
      }),
      ({ child }) => Effect.sync(() => child.kill("SIGKILL"))
    ),
    ({ handle }) => handle
  )
