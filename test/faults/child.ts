// Makes numbered spans under `TracingLive`, as its plan says.
import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { Tracing, TracingLive } from "effect-tracing"
import type { Plan } from "./plan.ts"
import { beat, progress, startProbe } from "./probe.ts"

const plan = JSON.parse(process.env["FAULTS_PLAN"] ?? "") as Plan
/** Spans of one turn of the event loop, where there is no pause between them. */
const spansOfTurn = 50

const one = (number: number): Effect.Effect<void> =>
  Effect.void.pipe(
    Effect.withSpan(`span ${number}`, { attributes: { number, "url.path": `/posts/${number}` }, root: true })
  )

/** When a span is due, in milliseconds from the beginning. */
const dueAt = (number: number): number => {
  const { bursts, overMillis, spans } = plan
  if (bursts > 0) return Math.floor(number / spans * bursts) * overMillis / bursts
  return number / spans * overMillis
}

const emit = Effect.gen(function*() {
  const { ledger } = yield* Tracing
  const look = Effect.runSyncWith(yield* Effect.context())
  progress.balance = () => look(ledger)
  const begun = performance.now()
  for (let number = 0; number < plan.spans; number++) {
    const wait = dueAt(number) - (performance.now() - begun)
    // Timers are not finer than this, and a turn of the event loop for each span would be a load of its own.
    if (wait > 10 || number % spansOfTurn === spansOfTurn - 1) yield* Effect.sleep(Math.max(0, wait))
    yield* one(plan.first + number)
    progress.ended++
  }
  yield* Effect.sleep(plan.lingerMillis)
  progress.isDone = true
  beat()
  if (plan.end === "exit") process.exit(3)
  if (plan.end === "throw") {
    setImmediate(() => {
      throw new Error("thrown for the test")
    })
    return yield* Effect.never
  }
}).pipe(Effect.provide(TracingLive))

startProbe()
if (plan.runner === "runPromise") void Effect.runPromise(emit)
else NodeRuntime.runMain(emit)
