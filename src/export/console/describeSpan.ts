import type { AttributeValue, EndedSpan, SpanEvent } from "../../model/index.ts"
import { formatDuration } from "./formatDuration.ts"
import { neutralise } from "./terminalText.ts"

/**
 * How much a piece of text matters, from what is there for completeness to what is wrong.
 *
 * @category models
 * @since 0.1.0
 */
export type Tone = "quiet" | "notable" | "wrong"

/**
 * A short piece of what a waterfall says of a span beside its name and duration.
 *
 * @category models
 * @since 0.1.0
 */
export interface Detail {
  readonly text: string
  readonly tone: Tone
  /** Where it is cut if there is no room for all of it; the end of an address tells more than its beginning. */
  readonly cutAt: "start" | "end"
}

const detail = (text: string, tone: Tone = "quiet", cutAt: "start" | "end" = "end"): Detail => ({
  text: neutralise(text),
  tone,
  cutAt
})

const textOf = (value: AttributeValue.AttributeValue | undefined): string | undefined =>
  value === undefined || value === ""
    ? undefined
    : Array.isArray(value)
    ? `[${value.join(", ")}]`
    : String(value)

const textAt = (span: EndedSpan, ...keys: ReadonlyArray<string>): string | undefined => {
  for (const key of keys) {
    const text = textOf(span.attributes.get(key))
    if (text !== undefined) return text
  }
  return undefined
}

const numberAt = (span: EndedSpan, key: string): number | undefined => {
  const value = span.attributes.get(key)
  return typeof value === "number" ? value : undefined
}

const describeHttp = (span: EndedSpan): Array<Detail> => {
  const details: Array<Detail> = []
  const status = numberAt(span, "http.response.status_code")
  if (status !== undefined) details.push(detail(String(status), status >= 400 ? "wrong" : "quiet"))
  const resends = numberAt(span, "http.request.resend_count")
  if (resends !== undefined && resends > 0) details.push(detail(`resend ${resends}`, "notable"))
  const query = textAt(span, "url.query")
  const path = textAt(span, "url.path")
  const place = span.kind === "server" && path !== undefined
    ? path + (query === undefined ? "" : `?${query.replace(/^\?/, "")}`)
    : textAt(span, "url.full")?.replace(/^[a-z]+:\/\/(?:[^/?#@]*@)?/, "").replace(/\/$/, "") ??
      textAt(span, "url.path", "server.address")
  if (place !== undefined) details.push(detail(place, "quiet", "start"))
  return details
}

const describeDatabase = (span: EndedSpan): Array<Detail> => {
  const details: Array<Detail> = []
  const sqlState = textAt(span, "db.response.status_code")
  if (sqlState !== undefined && span.statusCode === "error") details.push(detail(sqlState, "wrong"))
  const rows = numberAt(span, "db.response.returned_rows")
  if (rows !== undefined) details.push(detail(rows === 1 ? "1 row" : `${rows} rows`))
  const batch = numberAt(span, "db.operation.batch.size")
  if (batch !== undefined) details.push(detail(`batch of ${batch}`))
  const target = textAt(span, "db.collection.name", "db.namespace")
  if (target !== undefined && !span.name.includes(target)) details.push(detail(target))
  const system = textAt(span, "db.system.name")
  if (details.length === 0 && system !== undefined) details.push(detail(system))
  return details
}

/** Attributes of conventions, which are shown by name above or are no news. */
const conventional =
  /^(?:client|code|db|deployment|effect|error|exception|force_sample|host|http|messaging|network|os|otel|process|rpc|scraper|server|service|session|telemetry|thread|url|user_agent)(?:\.|$)/

const describeOwn = (span: EndedSpan, count: number): Array<Detail> => {
  const details: Array<Detail> = []
  for (const [key, value] of span.attributes) {
    if (details.length === count) break
    const text = conventional.test(key) ? undefined : textOf(value)
    if (text !== undefined) details.push(detail(`${key}=${text}`))
  }
  return details
}

/** What the scraper's own vocabulary says: how the item or the fetch came out. */
const describeScraper = (span: EndedSpan): Array<Detail> => {
  const outcome = textAt(span, "scraper.outcome")
  if (outcome === undefined) return []
  const dull = /^(?:ok|success|stored|scraped|unchanged)$/.test(outcome)
  return [detail(outcome, span.statusCode === "error" ? "wrong" : dull ? "quiet" : "notable")]
}

const describeOutcome = (span: EndedSpan, messageShown: boolean): Array<Detail> => {
  if (span.attributes.get("effect.fiber.interrupted") === true) return [detail("interrupted", "notable")]
  const errorType = textAt(span, "error.type")
  const isStatus = errorType === textAt(span, "http.response.status_code", "db.response.status_code")
  return errorType === undefined || isStatus || messageShown
    ? []
    : [detail(errorType, span.statusCode === "error" ? "wrong" : "notable")]
}

const describeLinks = (span: EndedSpan): Array<Detail> => {
  const other = span.links.find((link) => link.traceId !== span.traceId)
  if (other === undefined) return []
  const more = span.links.length - 1
  return [detail(`↗ ${other.traceId.slice(0, 8)}${more > 0 ? ` and ${more} more` : ""}`)]
}

/**
 * Picks the few attributes that tell most about a span, by what kind of work it is: status and address of a request,
 * rows of a query, outcome of a scraped item, otherwise the first attributes of one's own; then the error's type and the
 * trace it is linked to.
 *
 * @param messageShown whether the error's message, which names its type, is shown beside
 *
 * @category layout
 * @since 0.1.0
 */
export const describeSpan = (span: EndedSpan, messageShown: boolean): ReadonlyArray<Detail> => {
  const { attributes } = span
  const ofKind = attributes.has("http.request.method")
    ? describeHttp(span)
    : attributes.has("db.system.name")
    ? describeDatabase(span)
    : []
  const known = [...describeScraper(span), ...describeOutcome(span, messageShown), ...ofKind]
  return [...known, ...describeOwn(span, 2 - Math.min(2, known.length)), ...describeLinks(span)]
}

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

/**
 * Says the events of a span that are worth a line: exceptions (those that are not the span's error itself) and waits
 * before another attempt.
 *
 * @category layout
 * @since 0.1.0
 */
export const noteworthyEvents = (span: EndedSpan): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const event of span.events) {
    const at = `+${formatDuration(Number(event.time - span.startTime) / 1e6)}`
    if (isException(event)) {
      const message = textOf(event.attributes?.get("exception.message"))
      const isTheError = span.statusCode === "error" &&
        (span.statusMessage === undefined || span.statusMessage === "" || span.statusMessage === message)
      const text = isTheError ? undefined : exceptionText(event)
      if (text !== undefined) lines.push(neutralise(`${at} ${text}`))
    } else if (waits.test(event.name)) {
      const attributes = Array.from(event.attributes ?? [], ([key, value]) => `${key}=${textOf(value) ?? ""}`)
      lines.push(neutralise([at, event.name, ...attributes.slice(0, 4)].join(" ")))
    }
  }
  return lines
}
