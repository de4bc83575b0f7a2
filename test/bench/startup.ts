import type { VariantName } from "./variants.ts"
import { makeVariant } from "./variants.ts"

// From the start of the process to a tracer that is ready: everything a program has to load for it is loaded by then.

const [variantName, endpoint] = process.argv.slice(2)
await makeVariant(variantName as VariantName, { endpoint: endpoint!, holdBack: false })
const { system, user } = process.cpuUsage()
process.send?.({ millis: (user + system) / 1000, elapsedMillis: performance.now() }, () => process.exit())
