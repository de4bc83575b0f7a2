import type { EndedSpan, SpanEvent } from "../../model/index.ts"
import { textAt, textOf } from "./attributeText.ts"
import { formatDuration } from "./formatDuration.ts"
import { neutralise } from "./terminalText.ts"

const said = (type: string | undefined, message: string | undefined): string | undefined => {
  if (message === undefined || message === "") return type
  return type === undefined || message.startsWith(type) || /^\d+$/.test(type) ? message : `${type}: ${message}`
}

const isException = (event: SpanEvent): boolean => event.name === "exception"

const exceptionText = (event: SpanEvent): string | undefined =>
  said(textOf(event.attributes?.get("exception.type")), textOf(event.attributes?.get("exception.message")))

/**
 * Says what went wrong in a span whose status is error, or `undefined` where the span gives no message.
 *
 * @category layout
 * @since 0.1.0
 */
export const errorMessageOf = (span: EndedSpan): string | undefined => {
  if (span.statusCode !== "error") return undefined
  const text = span.statusMessage === undefined || span.statusMessage === ""
    ? span.events.filter(isException).map(exceptionText).at(-1)
    : said(textAt(span, "error.type"), span.statusMessage)
  return text === undefined ? undefined : neutralise(text)
}

const waits = /retry|wait|back.?off|rate.?limit|throttl/i
/** Waits for one's turn are the rule, not news. */
const usualWaits: ReadonlySet<string> = new Set(["politeness", "crawl_delay"])

const describeEvent = (span: EndedSpan, event: SpanEvent): string | undefined => {
  const attributes = event.attributes
  if (isException(event)) {
    const message = textOf(attributes?.get("exception.message"))
    const isTheError = span.statusCode === "error" &&
      (span.statusMessage === undefined || span.statusMessage === "" || span.statusMessage === message)
    return isTheError ? undefined : exceptionText(event)
  }
  const get = (key: string): string => textOf(attributes?.get(key)) ?? "?"
  switch (event.name) {
    case "scraper.wait": {
      const duration = Number(attributes?.get("scraper.wait.duration") ?? 0) * 1000
      const reason = get("scraper.wait.reason")
      return usualWaits.has(reason) ? undefined : `waits ${formatDuration(duration)} (${reason})`
    }
    case "scraper.retry":
      return `attempt ${get("scraper.retry.attempt")} failed: ${get("scraper.retry.reason")}`
    case "scraper.robots.forbidden":
      return `robots.txt forbids ${get("scraper.robots.url")}`
  }
  if (!waits.test(event.name)) return undefined
  const pairs = Array.from(attributes ?? [], ([key, value]) => `${key}=${textOf(value) ?? ""}`)
  return [event.name, ...pairs.slice(0, 4)].join(" ")
}

/**
 * Says the events of a span that are worth a line: exceptions (those that are not the span's error itself), attempts
 * that failed, and waits before another attempt.
 *
 * @category layout
 * @since 0.1.0
 */
export const noteworthyEvents = (span: EndedSpan): ReadonlyArray<string> =>
  span.events.flatMap((event) => {
    const text = describeEvent(span, event)
    if (text === undefined) return []
    return [neutralise(`+${formatDuration(Number(event.time - span.startTime) / 1e6)} ${text}`)]
  })
