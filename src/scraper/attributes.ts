/**
 * The kind of the item, for example `post`.
 *
 * Type: string.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_ITEM_TYPE = "scraper.item.type"

/**
 * The item's id on its site, as the site writes it.
 *
 * Type: string.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_ITEM_ID = "scraper.item.id"

/**
 * The item's address, as it was discovered.
 *
 * Type: string (URL).
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_ITEM_URL = "scraper.item.url"

/**
 * What came of the item: `scraped`, `unchanged`, `gone` or `failed`.
 *
 * Type: string.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_OUTCOME = "scraper.outcome"

/**
 * Why the item is gone or failed.
 *
 * Type: string.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_OUTCOME_REASON = "scraper.outcome.reason"

/**
 * How many attempts were made at all the requests of the span together.
 *
 * Type: int. Unit: attempts.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_ATTEMPTS = "scraper.attempts"

/**
 * How long the span has waited in all: for its turn, because a server asked, before another attempt.
 *
 * Type: double. Unit: seconds.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_WAITED = "scraper.waited"

/**
 * Why there was a wait: `politeness`, `crawl_delay`, `retry_after` or `back_off`. On the event {@link EVENT_SCRAPER_WAIT}.
 *
 * Type: string.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_WAIT_REASON = "scraper.wait.reason"

/**
 * How long one wait took. On the event {@link EVENT_SCRAPER_WAIT}.
 *
 * Type: double. Unit: seconds.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_WAIT_DURATION = "scraper.wait.duration"

/**
 * Why the attempt before this event failed. On the event {@link EVENT_SCRAPER_RETRY}.
 *
 * Type: string.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_RETRY_REASON = "scraper.retry.reason"

/**
 * Which attempt failed, from 1. On the event {@link EVENT_SCRAPER_RETRY}.
 *
 * Type: int.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_RETRY_ATTEMPT = "scraper.retry.attempt"

/**
 * Whose robots.txt was read. On the event {@link EVENT_SCRAPER_ROBOTS}.
 *
 * Type: string (host, and port where it is not the usual one).
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_ROBOTS_HOST = "scraper.robots.host"

/**
 * How far apart a robots.txt asks requests to be. On the event {@link EVENT_SCRAPER_ROBOTS}.
 *
 * Type: double. Unit: seconds.
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_ROBOTS_CRAWL_DELAY = "scraper.robots.crawl_delay"

/**
 * The address that robots.txt forbids. On the event {@link EVENT_SCRAPER_ROBOTS_FORBIDDEN}.
 *
 * Type: string (URL).
 *
 * @category attributes
 * @since 0.1.0
 */
export const ATTR_SCRAPER_ROBOTS_URL = "scraper.robots.url"

/**
 * The event of one wait.
 *
 * @category events
 * @since 0.1.0
 */
export const EVENT_SCRAPER_WAIT = "scraper.wait"

/**
 * The event of an attempt that failed and is followed by another.
 *
 * @category events
 * @since 0.1.0
 */
export const EVENT_SCRAPER_RETRY = "scraper.retry"

/**
 * The event of a robots.txt that was read.
 *
 * @category events
 * @since 0.1.0
 */
export const EVENT_SCRAPER_ROBOTS = "scraper.robots"

/**
 * The event of a request that was not made because robots.txt forbids it.
 *
 * @category events
 * @since 0.1.0
 */
export const EVENT_SCRAPER_ROBOTS_FORBIDDEN = "scraper.robots.forbidden"
