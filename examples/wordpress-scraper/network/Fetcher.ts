import { Context, Duration, Effect, Layer, Random, Ref } from "effect"
import { Scraper } from "effect-tracing/scraper"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { RequestFailed } from "../errors.ts"
import type { Reader } from "./Answer.ts"
import { attempt } from "./attempt.ts"
import type { AttemptFailed } from "./attempt.ts"
import { Politeness } from "./Politeness.ts"

/**
 * How the scraper introduces itself. The first word is what a robots.txt addresses.
 *
 * @category constants
 * @since 0.1.0
 */
export const userAgent = "effect-tracing-scraper/0.1"

const maxAttempts = 5
const firstPauseMillis = 250
const maxPauseMillis = 15_000

/** Twice as long each time, and never quite as long for two fibers that failed together. */
const pauseBefore = (attemptNumber: number): Effect.Effect<number> =>
  Effect.map(
    Random.next,
    (random) => Math.min(maxPauseMillis, firstPauseMillis * 2 ** (attemptNumber - 1)) * (0.75 + random / 2)
  )

/** What to do with an answer. */
export interface FetchOptions<A> {
  readonly accept: string
  readonly read: Reader<A>
  /** Whether robots.txt allows a URL. */
  readonly allowed?: ((url: URL) => Effect.Effect<boolean>) | undefined
}

/**
 * Gets answers from the web politely: one rate per host, patience where a server asks for it, new attempts where they may
 * help.
 *
 * @category services
 * @since 0.1.0
 */
export class Fetcher extends Context.Service<Fetcher, {
  /**
   * Gets a URL and reads the answer.
   *
   * **Details**
   *
   * ```text
   * (the caller's span)  events scraper.wait, scraper.retry; attribute scraper.attempts
   *   GET                one for every hop of every attempt
   * ```
   */
  readonly get: <A>(url: string, options: FetchOptions<A>) => Effect.Effect<A, RequestFailed>
}>()("wordpress-scraper/network/Fetcher") {
  static readonly layerNoDependencies: Layer.Layer<Fetcher, never, HttpClient.HttpClient | Politeness> = Layer.effect(
    Fetcher,
    Effect.gen(function*() {
      const politeness = yield* Politeness
      const client = (yield* HttpClient.HttpClient).pipe(
        HttpClient.mapRequest(HttpClientRequest.setHeader("user-agent", userAgent))
      )

      const get = Effect.fnUntraced(function*<A>(
        url: string,
        options: FetchOptions<A>
      ): Effect.fn.Return<A, RequestFailed> {
        const giveUp = (error: AttemptFailed) => new RequestFailed({ url, kind: error.kind, message: error.message })
        const attempts = yield* Ref.make(0)
        const once = Effect.gen(function*() {
          yield* Ref.update(attempts, (made) => made + 1)
          yield* Scraper.attempt
          return yield* attempt(client, politeness, url, {
            accept: options.accept,
            read: options.read,
            allowed: options.allowed ?? (() => Effect.succeed(true))
          })
        })
        const again: (error: AttemptFailed) => Effect.Effect<A, RequestFailed> = Effect.fnUntraced(function*(error) {
          const made = yield* Ref.get(attempts)
          if (!error.worthRepeating) return yield* giveUp(error)
          if (made >= maxAttempts) {
            return yield* new RequestFailed({
              url,
              kind: error.kind,
              message: `${error.message}, ${made} times in a row`
            })
          }
          // Where the server said how long to wait, waiting one's turn already waits that long.
          const pause = error.retryAfterMillis === undefined ? yield* pauseBefore(made) : 0
          yield* Scraper.retry(made, error.message)
          if (pause > 0) {
            yield* Effect.sleep(Duration.millis(pause))
            yield* Scraper.waited("back_off", pause)
          }
          return yield* Effect.catch(once, again)
        })
        return yield* Effect.catch(once, again)
      })

      return Fetcher.of({ get })
    })
  )

  /** Redirects are left to {@link attempt}, so that each hop is a request of its own, polite and traced. */
  static readonly layer: Layer.Layer<Fetcher> = Fetcher.layerNoDependencies.pipe(
    Layer.provide(Politeness.layer),
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" }))
  )
}
