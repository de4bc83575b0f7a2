// Prints what is lost and doubled under each trouble, and fails where that is more than it may be.
//
//   npm run test:faults                         every row at full length
//   npm run test:faults -- --only "down"        rows whose name has this in it
//   npm run test:faults -- --short              the short form, which CI runs
//   npm run test:faults -- --list               names of the rows, and how long each takes
//   npm run test:faults -- --chaos 600          random troubles for so many seconds
//   npm run test:faults -- --chaos 600 --seed 7 the same ones again
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { runChaos } from "./chaos.ts"
import { play } from "./play.ts"
import { published } from "./program.ts"
import { durationText, head, resultLine } from "./report.ts"
import { rows } from "./rows/index.ts"
import { shortRows, shortScale } from "./short.ts"

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    short: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    chaos: { type: "string" },
    seed: { type: "string" }
  }
})

const say = (text: string): Effect.Effect<void> => Effect.sync(() => process.stdout.write(`${text}\n`))

const scale = values.short ? shortScale : 1
const chosen = (values.short ? shortRows : rows).filter(({ name }) => name.includes(values.only))
const secondsOf = ({ seconds }: { readonly seconds: number }): number => 2 + seconds * scale

const table = Effect.gen(function*() {
  const total = chosen.reduce((sum, row) => sum + secondsOf(row), 0)
  yield* say(`${chosen.length} rows, about ${durationText(total)}`)
  if (values.list) {
    yield* Effect.forEach(chosen, (row) => say(`${row.name} (${durationText(secondsOf(row))})`), { discard: true })
    return true
  }
  yield* say(head(chosen))
  const results = yield* Effect.forEach(chosen, (row) =>
    Effect.gen(function*() {
      if (process.stdout.isTTY) process.stdout.write(`${row.name}: about ${durationText(secondsOf(row))} ...\r`)
      const result = yield* play(row, scale)
      yield* say(resultLine(result, chosen))
      for (const text of result.facts.lines) yield* say(`     ${text}`)
      return result
    }))
  const failed = results.filter(({ failures }) => failures.length > 0)
  yield* say(
    failed.length === 0 ? "every row holds" : `${failed.length} of ${chosen.length} rows are beyond their bounds`
  )
  return failed.length === 0
})

const chaos = (seconds: number): Effect.Effect<boolean> =>
  Effect.gen(function*() {
    const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
    yield* say(`random troubles for ${durationText(seconds)}, --seed ${seed}`)
    const rounds = yield* runChaos(seed, seconds, (round) =>
      say(`${round.failures.length === 0 ? "ok  " : "FAIL"} ${round.text}${
        round.failures.map((text) => `\n     ^ ${text}`).join("")
      }`))
    return rounds.every(({ failures }) =>
      failures.length === 0
    )
  })

if (!values.list) {
  const root = join(import.meta.dirname, "../..")
  execFileSync(join(root, "node_modules/.bin/rolldown"), ["-c"], { cwd: root })
  process.env[published] = "true"
}

const isWell = await Effect.runPromise(values.chaos === undefined ? table : chaos(Number(values.chaos)))
process.exitCode = isWell ? 0 : 1
