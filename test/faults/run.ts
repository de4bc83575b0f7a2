import { Effect } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"
import type { Scenario } from "./scenarios.ts"

const program = fileURLToPath(new URL("child.ts", import.meta.url))

export interface Outcome {
  readonly name: string
  readonly lost: number
  readonly doubled: number
  /** Requests made before the time a Retry-After named. */
  readonly early: number
  /** Mebibytes, over what the process took at its start. */
  readonly memory: number
  /** Milliseconds. */
  readonly delay: number
  /** From the signal, or the start of the process where there is none, to its end; milliseconds. */
  readonly ending: number
  readonly code: number | string
  /** The line at the exit. */
  readonly told: string
  readonly isMet: boolean
}

/** The bound of the queue and 64 MiB, in mebibytes. */
const mostMemory = 128

const retryAfterMillis = (scenario: Scenario): number =>
  Number(/Retry-After (\d+)/.exec(scenario.name)?.[1] ?? 0) * 1000

/** Runs one scenario in a process of its own, and counts by number what came. */
export const run = (scenario: Scenario): Effect.Effect<Outcome> =>
  Effect.scoped(Effect.gen(function*() {
    const receiver = yield* makeOtlpReceiver()
    scenario.react?.(receiver)
    if (scenario.downAtStart === true) yield* receiver.stop
    if (scenario.downAt !== undefined) yield* Effect.forkChild(Effect.delay(receiver.stop, scenario.downAt))
    if (scenario.upAt !== undefined) yield* Effect.forkChild(Effect.delay(receiver.start, scenario.upAt))
    const ended = yield* Effect.callback<{
      readonly code: number | string
      readonly out: string
      readonly err: string
      readonly ending: number
    }>((resume) => {
      const child = spawn(process.execPath, ["--conditions=effect-tracing-source", program], {
        env: {
          PATH: process.env["PATH"],
          FAULTS_SPANS: String(scenario.spans),
          FAULTS_PER_SECOND: String(scenario.perSecond),
          FAULTS_END: scenario.end,
          TRACING_OTLP_ENDPOINT: `http://127.0.0.1:${receiver.port}`,
          OTEL_BSP_SCHEDULE_DELAY: "500",
          ...scenario.environment
        }
      })
      let [out, err, signalledAt] = ["", "", performance.now()]
      child.stdout.on("data", (chunk: Buffer) => out += chunk.toString())
      child.stderr.on("data", (chunk: Buffer) => {
        err += chunk.toString()
        if (scenario.signal !== undefined && chunk.toString().includes("ready\n")) {
          signalledAt = performance.now()
          child.kill(scenario.signal)
        }
      })
      child.on("close", (code, signal) =>
        resume(Effect.succeed({ code: code ?? signal ?? "?", out, err, ending: performance.now() - signalledAt })))
      return Effect.sync(() =>
        child.kill("SIGKILL")
      )
    })
    const taken = receiver.requests.filter(({ answered }) => answered === 200 || answered === "unanswered")
    const seen = new Map<number, number>()
    for (
      const { name } of taken.flatMap(({ body }) =>
        body.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans))
      )
    ) {
      const number = Number(name.slice(5))
      seen.set(number, (seen.get(number) ?? 0) + 1)
    }
    const pause = retryAfterMillis(scenario)
    const early = receiver.requests.filter((request, index) => {
      const before = receiver.requests[index - 1]
      return before !== undefined && (before.answered === 503 || before.answered === 429) &&
        request.arrivedAt - before.arrivedAt < pause
    }).length
    const report = /\{"base".*\}/.exec(ended.out)?.[0]
    const { base, delay, peak } = report === undefined
      ? { base: 0, peak: 0, delay: -1 }
      : JSON.parse(report) as { readonly base: number; readonly peak: number; readonly delay: number }
    const lost = scenario.spans - seen.size
    const doubled = [...seen.values()].reduce((sum, times) => sum + times - 1, 0)
    const told = /Tracing: of .*/.exec(ended.err)?.[0] ?? ""
    return {
      name: scenario.name,
      lost,
      doubled,
      early,
      memory: peak - base,
      delay,
      ending: Math.round(ended.ending),
      code: ended.code,
      told,
      isMet: lost <= scenario.lost && doubled <= scenario.doubled && early === 0 && (lost === 0 || told !== "") &&
        peak - base <= mostMemory
    }
  }))
