import { Cache, Context, Effect, Layer } from "effect"
import { Scraper } from "effect-tracing/scraper"
import robotsParser from "robots-parser"
import type { RequestFailed } from "../errors.ts"
import { Fetcher, userAgent } from "./Fetcher.ts"
import { Politeness } from "./Politeness.ts"

// The package is a CommonJS function, which its types declare as an ES module's default export.
const parseRobots = robotsParser as unknown as typeof robotsParser.default

/**
 * What a host's robots.txt says.
 *
 * @category models
 * @since 0.1.0
 */
export interface RobotsRules {
  readonly allows: (url: string) => boolean
  readonly sitemaps: ReadonlyArray<string>
  readonly crawlDelaySeconds: number | undefined
}

const everything: RobotsRules = { allows: () => true, sitemaps: [], crawlDelaySeconds: undefined }
const nothing: RobotsRules = { allows: () => false, sitemaps: [], crawlDelaySeconds: undefined }

/**
 * Reads the text of a robots.txt.
 *
 * @category conversions
 * @since 0.1.0
 */
export const robotsRules = (url: string, text: string): RobotsRules => {
  const robots = parseRobots(url, text)
  const crawlDelay = robots.getCrawlDelay(userAgent)
  return {
    allows: (url) => robots.isAllowed(url, userAgent) !== false,
    sitemaps: robots.getSitemaps(),
    crawlDelaySeconds: crawlDelay !== undefined && crawlDelay > 0 ? crawlDelay : undefined
  }
}

/**
 * Knows what every host allows, and keeps {@link Politeness} to its Crawl-delay.
 *
 * @category services
 * @since 0.1.0
 */
export class Robots extends Context.Service<Robots, {
  /** Reads the robots.txt of a URL's host, once. Fails where the host cannot be reached. */
  readonly rules: (url: URL) => Effect.Effect<RobotsRules, RequestFailed>
  /** Whether a URL may be asked for. What cannot be known because the host is down is left to the request to find out. */
  readonly allows: (url: URL) => Effect.Effect<boolean>
}>()("wordpress-scraper/network/Robots") {
  static readonly layerNoDependencies: Layer.Layer<Robots, never, Fetcher | Politeness> = Layer.effect(
    Robots,
    Effect.gen(function*() {
      const fetcher = yield* Fetcher
      const politeness = yield* Politeness

      const read = Effect.fn("read_robots_txt")(
        function*(origin: string): Effect.fn.Return<RobotsRules, RequestFailed> {
          const rules = yield* fetcher.get(`${origin}/robots.txt`, {
            accept: "text/plain,*/*;q=0.5",
            // RFC 9309: no robots.txt (4xx) allows everything, a broken server (5xx) nothing.
            read: (answer) => Effect.succeed(answer.status < 300 ? robotsRules(answer.url, answer.body) : everything)
          }).pipe(
            Effect.catchIf((error) => error.kind === "refused", () => Effect.succeed(nothing))
          )
          yield* Scraper.robots({ host: new URL(origin).host, crawlDelaySeconds: rules.crawlDelaySeconds })
          if (rules.crawlDelaySeconds !== undefined) {
            yield* politeness.slowDown(new URL(origin), rules.crawlDelaySeconds * 1000)
          }
          return rules
        }
      )

      const known = yield* Cache.make({ capacity: 1000, lookup: read })

      const rules = (url: URL) => Cache.get(known, url.origin)
      return Robots.of({
        rules,
        allows: (url) =>
          Effect.matchEffect(rules(url), {
            onSuccess: (rules) =>
              rules.allows(url.href) ? Effect.succeed(true) : Effect.as(Scraper.robotsForbade(url.href), false),
            onFailure: () => Effect.succeed(true)
          })
      })
    })
  )
}
