import { plans } from "./plans.ts"
import type { VariantResult, WorkloadResult } from "./rounds.ts"
import type { VariantName } from "./variants.ts"

export type Results = Readonly<Record<string, WorkloadResult>>

const digits = (value: number): string =>
  Math.abs(value) >= 1000 ? value.toFixed(0) : Math.abs(value) >= 100 ? value.toFixed(1) : value.toFixed(2)

const median = (results: Results, plan: string, variant: VariantName, figure = "micros"): number =>
  results[plan]?.[variant]?.figures[figure]?.median ?? Number.NaN

const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row, index) => {
    const line = row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))
    const rule = index === 0 ? `\n|${widths.map((width) => "-".repeat(width + 2)).join("|")}|` : ""
    return `| ${line.join(" | ")} |${rule}`
  }).join("\n")
}

const lost = ({ arrived, sent }: VariantResult): string =>
  sent === 0 || arrived === 0 ? "" : String(Math.max(0, sent - arrived))

/** A table for each workload, in Markdown. */
export const renderTables = (results: Results): string =>
  plans.filter(({ name }) => results[name] !== undefined).map((plan) => {
    const result = results[plan.name]!
    const [first] = Object.keys(plan.figures)
    const none = result.none?.figures[first!]?.median
    const head = [
      plan.title,
      ...Object.values(plan.figures).flatMap((unit) => [unit, "±"]),
      "/ none",
      "lost"
    ]
    const rows = plan.variants.map((variant) => {
      const own = result[variant]!
      return [
        variant,
        ...Object.keys(plan.figures).flatMap((figure) => {
          const summary = own.figures[figure]
          return summary === undefined ? ["", ""] : [digits(summary.median), digits(summary.deviation)]
        }),
        none === undefined ? "" : (own.figures[first!]!.median / none).toFixed(2),
        // What a sampler left out is not lost.
        variant === "ours, keep errors at 0.1" ? "" : lost(own)
      ]
    })
    return `\n${table([head, ...rows])}`
  }).join("\n")

interface Goal {
  readonly title: string
  readonly value: number
  readonly bound: number
  readonly isLeast?: boolean
}

const goalsOf = (results: Results): ReadonlyArray<Goal> => {
  const of = (plan: string, variant: VariantName, figure?: string) => median(results, plan, variant, figure)
  const added = (plan: string, variant: VariantName) => of(plan, variant) - of(plan, "none")
  const addedTo = (plan: string, other: VariantName) => added(plan, "ours") / added(plan, other)
  return [
    {
      title: "an operation inside a span / without tracer",
      value: of("operation", "ours") / of("operation", "none"),
      bound: 1.05
    },
    { title: "what a span adds / what stock adds", value: addedTo("span", "stock"), bound: 0.3 },
    { title: "what a span adds / what OtlpTracer adds", value: addedTo("span", "OtlpTracer"), bound: 1 },
    { title: "what a span without stack capture adds / stock's", value: addedTo("bareSpan", "stock"), bound: 0.3 },
    { title: "what a full span adds / stock's", value: addedTo("fullSpan", "stock"), bound: 0.3 },
    { title: "what a nested tree adds / stock's", value: addedTo("tree", "stock"), bound: 0.3 },
    { title: "unsampled / without tracer", value: of("span", "ours, unsampled") / of("span", "none"), bound: 1.1 },
    { title: "disabled / without tracer", value: of("span", "ours, disabled") / of("span", "none"), bound: 1.02 },
    {
      title: "keep errors, healthy, at 0.1: added / stock's sampled",
      value: added("span", "ours, keep errors at 0.1") / added("span", "stock"),
      bound: 0.25
    },
    {
      title: "start-up / stock's",
      value: of("startup", "ours", "millis") / of("startup", "stock", "millis"),
      bound: 0.8
    },
    {
      title: "memory of a waiting span / stock's",
      value: of("pending", "ours", "bytes") / of("pending", "stock", "bytes"),
      bound: 0.5
    },
    {
      title: "HTTP requests a second of CPU / untraced",
      value: of("httpServer", "none") / of("httpServer", "ours"),
      bound: 0.93,
      isLeast: true
    },
    {
      title: "the same of stock, for comparison",
      value: of("httpServer", "none") / of("httpServer", "stock"),
      bound: 0,
      isLeast: true
    },
    {
      title: "the same of Effect's spans, kept nowhere",
      value: of("httpServer", "none") / of("httpServer", "Effect's spans, kept nowhere"),
      bound: 0,
      isLeast: true
    },
    { title: "longest event-loop delay in the burst, ms", value: of("burst", "ours", "delayMillis"), bound: 50 },
    {
      title: "peak memory of the burst, MiB (64 queued + 64)",
      value: of("burst", "ours", "peakMebibytes"),
      bound: 128
    },
    {
      title: "a span of 10^6 / of 10^4",
      value: of("burst", "ours", "million") / of("burst", "ours", "tenThousand"),
      bound: 1.1
    },
    {
      title: "redaction / what a full span adds",
      value: of("redaction", "ours") / added("fullSpan", "ours"),
      bound: 0.15
    }
  ]
}

/** What was to be shown, as far as it was measured. */
export const renderGoals = (results: Results): string => {
  const rows = goalsOf(results).filter(({ value }) => !Number.isNaN(value)).map(({ bound, isLeast, title, value }) => [
    title,
    `${isLeast === true ? "≥" : "≤"} ${bound}`,
    digits(value),
    (isLeast === true ? value >= bound : value <= bound) ? "yes" : "NO"
  ])
  return rows.length === 0 ? "" : `\n${table([["goal", "bound", "measured", "held"], ...rows])}\n`
}
