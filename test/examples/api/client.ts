import { Effect, Schema } from "effect"
import { Job } from "../../../examples/scraper-api/api/Job.ts"
import type { Child } from "../child.ts"

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

/** Asks as `curl` does. */
export const ask = (url: string, init: RequestInit = {}): Effect.Effect<Answer> =>
  Effect.promise(async () => {
    const response = await fetch(url, init)
    const text = await response.text()
    const isJson = /json/u.test(response.headers.get("content-type") ?? "")
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
  })

/** Posts as `curl --json` does. */
export const post = (url: string, body: string, headers: Record<string, string> = {}): Effect.Effect<Answer> =>
  ask(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } })

export const decodeJob = Schema.decodeUnknownSync(Job)

/** Reads a job again and again until it is as it should be. */
export const jobThat = (url: string, is: (job: Job) => boolean): Effect.Effect<Job> =>
  Effect.repeat(Effect.delay(Effect.map(ask(url), ({ json }) => decodeJob(json)), 50), { until: is })

export interface Places {
  readonly url: string
  readonly siteUrl: string
  readonly databaseUrl: string
}

/** Waits until the service has said where it is. */
export const ready = (service: Child): Effect.Effect<Places> =>
  Effect.map(service.shows(/Ctrl-C stops/u), () => {
    const place = (pattern: RegExp) => pattern.exec(service.stdout())?.[1] ?? ""
    return {
      url: place(/^Scraper API at (\S+)$/mu),
      siteUrl: place(/^ {2}site +(\S+)/mu),
      databaseUrl: place(/^ {2}database +(\S+)/mu)
    }
  })
