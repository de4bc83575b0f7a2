import { Deferred, Effect } from "effect"
import type { Scope } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Plan } from "./plan.ts"
import type { Beat } from "./probe.ts"

/** How a program of the harness went. */
export interface Ended {
  readonly beats: ReadonlyArray<Beat>
  /** What it logged. */
  readonly log: string
  readonly code: number | string
  /** From its last span, or the signal, to its end; milliseconds. */
  readonly endingMillis: number
  /** Milliseconds since the Unix epoch; `undefined` where it got no signal. */
  readonly signalledAt: number | undefined
}

export interface Program {
  readonly plan: Plan
  /** Waits until it makes spans. */
  readonly started: Effect.Effect<void>
  /** Waits for its end. */
  readonly ended: Effect.Effect<Ended>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
}

export interface ProgramOptions {
  /** The file, beside this one. */
  readonly file: string
  readonly plan: Plan
  readonly environment: Readonly<Record<string, string>>
  /** A command that runs the program, which is appended to it. */
  readonly wrapper?: ReadonlyArray<string>
}

/** Set where programs run on `dist`, as it is published, and not on the source, whose types Node strips while it measures. */
export const published = "FAULTS_PUBLISHED"

/** Runs a program in a process of its own, killed at the latest when the scope closes. */
export const startProgram = (options: ProgramOptions): Effect.Effect<Program, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { environment, file, plan, wrapper = [] } = options
    const started = yield* Deferred.make<void>()
    const ended = yield* Deferred.make<Ended>()
    const script = fileURLToPath(new URL(file, import.meta.url))
    const asSource = process.env[published] === undefined ? ["--conditions=effect-tracing-source"] : []
    const [command, ...words] = [...wrapper, process.execPath, ...asSource, script]
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(command, words, {
          env: { PATH: process.env["PATH"], FAULTS_PLAN: JSON.stringify(plan), ...environment },
          stdio: ["ignore", "pipe", "pipe", "pipe"]
        })
      ),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const beats: Array<Beat> = []
    let [log, rest] = ["", ""]
    let signalledAt: number | undefined
    const hear = (chunk: Buffer): void => {
      log += chunk.toString()
    }
    child.stdout?.on("data", hear)
    child.stderr?.on("data", hear)
    child.stdio[3]?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) beats.push(JSON.parse(line) as Beat)
      if (beats.at(-1)?.balance !== undefined) Deferred.doneUnsafe(started, Effect.void)
    })
    child.on("error", (error) => hear(Buffer.from(String(error))))
    let exitedAt = Date.now()
    child.on("exit", () => exitedAt = Date.now())
    child.on("close", (code, signal) => {
      const since = signalledAt ?? beats.find(({ isDone }) => isDone)?.time ?? exitedAt
      const endingMillis = exitedAt - since
      Deferred.doneUnsafe(started, Effect.void)
      Deferred.doneUnsafe(ended, Effect.succeed({ beats, log, code: code ?? signal ?? "?", endingMillis, signalledAt }))
    })
    return {
      plan,
      started: Deferred.await(started),
      ended: Deferred.await(ended),
      kill: (signal) =>
        Effect.sync(() => {
          signalledAt = Date.now()
          child.kill(signal)
        })
    }
  })
