import { Effect } from "effect"
import type { Scope } from "effect"
import type { Child } from "../child.ts"
import { startExample } from "../child.ts"

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** From the signal, if there was one, to the end. */
  readonly endedAfterMillis: number
}

export interface Demo extends Pick<Child, "shows" | "kill"> {
  readonly finished: Effect.Effect<Finished>
}

/** Starts the demo. */
export const startDemo = (
  args: ReadonlyArray<string>,
  env?: Readonly<Record<string, string>>
): Effect.Effect<Demo, never, Scope.Scope> =>
  Effect.map(startExample("wordpress-scraper", ["stdout", "stderr"], args, env), (child) => {
    let signalledAt = 0
    return {
      shows: child.shows,
      kill: (signal) =>
        Effect.suspend(() => {
          signalledAt = performance.now()
          return child.kill(signal)
        }),
      finished: Effect.map(child.exitCode, (code) => ({
        code,
        stdout: child.stdout(),
        stderr: child.stderr(),
        endedAfterMillis: performance.now() - signalledAt
      }))
    }
  })

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
