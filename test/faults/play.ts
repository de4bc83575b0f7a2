import { Duration, Effect } from "effect"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { selfSigned } from "../support/selfSigned.ts"
import type { Facts } from "./facts.ts"
import { gatherFacts, memoryOf } from "./facts.ts"
import { makeGrpcCollector } from "./GrpcCollector.ts"
import { makeHttpCollector } from "./HttpCollector.ts"
import { judge } from "./judge.ts"
import type { Plan } from "./plan.ts"
import type { Program } from "./program.ts"
import { startProgram } from "./program.ts"
import type { Order, Row, Stage } from "./Row.ts"

/** How long spans may wait to be written with `TRACING_SPOOL=always`, by default. */
const flushMillis = 200

export interface Result {
  readonly row: Row
  readonly facts: Facts
  readonly failures: ReadonlyArray<string>
  readonly seconds: number
}

const makeFolder = Effect.acquireRelease(
  Effect.sync(() => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "faults-"))
    fs.writeFileSync(path.join(folder, "authority.pem"), selfSigned.cert)
    return folder
  }),
  (folder) => Effect.sync(() => fs.rmSync(folder, { recursive: true, force: true }))
)

const makeCollector = (kind: Row["collector"]) =>
  kind === "grpc" ? makeGrpcCollector() : makeHttpCollector({ isTls: kind === "https" })

/**
 * Plays a row, and says what came out of it.
 *
 * @param scale how long everything takes and how many spans there are, as a part of the long form
 */
export const play = (row: Row, scale: number): Effect.Effect<Result> =>
  Effect.scoped(Effect.gen(function*() {
    const begun = performance.now()
    const collector = yield* makeCollector(row.collector)
    const folder = yield* makeFolder
    const programs: Array<Program> = []
    let next = 0
    const millis = (seconds: number): number => seconds * 1000 * scale
    const planOf = (order: Order): Plan => {
      const { bursts = 0, end = "scope", linger = 0, over = 25, runner = "runMain" } = order
      const spans = Math.round((order.spans ?? 20_000) * scale)
      return { first: next, spans, overMillis: millis(over), bursts, lingerMillis: millis(linger), end, runner }
    }
    const start = (order: Order = {}) =>
      Effect.gen(function*() {
        const plan = planOf(order)
        next += plan.spans
        const program = yield* startProgram({
          file: "child.ts",
          plan,
          environment: { ...collector.environment, ...order.environment },
          ...(order.wrapper === undefined ? {} : { wrapper: order.wrapper })
        })
        programs.push(program)
        yield* program.started
        return program
      })
    const run = (order: Order = {}) => Effect.flatMap(start(order), ({ ended }) => Effect.asVoid(ended))
    const stage: Stage = {
      collector,
      folder,
      start,
      run,
      pause: (seconds) => Effect.sleep(Duration.millis(millis(seconds))),
      millis,
      startAgain: run({
        spans: 0,
        over: 0,
        linger: 3 / scale,
        environment: { TRACING_SPOOL_DIR: path.join(folder, "spool") }
      })
    }
    yield* row.play(stage)
    const ended = yield* Effect.forEach(
      programs,
      ({ ended, plan }) => Effect.map(ended, (how) => ({ plan, ended: how }))
    )
    const { control } = row
    const ownMemory = control === undefined || scale < 1 ? 0 : yield* startProgram({
      file: "child.ts",
      plan: planOf(control),
      environment: { TRACING_ENABLED: "false" }
    }).pipe(Effect.flatMap(({ ended }) => ended), Effect.map(memoryOf))
    const facts = gatherFacts(collector, ended, flushMillis, ownMemory)
    const failures = judge(facts, row.bound ?? {}, scale === 1)
    return { row, facts, failures, seconds: (performance.now() - begun) / 1000 }
  }))
