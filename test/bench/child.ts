import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { exercise, services } from "./exercise.ts"
import type { VariantName } from "./variants.ts"
import { makeVariant } from "./variants.ts"
import type { WorkloadName } from "./workloads.ts"
import { workloads } from "./workloads.ts"

// One tracer and one workload: makes ready, then measures a round whenever it is asked to, and dies with its parent.

const [variantName, workloadName, endpoint] = process.argv.slice(2)
const workload = workloads[workloadName as WorkloadName]
const variant = await makeVariant(variantName as VariantName, {
  endpoint: endpoint!,
  holdBack: workload.holdBack === true
})
await Effect.runPromise(exercise)
const measure = await workload.prepare({ ...variant, context: Context.merge(services, variant.context) })

process.on("message", ({ share }: { readonly share: number }) => {
  void measure(share).then((sample) => process.send?.(sample))
})
process.on("disconnect", () => process.exit())
process.send?.({ ready: true })
