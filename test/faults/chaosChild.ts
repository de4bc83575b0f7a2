// Makes trees of numbered spans at random under `TracingLive`, some with errors, some slow, until its time is up; then it ends with
// spans open. FAULTS_SEED is the seed of what is random.
import { NodeRuntime } from "@effect/platform-node"
import { Effect, Scope } from "effect"
import { Tracing, TracingLive } from "effect-tracing"
import type { Plan } from "./plan.ts"
import { beat, progress, startProbe } from "./probe.ts"
import { between, makeRandom } from "./random.ts"

const plan = JSON.parse(process.env["FAULTS_PLAN"] ?? "") as Plan
const random = makeRandom(Number(process.env["FAULTS_SEED"]))
let number = plan.first

const work = (depth: number): Effect.Effect<void, string> =>
  Effect.gen(function*() {
    const children = depth < 3 ? between(random, 0, 3) : 0
    for (let child = 0; child < children; child++) yield* Effect.ignore(tree(depth + 1))
    if (random() < 0.1) yield* Effect.sleep(between(random, 1, 80))
    if (random() < 0.05) return yield* Effect.fail("failed for the test")
  })

const tree = (depth: number): Effect.Effect<void, string> =>
  Effect.suspend(() => {
    const own = number++
    const attributes = { number: own, text: "x".repeat(between(random, 0, 400)) }
    return work(depth).pipe(
      Effect.withSpan(`span ${own}`, { attributes, root: depth === 0 }),
      Effect.ensuring(Effect.sync(() => progress.ended++))
    )
  })

const emit = Effect.gen(function*() {
  const { ledger } = yield* Tracing
  const look = Effect.runSyncWith(yield* Effect.context())
  progress.balance = () => look(ledger)
  const end = performance.now() + plan.overMillis
  while (performance.now() < end) {
    yield* Effect.forkChild(Effect.ignore(tree(0)))
    if (random() < 0.01) yield* Effect.sleep(between(random, 100, 1000))
    else if (random() < 0.6) yield* Effect.sleep(between(random, 1, 20))
  }
  const open = yield* Scope.make()
  yield* Effect.makeSpanScoped(`span ${number++}`, { root: true }).pipe(Scope.provide(open))
  progress.isDone = true
  beat()
}).pipe(Effect.provide(TracingLive))

startProbe()
NodeRuntime.runMain(emit)
