// Makes numbered spans under `TracingLive`, as the environment says: FAULTS_SPANS of them, FAULTS_PER_SECOND (0: in one
// burst). Ends as FAULTS_END says: `scope`, `exit` (calls process.exit), `throw` (uncaught), `wait` (lives until a signal comes). Prints
// the highest memory and the longest delay of its event loop.
import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { TracingLive } from "effect-tracing"
import { monitorEventLoopDelay } from "node:perf_hooks"

const spans = Number(process.env.FAULTS_SPANS)
const perSecond = Number(process.env.FAULTS_PER_SECOND)
const end = process.env.FAULTS_END
const delays = monitorEventLoopDelay({ resolution: 5 })
let highest = 0
const look = (): void => {
  highest = Math.max(highest, process.memoryUsage().rss)
}
setInterval(look, 50).unref()
const base = process.memoryUsage().rss
process.on("exit", () => {
  look()
  const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024)
  process.stdout.write(
    JSON.stringify({ base: mebibytes(base), peak: mebibytes(highest), delay: Math.round(delays.max / 1e6) - 5 })
  )
})

const one = (number: number): Effect.Effect<void> =>
  Effect.void.pipe(
    Effect.withSpan(`span ${number}`, { attributes: { number, "url.path": `/posts/${number}` }, root: true })
  )

const emit = Effect.gen(function*() {
  delays.enable()
  const begun = performance.now()
  for (let number = 0; number < spans; number++) {
    yield* one(number)
    if (perSecond === 0) {
      if (number % 1000 === 999) yield* Effect.sleep(0)
    } else if (number % 20 === 19) {
      yield* Effect.sleep(Math.max(0, number / perSecond * 1000 - (performance.now() - begun)))
    }
  }
  if (end === "wait" || end === "waitPlain") {
    process.stderr.write("ready\n")
    const alive = setInterval(() => {}, 1000)
    return yield* Effect.ensuring(Effect.never, Effect.sync(() => clearInterval(alive)))
  }
  if (end === "exit") process.exit(3)
  if (end === "throw") {
    setImmediate(() => {
      throw new Error("thrown for the test")
    })
    yield* Effect.sleep(1000)
  }
}).pipe(Effect.provide(TracingLive))

if (end === "waitPlain") void Effect.runPromise(emit)
else NodeRuntime.runMain(emit)
