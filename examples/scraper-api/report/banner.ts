import type { Terminal } from "../../wordpress-scraper/report/Terminal.ts"

/** What a person who has just started the service wants to know. */
export interface BannerOptions {
  /** Where the service listens: `http://127.0.0.1:4000`. */
  readonly url: string
  /** The embedded site; none where it was told not to start. */
  readonly siteUrl: string
  readonly databaseUrl: string
  /** Whether the database ends with the process. */
  readonly fleeting: boolean
  readonly workers: number
  /** Where spans go. */
  readonly spans: string
}

/**
 * Says what is where, and what to try.
 *
 * @category conversions
 * @since 0.1.0
 */
export const bannerText = (options: BannerOptions, { colors }: Terminal["Service"]): string => {
  const { url } = options
  const place = (name: string, text: string) => `  ${name.padEnd(17)}${text}`
  const command = (text: string, meaning: string) => `  ${colors.cyan(text)}\n      ${colors.dim(meaning)}`
  return [
    "",
    colors.bold(`Scraper API at ${url}`),
    "",
    place("API", `${url}/jobs`),
    place("documentation", `${url}/docs   (OpenAPI: ${url}/openapi.json)`),
    place("observability", `${url}/observability/overview, /components, /tracing`),
    place("health, metrics", `${url}/healthz, /readyz, /metrics`),
    place("site", `${options.siteUrl}   (embedded, looks and fails like a real WordPress)`),
    place("database", `${options.databaseUrl}${options.fleeting ? "   (embedded, ends with this process)" : ""}`),
    place("workers", options.workers === 0 ? "none in this process" : `${options.workers} in this process`),
    place("spans", options.spans),
    "",
    "Try, in another terminal:",
    "",
    command(
      `curl -i ${url}/jobs --json '{"url":"${options.siteUrl}","limit":12}'`,
      "submits a job; the answer has its id, X-Correlation-ID and X-Trace-ID"
    ),
    command(`curl -s ${url}/jobs/1`, "reads it: its state, attempts with their traces, and result"),
    command(
      `curl -s ${url}/observability/overview`,
      "what the service does and how tracing fares; /metrics for Prometheus"
    ),
    "",
    colors.dim("Every job is shown here as it ends. Ctrl-C stops."),
    ""
  ].join("\n")
}
