import * as Effect from "effect/Effect"
import { monitorEventLoopDelay } from "node:perf_hooks"
import type { Program, ProgramName } from "./programs.ts"
import { programOf } from "./programs.ts"
import type { Variant } from "./variants.ts"

/** What one round gave, by name of the figure. */
export type Sample = Readonly<Record<string, number>>

/** Measures one round; `share` of the usual number of units, for warm-up and quick runs. */
export type Measure = (share: number) => Promise<Sample>

export interface Workload {
  readonly holdBack?: boolean
  readonly prepare: (variant: Variant) => Promise<Measure>
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const collectGarbage = (): void => globalThis.gc?.()

/** Units between two turns of the event loop, in which batches are sent: as many as make about 100 spans. */
const chunkOf = (program: Program): number => program.spans === 0 ? 5000 : Math.ceil(100 / program.spans)

const repeat = (effect: Effect.Effect<unknown>, times: number): Effect.Effect<void> => {
  let done = 0
  return Effect.whileLoop({ while: () => done < times, body: () => effect, step: () => void done++ })
}

const runner = ({ context, tracer }: Variant, program: Program): (units: number) => Promise<void> => {
  const chunk = chunkOf(program)
  const run = Effect.runPromiseWith(context)
  const once = async (units: number): Promise<void> => {
    if (tracer === undefined) {
      const effect = repeat(program.effect, units)
      await run(program.insideOneSpan === true ? Effect.withSpan(effect, "around") : effect)
    } else {
      for (let i = 0; i < units; i++) {
        const done = program.byHand?.(tracer)
        if (done instanceof Promise) await done
      }
    }
    await turn()
  }
  return async (units) => {
    for (let left = units; left > 0; left -= chunk) await once(Math.min(chunk, left))
  }
}

/** Microseconds of CPU time of the whole process for each unit, delivery included. */
const cpu = (name: ProgramName): Workload => ({
  prepare: async (variant) => {
    const program = await programOf(name)
    const run = runner(variant, program)
    return async (share) => {
      const units = Math.ceil(program.units * share)
      // No collection by hand: each throws optimised code away with the maps it was made for, and what was measured then would be
      // how Effect is compiled anew (14 microseconds for an untraced span in place of 3).
      const before = process.cpuUsage()
      await run(units)
      // The one span around operations is sent later: it is not what is measured.
      if (program.spans > 0) await variant.flush()
      const { system, user } = process.cpuUsage(before)
      return { micros: (user + system) / units, spans: units * program.spans }
    }
  }
})

/** What the process holds for the program, in its heap and, for bytes that wait to be sent, outside of it. */
const held = (): number => {
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Memory that each span takes while it waits to be sent, in bytes. */
const pending: Workload = {
  holdBack: true,
  prepare: async (variant) => {
    const program = await programOf("fullSpan")
    const run = runner(variant, program)
    await run(3000)
    return async (share) => {
      const units = Math.ceil(10_000 * share)
      collectGarbage()
      const before = held()
      await run(units)
      collectGarbage()
      return { bytes: (held() - before) / units }
    }
  }
}

/** Bytes allocated for each span until it is in the queue. The young generation is so large that nothing is collected. */
const allocated: Workload = {
  holdBack: true,
  prepare: async (variant) => {
    const program = await programOf("span")
    const run = runner(variant, program)
    await run(20_000)
    return async (share) => {
      const units = Math.ceil(10_000 * share)
      collectGarbage()
      const before = held()
      await run(units)
      return { bytes: (held() - before) / units }
    }
  }
}

const burst: Workload = {
  prepare: async ({ context, flush }) => {
    const { effect } = await programOf("span")
    // One fiber that yields as Effect's scheduler has it, as a program would: nobody makes room for the exporter.
    const run = (spans: number): Promise<void> => Effect.runPromiseWith(context)(repeat(effect, spans))
    const cost = async (spans: number): Promise<number> => {
      const before = process.cpuUsage()
      await run(spans)
      await flush()
      const { system, user } = process.cpuUsage(before)
      return (user + system) / spans
    }
    await cost(20_000)
    return async (share) => {
      const tenThousand = await cost(10_000 * share)
      const hundredThousand = await cost(100_000 * share)
      collectGarbage()
      const baseBytes = process.memoryUsage().rss
      const delay = monitorEventLoopDelay({ resolution: 5 })
      let peakBytes = baseBytes
      const watch = setInterval(() => {
        peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
      }, 20)
      delay.enable()
      const million = await cost(1_000_000 * share)
      delay.disable()
      clearInterval(watch)
      return {
        tenThousand,
        hundredThousand,
        million,
        spans: (20_000 / share + 1_110_000) * share,
        delayMillis: delay.max / 1e6,
        peakMebibytes: (peakBytes - baseBytes) / 2 ** 20
      }
    }
  }
}

const httpServer: Workload = {
  prepare: async ({ context, flush }) => {
    const { serveHello } = await import("./helloServer.ts")
    const port = await serveHello(context)
    let before = process.cpuUsage()
    // Called before and after a load that comes from another process: the second call tells what the first began.
    return async () => {
      await flush()
      const { system, user } = process.cpuUsage(before)
      before = process.cpuUsage()
      return { port, micros: user + system }
    }
  }
}

/** Microseconds that redaction takes of each span of the full kind, on attributes as they are at its end. */
const redaction: Workload = {
  prepare: async () => {
    const { Redactor } = await import("../../src/privacy/index.ts")
    const { Attributes } = await import("../../src/model/index.ts")
    const { post } = await import("./programs.ts")
    const redactor = Redactor.make()
    const attributes = Attributes.fromRecord(post)
    const events = [
      Attributes.fromRecord({ "bytes": 18_223, "host": "blog.example" }),
      Attributes.fromRecord({ "words": 812 })
    ]
    return async (share) => {
      const units = Math.ceil(100_000 * share)
      const before = process.cpuUsage()
      for (let i = 0; i < units; i++) {
        redactor.redactAttributes(attributes)
        for (const event of events) redactor.redactAttributes(event)
      }
      const { system, user } = process.cpuUsage(before)
      return { micros: (user + system) / units }
    }
  }
}

export const workloads = {
  operation: cpu("operation"),
  span: cpu("span"),
  bareSpan: cpu("bareSpan"),
  fullSpan: cpu("fullSpan"),
  tree: cpu("tree"),
  fibers: cpu("fibers"),
  sql: cpu("sql"),
  pending,
  allocated,
  redaction,
  httpServer,
  burst
} satisfies Record<string, Workload>

export type WorkloadName = keyof typeof workloads
