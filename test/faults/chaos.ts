import { Effect } from "effect"
import type { Scope } from "effect"
import type { Balance } from "effect-tracing/ledger"
import { lost } from "effect-tracing/ledger"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import type { Collector, Reaction } from "./Collector.ts"
import { makeGrpcCollector } from "./GrpcCollector.ts"
import { makeHttpCollector } from "./HttpCollector.ts"
import type { Plan } from "./plan.ts"
import type { Ended } from "./program.ts"
import { startProgram } from "./program.ts"
import { between, makeRandom, oneOf } from "./random.ts"
import { countStored } from "./stored.ts"

/** A program under random troubles, and a second one that sends what the first has left on disk. */
export interface Round {
  readonly text: string
  readonly failures: ReadonlyArray<string>
}

/** The longest round, in seconds. */
const longestRound = 60

/** Up to six requests are under way at once, and only some of them are asked to come later. */
const raceMillis = 250

type Random = () => number

const take: Reaction = { _tag: "take" }

const reactions: readonly [(random: Random) => Reaction, ...ReadonlyArray<(random: Random) => Reaction>] = [
  () => take,
  () => take,
  (random) => ({ _tag: "take", delayMillis: between(random, 10, 2500) }),
  (random) => ({ _tag: "take", refused: between(random, 1, 20) }),
  () => ({ _tag: "refuse", status: 503 }),
  () => ({ _tag: "refuse", status: 503, retryAfter: "1" }),
  () => ({ _tag: "refuse", status: 429, retryAfter: "1" }),
  () => ({ _tag: "refuse", status: 400 }),
  () => ({ _tag: "refuse", status: 401 }),
  () => ({ _tag: "refuse", status: 413 }),
  () => ({ _tag: "refuse", status: 302, headers: { location: "/elsewhere" } }),
  (random) => ({ _tag: "hang", isTaken: random() < 0.5 }),
  (random) => ({ _tag: "reset", isTaken: random() < 0.5 }),
  (random) => ({ _tag: "garble", isTaken: random() < 0.5 }),
  () => ({ _tag: "tear", isTaken: true })
]

/** Makes trouble for so long. */
const disturb = (collector: Collector, random: Random, millis: number): Effect.Effect<void> =>
  Effect.gen(function*() {
    const end = performance.now() + millis
    while (performance.now() < end) {
      const kind = random()
      const pause = Math.min(between(random, 50, 3000), Math.max(0, end - performance.now()))
      if (kind < 0.15) {
        yield* collector.stop
        yield* Effect.sleep(pause)
        yield* collector.start
      } else if (kind < 0.2) {
        collector.breakConnections(true)
        yield* Effect.sleep(pause)
        collector.breakConnections(false)
      } else {
        const reaction = oneOf(random, reactions)(random)
        const share = oneOf(random, [0.2, 0.5, 1])
        collector.reactTo(() => random() < share ? reaction : take)
        yield* Effect.sleep(pause)
      }
    }
    collector.reactTo(() => take)
  })

const environments = (random: Random, spool: string): Readonly<Record<string, string>> => ({
  TRACING_SAMPLING_RATE: oneOf(random, ["0.1", "0.5", "1"]),
  TRACING_KEEP_SLOW_MS: "50",
  OTEL_BSP_SCHEDULE_DELAY: oneOf(random, ["50", "500", "5000"]),
  OTEL_EXPORTER_OTLP_TIMEOUT: oneOf(random, ["500", "2000", "10000"]),
  TRACING_QUEUE_BYTES: oneOf(random, ["262144", "2097152", "67108864"]),
  TRACING_EXIT_REPORT: "always",
  ...oneOf<Readonly<Record<string, string>>>(random, [{}, { TRACING_SPOOL_DIR: spool }, {
    TRACING_SPOOL_DIR: spool,
    TRACING_SPOOL: "always"
  }])
})

const folderForRound = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "chaos-"))),
  (folder) => Effect.sync(() => fs.rmSync(folder, { recursive: true, force: true }))
)

const planOf = (overMillis: number, lingerMillis: number): Plan => ({
  first: 0,
  spans: 0,
  overMillis,
  bursts: 0,
  lingerMillis,
  end: "scope",
  runner: "runMain"
})

/** What does not agree between what the ledger says at the end and what the collector has. */
const compare = (collector: Collector, balance: Balance, logAgain: string): ReadonlyArray<string> => {
  const { sure, times, toTell, unanswered } = countStored(collector)
  const stored = times.size
  const unsure = stored - sure.size
  const { active, exported, inFlight, keptBack, maybeDoubled, queued, sampledOut, spooled, started } = balance
  const undecided = active + queued + inFlight + keptBack
  // The second program tells it of what it has found, the first time with the number.
  const mostToTell = maybeDoubled + (logAgain.includes("of an earlier process may be at") ? unanswered : 0)
  const missing = started - sampledOut - stored
  const failures: ReadonlyArray<readonly [boolean, string]> = [
    [undecided > 0, `${undecided} spans are in no final account`],
    [exported > stored, `${exported} are told exported, ${stored} have come`],
    [missing > lost(balance), `${missing} are missing, ${lost(balance)} are told lost`],
    [stored > exported + spooled + unsure, `${stored} have come, ${exported} are told exported`],
    [toTell > mostToTell, `${toTell} are there more than once, ${maybeDoubled} are told`],
    [collector.early > 0, `${collector.early} requests before their Retry-After`]
  ]
  return failures.flatMap(([isSo, text]) => isSo ? [text] : [])
}

const playRound = (seed: number, seconds: number): Effect.Effect<Round, never, Scope.Scope> =>
  Effect.gen(function*() {
    const random = makeRandom(seed)
    const collector = yield* random() < 0.25 ? makeGrpcCollector({ raceMillis }) : makeHttpCollector({ raceMillis })
    const spool = `${yield* folderForRound}/spool`
    const environment = { ...collector.environment, ...environments(random, spool), FAULTS_SEED: String(seed) }
    const millis = seconds * 1000
    const program = yield* startProgram({ file: "chaosChild.ts", plan: planOf(millis + 5000, 0), environment })
    yield* program.started
    yield* disturb(collector, random, millis)
    if (random() < 0.5) {
      collector.reactTo(() => ({ _tag: "hang", isTaken: false }))
      yield* program.kill("SIGTERM")
    }
    const ended = yield* program.ended
    collector.reactTo(() => take)
    // Whatever it still has to wait for, the second program sees the end of.
    const again = yield* startProgram({ file: "child.ts", plan: planOf(0, 3000), environment })
    const endedAgain = yield* again.ended
    return judgeRound(seed, environment, collector, ended, endedAgain)
  })

const judgeRound = (
  seed: number,
  environment: Readonly<Record<string, string>>,
  collector: Collector,
  ended: Ended,
  endedAgain: Ended
): Round => {
  const beats = [...ended.beats, ...endedAgain.beats]
  const balance = ended.beats.at(-1)?.balance
  const wrong = beats.find(({ imbalance }) => imbalance !== undefined)?.imbalance
  const settings = Object.entries(environment).filter(([name]) =>
    name.startsWith("TRACING_SPOOL") || name.includes("PROTOCOL")
  )
  const failures = [
    ...(balance === undefined ? [`ended without a word: ${ended.log}`] : compare(collector, balance, endedAgain.log)),
    ...(wrong === undefined ? [] : [`the ledger does not balance: ${wrong}`])
  ]
  const { doubled, times } = countStored(collector)
  return {
    failures,
    text:
      `seed ${seed} (${
        settings.map(([name, value]) => `${name}=${name.endsWith("DIR") ? "..." : value}`).join(" ")
      }): ` +
      `${beats.length} samples, ${collector.requests.length} requests, ${times.size} stored, ${doubled} doubled, ${
        JSON.stringify(balance)
      }`
  }
}

/** Plays rounds for so many seconds, each with a seed of its own, from this one on. */
export const runChaos = (
  seed: number,
  seconds: number,
  tell: (round: Round) => Effect.Effect<void>
): Effect.Effect<ReadonlyArray<Round>> => {
  // A round takes some seconds more, for its end and the second program.
  const rounds = Math.max(1, Math.round(seconds / longestRound))
  const secondsOfRound = Math.max(1, seconds / rounds - 10)
  return Effect.forEach(
    Array.from({ length: rounds }, (_, i) => seed + i),
    (one) => Effect.tap(Effect.scoped(playRound(one, secondsOfRound)), tell)
  )
}
