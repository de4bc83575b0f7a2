import type { Balance } from "../../ledger/index.ts"
import { lost } from "../../ledger/index.ts"

/** Failing for so long, in milliseconds, is worth a word at the end even if nothing was lost. */
const longOutage = 10_000

const parts = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`).join(", ")

/**
 * What the line at the end of the process is made from.
 */
export interface ExitFacts {
  readonly balance: Balance
  /** How long an exporter had been failing at the worst, in milliseconds. */
  readonly longestOutageMillis: number
  /** `TRACING_EXIT_REPORT` */
  readonly report: "always" | "loss" | "never"
}

/**
 * Says in one line what became of the spans of a process that ends now; `undefined` where there is nothing to say. What is
 * not delivered by now is lost.
 */
export const exitLine = ({ balance, longestOutageMillis, report }: ExitFacts): string | undefined => {
  const { active, exported, inFlight, keptBack, maybeDoubled, queued, rejected, spooled, started } = balance
  const undelivered = { "still open": active, "not yet decided about": keptBack, "not yet sent": queued + inFlight }
  const isQuiet = lost(balance) + active + queued + inFlight + maybeDoubled === 0 && longestOutageMillis < longOutage
  if (report === "never" || report === "loss" && isQuiet) return undefined
  const { no_exporter: _, span_budget: __, ...losses } = balance.dropped
  const lostSpans = parts({ ...losses, "refused by the collector": rejected, ...undelivered })
  return [
    `Tracing: of ${started} spans ${exported} were exported`,
    spooled > 0 ? `, ${spooled} are on disk for the next start` : "",
    lostSpans === "" ? ", none was lost" : `; lost: ${lostSpans}`,
    maybeDoubled > 0 ? `; ${maybeDoubled} may have arrived twice` : "",
    longestOutageMillis >= longOutage
      ? `; the collector failed for up to ${Math.round(longestOutageMillis / 1000)} s`
      : ""
  ].join("")
}
