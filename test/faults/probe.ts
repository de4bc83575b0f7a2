import type { Balance } from "effect-tracing/ledger"
import * as fs from "node:fs"
import { imbalance } from "./imbalance.ts"

/** What a program says of itself every 50 ms, on a pipe of its own. */
export interface Beat {
  /** Spans ended so far. */
  readonly ended: number
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  /** Whether the program has done its work, and only its end is left. */
  readonly isDone: boolean
  /** Resident memory now, in bytes. */
  readonly memory: number
  /** The longest the event loop was late since tracing was ready, in milliseconds. */
  readonly delay: number
  /** The longest the event loop's thread computed in one turn since then, in milliseconds; other processes do not count. */
  readonly busy: number
  readonly balance: Balance | undefined
  /** The first sample of the ledger that did not balance. */
  readonly imbalance: string | undefined
}

/** What the probe is told by the program. */
export const progress: { ended: number; isDone: boolean; balance: (() => Balance) | undefined } = {
  ended: 0,
  isDone: false,
  balance: undefined
}

const tickMillis = 5
const pipe = 3
let [delay, busy] = [0, 0]
let wrong: string | undefined

/** Says now how it goes. */
export const beat = (): void => {
  const balance = progress.balance?.()
  wrong ??= balance === undefined ? undefined : imbalance(balance)
  const one: Beat = {
    ended: progress.ended,
    time: Date.now(),
    isDone: progress.isDone,
    memory: process.memoryUsage.rss(),
    delay: Math.round(delay),
    busy: Math.round(busy),
    balance,
    imbalance: wrong
  }
  fs.writeSync(pipe, `${JSON.stringify(one)}\n`)
}

/** Begins to look at the event loop, and to say how it goes. */
export const startProbe = (): void => {
  beat()
  let isReady = false
  let [at, computed] = [performance.now(), process.threadCpuUsage()]
  setInterval(() => {
    const [now, { system, user }] = [performance.now(), process.threadCpuUsage(computed)]
    // The start of a program is one long turn, with tracing and without; it ends within the turn in which tracing is ready.
    if (isReady) {
      delay = Math.max(delay, now - at - tickMillis)
      busy = Math.max(busy, (system + user) / 1000 - tickMillis)
    }
    isReady = progress.balance !== undefined
    at = now
    computed = process.threadCpuUsage()
  }, tickMillis).unref()
  setInterval(beat, 50).unref()
  process.on("exit", beat)
}
