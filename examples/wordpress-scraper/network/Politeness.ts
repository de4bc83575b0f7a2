import { Clock, Context, Effect, Layer } from "effect"
import { Scraper } from "effect-tracing/scraper"
import type { WaitReason } from "effect-tracing/scraper"

/** Between two requests to one host, where its robots.txt does not say otherwise: ten a second. */
const usualIntervalMillis = 100

/** The same for this machine, which is one's own. */
const loopbackIntervalMillis = 10

interface Host {
  intervalMillis: number
  intervalReason: WaitReason
  /** When the next request may be made. */
  nextMillis: number
  nextReason: WaitReason
}

const isLoopback = (host: string): boolean =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/u.test(host) || host.endsWith(".localhost")

/**
 * Keeps requests to one host apart, however many fibers make them.
 *
 * @category services
 * @since 0.1.0
 */
export class Politeness extends Context.Service<Politeness, {
  /** Waits for one's turn to ask the host of `url`. */
  readonly turn: (url: URL) => Effect.Effect<void>
  /** Leaves the host alone for a while, as it asked to. */
  readonly pause: (url: URL, millis: number) => Effect.Effect<void>
  /** Keeps requests as far apart as the host's robots.txt asks. */
  readonly slowDown: (url: URL, crawlDelayMillis: number) => Effect.Effect<void>
}>()("wordpress-scraper/network/Politeness") {
  static readonly layer: Layer.Layer<Politeness> = Layer.sync(Politeness, () => {
    const hosts = new Map<string, Host>()
    const hostOf = (url: URL): Host => {
      const known = hosts.get(url.host)
      if (known !== undefined) return known
      const host: Host = {
        intervalMillis: isLoopback(url.host) ? loopbackIntervalMillis : usualIntervalMillis,
        intervalReason: "politeness",
        nextMillis: 0,
        nextReason: "politeness"
      }
      hosts.set(url.host, host)
      return host
    }

    const turn = Effect.fnUntraced(function*(url: URL): Effect.fn.Return<void> {
      const host = hostOf(url)
      const arrived = yield* Clock.currentTimeMillis
      let now = arrived
      // A pause may be asked for while one waits: look again before going.
      while (true) {
        const reason = host.nextReason
        const wait = host.nextMillis - now
        if (wait <= 0) break
        yield* Effect.sleep(wait)
        yield* Scraper.waited(reason, wait)
        now = yield* Clock.currentTimeMillis
      }
      host.nextMillis = now + host.intervalMillis
      host.nextReason = host.intervalReason
    })

    return Politeness.of({
      turn,
      pause: Effect.fnUntraced(function*(url, millis) {
        const host = hostOf(url)
        const until = (yield* Clock.currentTimeMillis) + millis
        if (until <= host.nextMillis) return
        host.nextMillis = until
        host.nextReason = "retry_after"
      }),
      slowDown: (url, crawlDelayMillis) =>
        Effect.sync(() => {
          const host = hostOf(url)
          host.intervalMillis = Math.max(host.intervalMillis, crawlDelayMillis)
          host.intervalReason = "crawl_delay"
        })
    })
  })
}
