import type { Attribute } from "./Attribute.ts"

const own = (name: string, type: Attribute["type"], description: string, unit?: string): Attribute => ({
  name,
  type,
  source: "effect-tracing",
  description,
  unit
})

/** What this package says of spans, events and links that no convention has a name for. */
export const ownAttributes: ReadonlyArray<Attribute> = [
  own("effect.sql.transaction.outcome", "string", "How a transaction ended: `commit`, `savepoint`, `rollback`."),
  own("effect.sql.connection.wait_ms", "double", "How long a statement waited for a connection.", "ms"),
  own("effect.http_api.group", "string", "The group of an `HttpApi` endpoint, where the API is made known."),
  own("effect.http_api.endpoint", "string", "The endpoint of an `HttpApi`, where the API is made known."),
  own("effect.fiber.interrupted", "boolean", "Whether the work was given up and not finished."),
  own("http.request.span_id", "string", "On the event `http.response.body`: the span of the request."),
  own(
    "http.response.body.duration_ms",
    "double",
    "On the event `http.response.body`: how long the body took after the headers.",
    "ms"
  ),
  own("http.response.body.complete", "boolean", "On the event `http.response.body`: whether all of it arrived."),
  own(
    "sampling.kept_for",
    "string",
    "Why a trace was kept in spite of its sampler: `error`, `slow`, `event`, `forced`, `linked`."
  ),
  own(
    "sampling.adjusted_count",
    "int",
    "How many spans this one stands for: 0 where it was kept out of turn.",
    "{span}"
  ),
  own("span.unfinished", "boolean", "Whether the span was exported before it ended."),
  own("span.trimmed", "boolean", "Whether the span was too large to be sent whole."),
  own("span.budget.dropped_children", "int", "How many spans below were left out of a trace too large.", "{span}"),
  own("span.budget.dropped_duration_ms", "double", "How long those spans lasted in all.", "ms"),
  own("correlation.id", "string", "What ties together the work of one cause, across traces and processes."),
  own("work.run.trace_id", "string", "The trace of the run an item of work belongs to, in hexadecimal digits."),
  own(
    "link.type",
    "string",
    "On a link: what the other span is, `run` for that of the run, `message` for a message's sender."
  ),
  own("log.severity", "string", "On the event `log`: the level of the line, `INFO`, `WARN`."),
  own("log.message", "string", "On the event `log`: the line, at most 1024 characters of it."),
  own("cache.key", "string", "The key that was asked for, as it is or as a hash."),
  own("cache.hit", "boolean", "Whether the cache had it."),
  own("error.category", "string", "What kind of failure the program says it was."),
  own("error.recoverable", "boolean", "Whether the program can go on after it."),
  own("retry.attempt", "int", "On the event `attempting_retry`: which retry comes next, from 1.", "{attempt}"),
  own("retry.delay_ms", "double", "On the event `attempting_retry`: how long until it comes.", "ms"),
  own("scraper.item.type", "string", "The kind of the item, for example `post`."),
  own("scraper.item.id", "string", "The item's id on its site, as the site writes it."),
  own("scraper.item.url", "string", "The item's address, as it was discovered."),
  own("scraper.outcome", "string", "What came of the item: `scraped`, `unchanged`, `gone` or `failed`."),
  own("scraper.outcome.reason", "string", "Why the item is gone or failed."),
  own("scraper.attempts", "int", "How many attempts all the requests of the span took.", "{attempt}"),
  own("scraper.waited", "double", "How long the span waited in all: its turn, a server's wish, another attempt.", "s"),
  own(
    "scraper.wait.reason",
    "string",
    "On the event `scraper.wait`: `politeness`, `crawl_delay`, `retry_after`, `back_off`."
  ),
  own("scraper.wait.duration", "double", "On the event `scraper.wait`: how long it took.", "s"),
  own("scraper.retry.reason", "string", "On the event `scraper.retry`: why the attempt before failed."),
  own("scraper.retry.attempt", "int", "On the event `scraper.retry`: which attempt failed, from 1.", "{attempt}"),
  own("scraper.robots.host", "string", "On the event `scraper.robots`: whose robots.txt was read."),
  own("scraper.robots.crawl_delay", "double", "On the event `scraper.robots`: how far apart requests are to be.", "s"),
  own("scraper.robots.url", "string", "On the event `scraper.robots.forbidden`: the address that is forbidden.")
]
