import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Span } from "effect/Tracer"
import * as Names from "./attributes.ts"

/**
 * What came of an item: stored, found as it was stored before, no longer on the site, or not obtained.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome = "scraped" | "unchanged" | "gone" | "failed"

/**
 * Why a scraper waits: for the rate it keeps, for the rate robots.txt asks for, because the server said when to come back,
 * or to give a failing server time to recover.
 *
 * @category models
 * @since 0.1.0
 */
export type WaitReason = "politeness" | "crawl_delay" | "retry_after" | "back_off"

/**
 * What a scraper knows of an item before it reads it.
 *
 * @category models
 * @since 0.1.0
 */
export interface ItemDescription {
  readonly url: string
  readonly type?: string | undefined
  readonly id?: string | number | undefined
}

/** Does nothing outside a span. */
const withSpan = (f: (span: Span, now: bigint) => void): Effect.Effect<void> =>
  Effect.matchEffect(Effect.currentSpan, {
    onSuccess: (span) => Effect.map(Clock.currentTimeNanos, (now) => f(span, now)),
    onFailure: () => Effect.void
  })

/**
 * Describes an item by the attributes of its span.
 *
 * **Example** (A trace for each item)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Work } from "effect-tracing"
 * import { Scraper } from "effect-tracing/scraper"
 *
 * export const scrape = (url: string) =>
 *   Scraper.outcome("scraped").pipe(
 *     Work.item("scrape_wordpress_post", { attributes: Scraper.item({ url, type: "post" }) })
 *   )
 * ```
 *
 * @category attributes
 * @since 0.1.0
 */
export const item = (description: ItemDescription): Record<string, string> => ({
  [Names.ATTR_SCRAPER_ITEM_URL]: description.url,
  ...(description.type === undefined ? {} : { [Names.ATTR_SCRAPER_ITEM_TYPE]: description.type }),
  ...(description.id === undefined ? {} : { [Names.ATTR_SCRAPER_ITEM_ID]: String(description.id) })
})

/**
 * Says on the current span what came of its item, and why.
 *
 * **Details**
 *
 * The span's status is not touched: whether a `failed` item is an error of the span follows from whether its effect fails.
 *
 * @category verbs
 * @since 0.1.0
 */
export const outcome = (outcome: Outcome, reason?: string): Effect.Effect<void> =>
  Effect.annotateCurrentSpan({
    [Names.ATTR_SCRAPER_OUTCOME]: outcome,
    ...(reason === undefined ? {} : { [Names.ATTR_SCRAPER_OUTCOME_REASON]: reason })
  })

/**
 * Counts one attempt at a request on the current span.
 *
 * @category verbs
 * @since 0.1.0
 */
export const attempt: Effect.Effect<void> = withSpan((span) => {
  const before = span.attributes.get(Names.ATTR_SCRAPER_ATTEMPTS)
  span.attribute(Names.ATTR_SCRAPER_ATTEMPTS, (typeof before === "number" ? before : 0) + 1)
})

/**
 * Records on the current span that attempt number `attempt` failed and another follows.
 *
 * @category verbs
 * @since 0.1.0
 */
export const retry = (attempt: number, reason: string): Effect.Effect<void> =>
  withSpan((span, now) =>
    span.event(Names.EVENT_SCRAPER_RETRY, now, {
      [Names.ATTR_SCRAPER_RETRY_ATTEMPT]: attempt,
      [Names.ATTR_SCRAPER_RETRY_REASON]: reason
    })
  )

/** Shorter waits are no event of their own: keeping a polite rate is made of them. In milliseconds. */
const shortestEvent = 50

/**
 * Records on the current span a wait that is over, in milliseconds: added to what the span has waited in all, and as an
 * event if it took 50 milliseconds or more.
 *
 * @category verbs
 * @since 0.1.0
 */
export const waited = (reason: WaitReason, millis: number): Effect.Effect<void> =>
  withSpan((span, now) => {
    const before = span.attributes.get(Names.ATTR_SCRAPER_WAITED)
    const inAll = (typeof before === "number" ? Math.round(before * 1000) : 0) + Math.round(millis)
    span.attribute(Names.ATTR_SCRAPER_WAITED, inAll / 1000)
    if (millis < shortestEvent) return
    span.event(Names.EVENT_SCRAPER_WAIT, now, {
      [Names.ATTR_SCRAPER_WAIT_REASON]: reason,
      [Names.ATTR_SCRAPER_WAIT_DURATION]: Math.round(millis) / 1000
    })
  })

/**
 * Records on the current span what the robots.txt of a host asks for.
 *
 * @category verbs
 * @since 0.1.0
 */
export const robots = (rules: {
  readonly host: string
  readonly crawlDelaySeconds?: number | undefined
}): Effect.Effect<void> =>
  withSpan((span, now) =>
    span.event(Names.EVENT_SCRAPER_ROBOTS, now, {
      [Names.ATTR_SCRAPER_ROBOTS_HOST]: rules.host,
      ...(rules.crawlDelaySeconds === undefined
        ? {}
        : { [Names.ATTR_SCRAPER_ROBOTS_CRAWL_DELAY]: rules.crawlDelaySeconds })
    })
  )

/**
 * Records on the current span that a request was not made because robots.txt forbids it.
 *
 * @category verbs
 * @since 0.1.0
 */
export const robotsForbade = (url: string): Effect.Effect<void> =>
  withSpan((span, now) =>
    span.event(Names.EVENT_SCRAPER_ROBOTS_FORBIDDEN, now, { [Names.ATTR_SCRAPER_ROBOTS_URL]: url })
  )
