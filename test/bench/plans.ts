import type { VariantName } from "./variants.ts"
import type { WorkloadName } from "./workloads.ts"

/** One table: a workload, the tracers compared in it, and what of their samples is shown. */
export interface Plan {
  readonly name: WorkloadName | "startup"
  readonly title: string
  readonly variants: ReadonlyArray<VariantName>
  readonly rounds: number
  /** Rounds that only warm up. */
  readonly warmUps: number
  /** Rounds of a quick run. */
  readonly quickRounds: number
  /** Processes of each tracer that take turns: code is optimised in one of several ways in each, some slower by half. */
  readonly processes: number
  /** The figures of a sample that the table has, with their units; of the first, medians are compared. */
  readonly figures: Readonly<Record<string, string>>
  readonly execArgv?: ReadonlyArray<string>
}

const effectTracers: ReadonlyArray<VariantName> = ["none", "stock", "OtlpTracer", "ours"]
const mendedTracers: ReadonlyArray<VariantName> = [
  "none",
  "Effect's spans, kept nowhere",
  "stock",
  "OtlpTracer",
  "ours"
]
const allTracers: ReadonlyArray<VariantName> = ["none", "stock", "OtlpTracer", "OpenTelemetry JS", "ours"]
const micros = { micros: "µs CPU" }
/** Of machines that are shared the speed changes by half for seconds at a time: enough rounds to have both in each median. */
const many = { rounds: 45, warmUps: 10 }
const usual = { rounds: 21, quickRounds: 5, warmUps: 6, processes: 3, figures: micros, execArgv: ["--expose-gc"] }

/** All tables, in order. */
export const plans: ReadonlyArray<Plan> = [
  {
    ...usual,
    name: "operation",
    title: "one operation inside a span",
    variants: effectTracers,
    rounds: 25,
    warmUps: 3,
    processes: 5
  },
  {
    ...usual,
    name: "span",
    title: "a span",
    variants: [
      "none",
      "stock",
      "stock, unsampled",
      "OtlpTracer",
      "OpenTelemetry JS",
      "ours",
      "ours, unsampled",
      "ours, disabled",
      "ours, keep errors at 0.1"
    ],
    ...many
  },
  { ...usual, ...many, name: "bareSpan", title: "a span without stack capture", variants: effectTracers },
  { ...usual, ...many, name: "fullSpan", title: "a span with 10 attributes and 2 events", variants: allTracers },
  { ...usual, name: "redaction", title: "redaction of that span's attributes", variants: ["ours"] },
  { ...usual, ...many, name: "tree", title: "a nested tree of 8 spans", variants: allTracers },
  { ...usual, name: "fibers", title: "100 fibers interleaved, 2 spans each", variants: allTracers },
  { ...usual, name: "sql", title: "a SQL statement, the driver's cost nil", variants: mendedTracers },
  {
    ...usual,
    name: "httpServer",
    title: "an HTTP request served on loopback, 2 spans",
    variants: mendedTracers,
    figures: { micros: "µs CPU", perSecond: "requests/s" }
  },
  {
    ...usual,
    name: "startup",
    title: "from the start of the process to a tracer that is ready",
    variants: ["none", "stock", "OtlpTracer", "OpenTelemetry JS", "ours", "ours, disabled"],
    rounds: 9,
    quickRounds: 3,
    warmUps: 0,
    figures: { millis: "ms CPU", elapsedMillis: "ms elapsed" },
    execArgv: []
  },
  {
    ...usual,
    name: "pending",
    title: "memory of a span with 10 attributes and 2 events that waits to be sent",
    variants: ["stock", "OtlpTracer", "OpenTelemetry JS", "ours"],
    warmUps: 0,
    rounds: 3,
    quickRounds: 1,
    figures: { bytes: "bytes" }
  },
  {
    ...usual,
    name: "allocated",
    title: "bytes allocated for a span until it is in the queue",
    variants: allTracers,
    warmUps: 0,
    rounds: 3,
    quickRounds: 1,
    figures: { bytes: "bytes" },
    execArgv: ["--expose-gc", "--max-semi-space-size=1024", "--min-semi-space-size=1024"]
  },
  {
    ...usual,
    name: "burst",
    processes: 1,
    title: "1,000,000 spans in one burst",
    variants: ["stock", "OtlpTracer", "ours"],
    warmUps: 0,
    rounds: 1,
    quickRounds: 1,
    figures: {
      million: "µs CPU a span of 10^6",
      hundredThousand: "of 10^5",
      tenThousand: "of 10^4",
      delayMillis: "ms longest event-loop delay",
      peakMebibytes: "MiB at most"
    }
  }
]
