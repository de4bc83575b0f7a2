import type { Troubles } from "./troubles.ts"

/**
 * Describes what the site is like; every part of it may be left out.
 *
 * @category models
 * @since 0.1.0
 */
export interface SiteOptions {
  /** The port to listen on, on 127.0.0.1. Default: 0, a free one. */
  readonly port?: number
  /** The least and the most time an answer takes, in milliseconds, if `latency` is among the troubles. Default: 5 to 40. */
  readonly latencyMillis?: readonly [low: number, high: number]
  /** What the content, the latencies and the nonces are drawn from. Default: 1. */
  readonly seed?: number
  /** What goes wrong. Default: `demo`. */
  readonly faults?: "demo" | "none" | "hostile"
  /** Single troubles switched on or off on top of `faults`. */
  readonly troubles?: Partial<Troubles>
  /** Whether the REST API answers, refuses with 401, or is not there. Default: `open`. */
  readonly rest?: "open" | "closed-401" | "closed-404"
  /** Whether addresses are paths or queries (`?p=12`, `?rest_route=/wp/v2/posts`). Default: `pretty`. */
  readonly permalinks?: "pretty" | "plain"
  /** The folder WordPress is installed in, such as `/blog`. Default: none, it is at the root. */
  readonly subdirectory?: string
  /** The `Crawl-delay` in robots.txt, in seconds. Default: none. */
  readonly crawlDelaySeconds?: number
  /** How many addresses a sitemap may list, 1 or more. Default: 2000, as in WordPress. */
  readonly sitemapSize?: number
}
