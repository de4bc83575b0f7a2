import * as fs from "node:fs"
import { availableParallelism, cpus, totalmem } from "node:os"
import { parseArgs } from "node:util"
import { compile } from "./compile.ts"
import { plans } from "./plans.ts"
import { next, start, stop } from "./processes.ts"
import { renderGoals, renderTables } from "./report.ts"
import type { Results } from "./report.ts"
import type { Bench } from "./rounds.ts"
import { runWorkload } from "./rounds.ts"

// Usage: npm run bench -- [--only WORKLOAD]... [--rounds N] [--quick] [--json FILE]

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "string" }
  }
})

const compiled = compile()
const receiver = start(`${compiled.directory}/receiver.js`, [])
try {
  const { port } = await next(receiver)
  const bench: Bench = {
    directory: compiled.directory,
    receiver,
    endpoint: `http://127.0.0.1:${port}`,
    rounds: flags.rounds === undefined ? undefined : Number(flags.rounds),
    isQuick: flags.quick
  }
  const results: Record<string, unknown> = {}
  const began = performance.now()
  for (const plan of plans) {
    if (flags.only !== undefined && !flags.only.includes(plan.name)) continue
    const result = await runWorkload(bench, plan)
    results[plan.name] = result
    console.log(renderTables({ [plan.name]: result }))
  }
  console.log(renderGoals(results as Results))
  const machine = {
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    memoryGibibytes: Math.round(totalmem() / 2 ** 30)
  }
  console.log(
    `${machine.cores} cores of ${machine.processor}, ${machine.memoryGibibytes} GiB, Node ${machine.node}; ` +
      `${((performance.now() - began) / 1000).toFixed(0)} s`
  )
  if (flags.json !== undefined) fs.writeFileSync(flags.json, JSON.stringify({ machine, results }, undefined, 2))
} finally {
  await stop(receiver)
  compiled.remove()
}
