import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import { createHash } from "node:crypto"

/**
 * What is known of an operation on a cache.
 *
 * @category models
 * @since 0.1.0
 */
export interface CacheOptions<A> {
  /** The product: `redis`, `memcached`, `memory`. Attribute `db.system.name`. */
  readonly system: string
  /** What is done: `get`, `set`. Attribute `db.operation.name`. */
  readonly operation: string
  /** The key. Attribute `cache.key`. */
  readonly key?: string | undefined
  /**
   * How the key is shown: as it is after redaction (`text`), as the first 16 hexadecimal digits of its SHA-256, for keys that name people
   * (`hash`), or not at all (`none`). Default `text`.
   */
  readonly showKey?: "text" | "hash" | "none" | undefined
  /** Whether the key was there, or how that is told from the result. Attribute `cache.hit`. */
  readonly hit?: boolean | ((result: A) => boolean) | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

const shown = ({ key, showKey = "text" }: CacheOptions<never>): string | undefined =>
  key === undefined || showKey === "none"
    ? undefined
    : showKey === "hash"
    ? createHash("sha256").update(key).digest("hex").slice(0, 16)
    : key

/**
 * Makes an effect one operation on a cache: a client span named `get redis`, with `cache.key` and `cache.hit`.
 *
 * **Details**
 *
 * A cache is a database to the conventions, so `db.system.name` and `db.operation.name` say which and what; a miss is no error. A cache
 * in this process (`memory`) is a span of kind internal.
 *
 * **Example**
 *
 * ```ts
 * import { Effect, Option } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * declare const redis: { readonly get: (key: string) => Promise<string | null> }
 *
 * export const cached = (key: string) =>
 *   Effect.promise(() => redis.get(key)).pipe(
 *     Effect.map(Option.fromNullOr),
 *     Trace.cache({ system: "redis", operation: "get", key, hit: Option.isSome })
 *   )
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const cache = <A>(options: CacheOptions<A>) =>
<B extends A, E, R>(
  self: Effect.Effect<B, E, R>
): Effect.Effect<B, E, Exclude<R, Tracer.ParentSpan>> => {
  const { attributes, hit, operation, system } = options
  const told = typeof hit === "function"
    ? Effect.tap(self, (result) => Effect.annotateCurrentSpan("cache.hit", hit(result)))
    : self
  return Effect.withSpan(told, `${operation} ${system}`, {
    kind: system === "memory" ? "internal" : "client",
    attributes: {
      "db.system.name": system,
      "db.operation.name": operation,
      "cache.key": shown(options),
      "cache.hit": typeof hit === "boolean" ? hit : undefined,
      ...attributes
    },
    captureStackTrace: false
  })
}
