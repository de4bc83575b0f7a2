import type { EndedSpan } from "../../model/index.ts"
import { numberAt, textAt, textOf } from "./attributeText.ts"
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

/** An address without scheme, credentials and closing slash; cut at its start, since its end tells more. */
const describeAddress = (url: string | undefined): Array<Detail> =>
  url === undefined
    ? []
    : [detail(url.replace(/^[a-z]+:\/\/(?:[^/?#@]*@)?/, "").replace(/(.)\/$/, "$1"), "quiet", "start")]

const describeHttp = (span: EndedSpan): Array<Detail> => {
  const details: Array<Detail> = []
  const status = numberAt(span, "http.response.status_code")
  if (status !== undefined) {
    details.push(detail(String(status), span.statusCode === "error" ? "wrong" : status >= 400 ? "notable" : "quiet"))
  }
  const resends = numberAt(span, "http.request.resend_count")
  if (resends !== undefined && resends > 0) details.push(detail(`resend ${resends}`, "notable"))
  const query = textAt(span, "url.query")
  const path = textAt(span, "url.path")
  const address = span.kind === "server" && path !== undefined
    ? path + (query === undefined ? "" : `?${query.replace(/^\?/, "")}`)
    : textAt(span, "url.full", "url.path", "server.address")
  details.push(...describeAddress(address))
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
  const collection = textAt(span, "db.collection.name")
  if (collection !== undefined && !span.name.includes(collection)) details.push(detail(collection))
  const database = textAt(span, "db.namespace", "db.system.name")
  if (details.length === 0 && database !== undefined) details.push(detail(database))
  return details
}

const describeMessage = (span: EndedSpan): Array<Detail> => {
  const id = textAt(span, "messaging.message.id")
  return id === undefined ? [] : [detail(`message ${id}`)]
}

/** Attributes of conventions, which are shown by name above or are no news. */
const conventional =
  /^(?:client|code|correlation|db|deployment|effect|error|exception|force_sample|host|http|messaging|network|os|otel|process|rpc|scraper|server|service|session|telemetry|thread|url|user_agent|work\.run)(?:\.|$)/

const describeOwn = (span: EndedSpan, count: number): Array<Detail> => {
  const details: Array<Detail> = []
  for (const [key, value] of span.attributes) {
    if (details.length === count) break
    const text = conventional.test(key) ? undefined : textOf(value)
    if (text !== undefined) details.push(detail(`${key}=${text}`))
  }
  return details
}

/** The vocabulary of scraping: how the item came out, which item it was, what it took. */
const describeScraper = (span: EndedSpan): Array<Detail> => {
  const details: Array<Detail> = []
  const outcome = textAt(span, "scraper.outcome")
  if (outcome !== undefined) {
    const reason = textAt(span, "scraper.outcome.reason")
    details.push(detail(
      reason === undefined || span.statusCode === "error" ? outcome : `${outcome}: ${reason}`,
      outcome === "failed" ? "wrong" : outcome === "gone" ? "notable" : "quiet"
    ))
  }
  // Without another attempt at the same, it only counts the requests of the span.
  const attempts = span.events.some(({ name }) => name === "scraper.retry")
    ? numberAt(span, "scraper.attempts")
    : undefined
  if (attempts !== undefined) details.push(detail(`${attempts} attempts`, "notable"))
  const waited = numberAt(span, "scraper.waited")
  if (waited !== undefined && waited > 0) details.push(detail(`waited ${formatDuration(waited * 1000)}`))
  const item = [textAt(span, "scraper.item.type"), textAt(span, "scraper.item.id")].filter((text) => text !== undefined)
  if (item.length > 0) details.push(detail(item.join(" ")))
  else if (outcome !== undefined) details.push(...describeAddress(textAt(span, "scraper.item.url")))
  return details
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
  const run = other.traceId === span.attributes.get("work.run.trace_id") ? "run " : ""
  return [detail(`↗ ${run}${other.traceId.slice(0, 8)}${more > 0 ? ` and ${more} more` : ""}`)]
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
    : describeMessage(span)
  const known = [...describeScraper(span), ...describeOutcome(span, messageShown), ...ofKind]
  return [...known, ...describeOwn(span, 2 - Math.min(2, known.length)), ...describeLinks(span)]
}
