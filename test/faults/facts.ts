import type { Collector } from "./Collector.ts"
import type { Plan } from "./plan.ts"
import type { Ended } from "./program.ts"
import { countStored } from "./stored.ts"

/** What the programs of a row said at their ends, in spans. What is on disk is not lost, and no line need tell it. */
export interface Told {
  readonly lost: number
  readonly maybeDoubled: number
  readonly onDisk: number
}

/** What came out of a row; counts are in spans. */
export interface Facts {
  readonly emitted: number
  /** Spans that programs were to make and did not, though nobody sent them a signal. */
  readonly unmade: number
  /** Spans that the collector never stored. */
  readonly lost: number
  /** Copies too many that the collector stored. */
  readonly doubled: number
  /** Spans it stored more than once, of which the sender can know that they are there. */
  readonly toTell: number
  /** Spans it stored in requests that it did not answer. */
  readonly unanswered: number
  /** Spans among the lost that the collector has refused. */
  readonly refused: number
  /** Spans stored in requests it gave no answer to: their sender cannot know. */
  readonly unsure: number
  /** Spans of the last moments before a `kill -9`, which nobody can have written. */
  readonly unwritten: number
  /** Requests before the time a Retry-After named. */
  readonly early: number
  readonly told: Told
  /** Mebibytes, over what a program took at its start; of a row with a control, over what that took. */
  readonly memory: number
  /** Milliseconds. */
  readonly delay: number
  readonly busy: number
  readonly ending: number
  readonly imbalance: string | undefined
  readonly codes: ReadonlyArray<number | string>
  /** The lines at the exits. */
  readonly lines: ReadonlyArray<string>
  readonly log: string
}

const sum = (counts: ReadonlyArray<number>): number => counts.reduce((total, count) => total + count, 0)

const countIn = (pattern: RegExp, line: string): number => Number(pattern.exec(line)?.[1] ?? 0)

/** Reads the line a process ends with: `Tracing: of 10 spans 7 were exported; lost: queue_full 2, still open 1`. */
export const readExitLine = (line: string): Told => ({
  lost: sum(
    Array.from((/; lost: ([^;]*)/.exec(line)?.[1] ?? "").matchAll(/ (\d+)(?:,|$)/g), ([, count]) => Number(count))
  ),
  maybeDoubled: countIn(/(\d+) may have arrived twice/, line),
  onDisk: countIn(/(\d+) are on disk/, line)
})

/** What a process tells of its predecessor, which was killed while it was sending. */
const doubledBefore = ({ log }: Ended): number =>
  sum(Array.from(log.matchAll(/(\d+) spans of an earlier process may be at/g), ([, count]) => Number(count)))

const exitLines = ({ log }: Ended): ReadonlyArray<string> =>
  Array.from(log.matchAll(/^Tracing: of \d+ spans .*$/gm), ([line]) => line)

/** What a program took at most over what it took at its start, in mebibytes. */
export const memoryOf = ({ beats }: Ended): number =>
  Math.round((Math.max(...beats.map(({ memory }) => memory)) - (beats[0]?.memory ?? 0)) / 1024 / 1024)

/** How many spans a program has made; where a signal ended it, it said so last in its line. */
const countEnded = (ended: Ended): number =>
  Math.max(ended.beats.at(-1)?.ended ?? 0, ...exitLines(ended).map((line) => countIn(/of (\d+) spans/, line)))

/** Spans that ended within the time before a `kill -9` in which they need not have been written yet. */
const unwrittenBy = ({ beats, code, signalledAt }: Ended, flushMillis: number): number => {
  if (code !== "SIGKILL" || signalledAt === undefined) return 0
  const written = beats.findLast(({ time }) => time <= signalledAt - flushMillis)?.ended ?? 0
  // What it made between its last word and its death is not known; at this pace.
  const last = beats.at(-1)
  const pace = last === undefined ? 0 : last.ended / Math.max(1, last.time - beats[0]!.time)
  return last === undefined ? 0 : last.ended - written + Math.ceil(pace * Math.max(0, signalledAt - last.time + 50))
}

/**
 * Puts together what collector and programs of a row know.
 *
 * @param ownMemory what the program takes without tracing, in mebibytes
 */
export const gatherFacts = (
  collector: Collector,
  programs: ReadonlyArray<{ readonly plan: Plan; readonly ended: Ended }>,
  flushMillis: number,
  ownMemory: number
): Facts => {
  const { doubled, refused, sure, times, toTell, unanswered } = countStored(collector)
  let [emitted, unmade, lost, lostRefused, unsure] = [0, 0, 0, 0, 0]
  for (const { ended, plan: { first, spans } } of programs) {
    const count = countEnded(ended)
    emitted += count
    if (ended.signalledAt === undefined) unmade += spans - count
    for (let number = first; number < first + count; number++) {
      if (times.has(number)) unsure += sure.has(number) ? 0 : 1
      else {
        lost++
        if (refused.has(number)) lostRefused++
      }
    }
  }
  const all = programs.map(({ ended }) => ended)
  const beats = all.flatMap((ended) => ended.beats)
  const lines = all.flatMap(exitLines)
  const told = lines.map(readExitLine)
  return {
    emitted,
    unmade,
    lost,
    doubled,
    toTell,
    unanswered,
    refused: lostRefused,
    unsure,
    unwritten: sum(all.map((ended) => unwrittenBy(ended, flushMillis))),
    early: collector.early,
    told: {
      lost: sum(told.map((one) => one.lost)),
      maybeDoubled: sum(told.map((one) => one.maybeDoubled)) + sum(all.map(doubledBefore)),
      onDisk: Math.max(told.at(-1)?.onDisk ?? 0, all.at(-1)?.beats.at(-1)?.balance?.spooled ?? 0)
    },
    memory: Math.max(0, ...all.map(memoryOf)) - ownMemory,
    delay: Math.max(0, ...beats.map(({ delay }) => delay)),
    busy: Math.max(0, ...beats.map(({ busy }) => busy)),
    ending: Math.max(0, ...all.map(({ endingMillis }) => endingMillis)),
    imbalance: beats.find(({ imbalance }) => imbalance !== undefined)?.imbalance,
    codes: all.map(({ code }) => code),
    lines,
    log: all.map(({ log }) => log).join("\n")
  }
}
