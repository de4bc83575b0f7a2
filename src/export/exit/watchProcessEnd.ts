import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as fs from "node:fs"
import { isMainThread } from "node:worker_threads"
import { detached } from "../untraced.ts"
import type { ExitFacts } from "./exitLine.ts"
import { exitLine } from "./exitLine.ts"

/**
 * What has to be done where the process ends.
 *
 * @category models
 * @since 0.1.0
 */
export interface EndOfProcess {
  /** What is to be told. */
  readonly facts: () => ExitFacts
  /** Sends what is left, within the time there is for it. */
  readonly end: Effect.Effect<void>
  /** Ends that at once. */
  readonly hasten: () => void
  /** Does what can be done without waiting, when nothing asynchronous happens any more. */
  readonly rescue: () => void
}

// Those that live, and those that ended but have something to tell when the process does.
const living = new Set<EndOfProcess>()
const ended: Array<ExitFacts> = []

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
type Signal = (typeof signals)[number]
const heard = new Set<Signal>()
/** Whether a signal is about to end the process, as soon as what is left is sent. */
let isEnding = false

/** How often, and for how long each time in milliseconds, a reader of stderr is waited for that is slow. */
const patience = { times: 20, millis: 5 }

/** Writes to stderr by no stream of Node's: nothing asynchronous happens any more. */
const tell = (line: string): void => {
  for (let i = 0; i < patience.times; i++) {
    try {
      fs.writeSync(2, line)
      return
    } catch (error) {
      // Nobody reads it; or the pipe is full, and whoever reads it is given a moment.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patience.millis)
    }
  }
}

const tellAll = (): void => {
  for (const one of living) one.rescue()
  for (const facts of [...ended, ...Array.from(living, (one) => one.facts())]) {
    const line = exitLine(facts)
    if (line !== undefined) tell(`${line}\n`)
  }
}

/** Ends the process by the signal, as it would have ended without us. */
const endBy = (signal: Signal): void => {
  tellAll()
  for (const one of signals) process.removeListener(one, onSignal)
  process.kill(process.pid, signal)
}

/** The terminal may be gone: what the program writes to it meanwhile must not end it before its spans are sent. */
const outliveTerminal = (): void => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
}

const onSignal = (signal: NodeJS.Signals): void => {
  if (signal !== "SIGINT" && signal !== "SIGTERM" && signal !== "SIGHUP") return
  const isAlone = process.listenerCount(signal) === 1
  // Daemons read their settings anew on it; and a terminal that closes may say so twice, by the system and by the shell.
  if (signal === "SIGHUP" && (isEnding || !isAlone)) return
  const isSecond = isEnding || heard.has(signal) || !isAlone && heard.size > 0
  heard.add(signal)
  if (isSecond) {
    for (const one of living) one.hasten()
    if (isAlone) endBy(signal)
    return
  }
  // Whoever else listens ends the program in a way of his own, and closes the scope of the layer with it.
  if (!isAlone) return
  isEnding = true
  if (signal === "SIGHUP") outliveTerminal()
  detached(() =>
    Effect.runFork(
      Effect.forEach([...living], (one) => one.end, { concurrency: "unbounded", discard: true }).pipe(
        Effect.ensuring(Effect.sync(() => endBy(signal)))
      )
    )
  )
}

const enter = (one: EndOfProcess): void => {
  if (living.size === 0) {
    process.removeListener("exit", tellAll)
    process.on("exit", tellAll)
    // Signals are for the main thread alone.
    if (isMainThread) { for (const signal of signals) process.on(signal, onSignal) }
  }
  living.add(one)
}

const leave = (one: EndOfProcess): void => {
  living.delete(one)
  const facts = one.facts()
  if (exitLine(facts) !== undefined) ended.push(facts)
  if (living.size === 0) { for (const signal of signals) process.removeListener(signal, onSignal) }
}

/**
 * Sees to it that the end of the process loses no span without a word, for as long as the scope is open.
 *
 * **Details**
 *
 * SIGINT, SIGTERM and SIGHUP (its terminal is closed) end a program that does not listen to them: what is left is sent first,
 * then the process dies of the signal as it would have. Where the program listens itself (`NodeRuntime.runMain` does, to the first
 * two), what comes of it is left to the program. A second signal ends the sending at once, save for SIGHUP, which nobody repeats
 * from impatience.
 *
 * At the exit of the process, whatever the reason, a line on stderr tells what was lost (`TRACING_EXIT_REPORT`): one for each
 * pipeline of the process, which are sent side by side.
 *
 * **Gotchas**
 *
 * A worker thread has an end of its own, with a line of its own, when it ends or calls `process.exit`. Signals are told to the main
 * thread alone: where only workers trace, the main thread ends them, by a message for example. `worker.terminate()` stops a
 * thread without a word.
 *
 * @category constructors
 * @since 0.1.0
 */
export const watchProcessEnd = (one: EndOfProcess): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.sync(() => enter(one)), () => Effect.sync(() => leave(one)))
