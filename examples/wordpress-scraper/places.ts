import { Effect, Option } from "effect"
import type { Scope } from "effect"
import { embeddedPostgres } from "./embedded/postgres.ts"
import { CannotRun } from "./errors.ts"
import { serve } from "./site/index.ts"

/** What the person asked for. */
export interface PlaceOptions {
  readonly url: Option.Option<string>
  readonly databaseUrl: Option.Option<string>
}

/**
 * Where a run reads from and where it stores.
 *
 * @category models
 * @since 0.1.0
 */
export interface Places {
  readonly url: string
  /** The name of the site in the database, where its address changes from run to run. */
  readonly site: string | undefined
  readonly databaseUrl: string
  /** Whether what is stored ends with the process. */
  readonly fleeting: boolean
}

const embeddedFailed = (what: string) => (error: unknown): CannotRun =>
  new CannotRun({
    message: `The embedded ${what} did not start: ${error instanceof Error ? error.message : String(error)}`
  })

const webAddress = (text: string): Effect.Effect<string, CannotRun> => {
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//iu.test(text) ? text : `https://${text}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined
  return url !== undefined && /^https?:$/u.test(url.protocol)
    ? Effect.succeed(url.href)
    : Effect.fail(
      new CannotRun({ message: `--url "${text}" is no web address: write --url https://blog.example.` })
    )
}

/**
 * Decides where to read from and where to store, and starts what is embedded of it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const places = Effect.fnUntraced(
  function*(
    options: PlaceOptions,
    say: (text: string) => Effect.Effect<void>
  ): Effect.fn.Return<Places, CannotRun, Scope.Scope> {
    const given = Option.isSome(options.url) ? yield* webAddress(options.url.value) : undefined
    const embedded = [
      ...(given === undefined ? ["a site that looks like WordPress"] : []),
      ...(Option.isNone(options.databaseUrl) ? ["a PostgreSQL"] : [])
    ]
    if (embedded.length > 0) yield* say(`Starting ${embedded.join(" and ")} inside this process`)
    const url = given ?? (yield* Effect.mapError(serve(), embeddedFailed("site"))).url
    const databaseUrl = Option.isSome(options.databaseUrl)
      ? options.databaseUrl.value
      : (yield* Effect.mapError(embeddedPostgres, embeddedFailed("database"))).url
    return {
      url,
      site: given === undefined ? "embedded demo" : undefined,
      databaseUrl,
      fleeting: Option.isNone(options.databaseUrl)
    }
  }
)
