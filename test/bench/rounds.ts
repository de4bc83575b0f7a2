import type { ChildProcess } from "node:child_process"
import { load } from "./load.ts"
import type { Plan } from "./plans.ts"
import { ask, next, start, stop } from "./processes.ts"
import type { Summary } from "./statistics.ts"
import { summarize } from "./statistics.ts"
import type { VariantName } from "./variants.ts"

/** What all workloads of a run share. */
export interface Bench {
  readonly directory: string
  readonly receiver: ChildProcess
  readonly endpoint: string
  readonly rounds: number | undefined
  readonly isQuick: boolean
}

/** The figures of one tracer in one workload. */
export interface VariantResult {
  readonly figures: Readonly<Record<string, Summary>>
  /** Spans that ended, and that arrived at the receiver; 0 where nothing is counted. */
  readonly sent: number
  readonly arrived: number
}

export type WorkloadResult = Partial<Record<VariantName, VariantResult>>

type Sample = Readonly<Record<string, number>>

const connections = 16
const requests = 1000

/** One round of the HTTP server: the load comes from this process. */
const serverRound = async (child: ChildProcess, share: number): Promise<Sample> => {
  const { port } = await ask(child, { share })
  const count = Math.ceil(requests * share)
  const began = performance.now()
  await load(port!, connections, count)
  const perSecond = count / ((performance.now() - began) / 1000)
  const { micros } = await ask(child, { share })
  return { micros: micros! / count, perSecond, spans: count * 2 }
}

const startupRound = async (bench: Bench, variant: VariantName): Promise<Sample> => {
  const child = start(`${bench.directory}/startup.js`, [variant, `${bench.endpoint}/v1/traces`])
  return next(child)
}

const summarizeAll = (samples: ReadonlyArray<Sample>): Record<string, Summary> => {
  const names = Object.keys(samples[0] ?? {}).filter((name) => name !== "spans" && name !== "port")
  return Object.fromEntries(names.map((name) => [name, summarize(samples.map((sample) => sample[name]!))]))
}

/** Warms every tracer up, then measures one round of each in turn, as often as the plan says. */
export const runWorkload = async (bench: Bench, plan: Plan): Promise<WorkloadResult> => {
  const rounds = bench.rounds ?? (bench.isQuick ? plan.quickRounds : plan.rounds)
  const path = (variant: VariantName): string => `/${plan.name}/${encodeURIComponent(variant)}`
  const children = new Map<VariantName, Array<ChildProcess>>(plan.variants.map((variant) => [variant, []]))
  const samples = new Map<VariantName, Array<Sample>>(plan.variants.map((variant) => [variant, []]))
  const share = bench.isQuick && plan.name === "burst" ? 0.1 : bench.isQuick ? 0.5 : 1
  const round = (variant: VariantName, turn: number, size: number): Promise<Sample> => {
    if (plan.name === "startup") return startupRound(bench, variant)
    const child = children.get(variant)![turn % plan.processes]!
    return plan.name === "httpServer" ? serverRound(child, size) : ask(child, { share: size })
  }
  try {
    if (plan.name !== "startup") {
      for (const [variant, own] of children) {
        for (let i = 0; i < plan.processes; i++) {
          const child = start(
            `${bench.directory}/child.js`,
            [variant, plan.name, bench.endpoint + path(variant)],
            plan.execArgv
          )
          own.push(child)
          await next(child)
        }
      }
      for (let i = 0; i < plan.warmUps * plan.processes; i++) {
        for (const variant of plan.variants) await round(variant, i, share)
      }
    }
    for (let i = 0; i < rounds; i++) {
      // Not always in the same order: whoever comes after the dearest may find the machine slower.
      for (const variant of i % 2 === 0 ? plan.variants : plan.variants.toReversed()) {
        samples.get(variant)!.push(await round(variant, i, share))
      }
    }
    const result: WorkloadResult = {}
    for (const variant of plan.variants) {
      const own = samples.get(variant)!
      const { count } = await ask(bench.receiver, { path: path(variant) })
      result[variant] = {
        figures: summarizeAll(own),
        sent: own.reduce((sum, sample) => sum + (sample["spans"] ?? 0), 0),
        arrived: count!
      }
    }
    return result
  } finally {
    await Promise.all([...children.values()].flat().map(stop))
  }
}
