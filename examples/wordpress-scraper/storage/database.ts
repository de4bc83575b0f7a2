import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import type { Migrator, SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import { CannotRun } from "../errors.ts"
import { migrate } from "./migrations.ts"

/**
 * Writes a database URL so that it may be shown.
 *
 * @category conversions
 * @since 0.1.0
 */
export const withoutPassword = (url: URL): string => {
  const shown = new URL(url)
  if (shown.password !== "") shown.password = "***"
  return shown.href
}

/** A host name, or the folder of a Unix socket, as libpq takes it. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/gu, "") || (url.searchParams.get("host") ?? "")

const parse = (text: string): Effect.Effect<URL, CannotRun> => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^postgres(?:ql)?:$/u.test(url.protocol) && hostOf(url) !== ""
    ? Effect.succeed(url)
    : Effect.fail(
      new CannotRun({
        // A text that is no URL may be a password that slipped into the wrong place: it is not repeated.
        message: "The database URL is not one: write postgres://user:password@host:5432/database."
      })
    )
}

/** What PostgreSQL itself, or the way to it, says last. */
const reasonOf = (error: unknown): string => {
  let current: unknown = error
  for (let depth = 0; depth < 8 && current instanceof Error && current.cause instanceof Error; depth++) {
    current = current.cause
  }
  if (current instanceof AggregateError && current.errors[0] instanceof Error) return current.errors[0].message
  return current instanceof Error && current.message !== "" ? current.message : String(current)
}

/**
 * Explains a failure of the database in one line.
 *
 * @category errors
 * @since 0.1.0
 */
export const databaseFailed = (error: unknown): CannotRun =>
  new CannotRun({ message: `The database failed: ${reasonOf(error)}. What was stored is kept; run again to go on.` })

/**
 * Explains in one line why a database cannot be used.
 *
 * @category errors
 * @since 0.1.0
 */
export const cannotUse = (databaseUrl: string) => (error: SqlError | Migrator.MigrationError): CannotRun =>
  new CannotRun({
    message: `Cannot use the database ${withoutPassword(new URL(databaseUrl))}: ${reasonOf(error)}. ` +
      "Is it running, and is the URL right?"
  })

/**
 * Connects to a PostgreSQL and brings its tables up to date.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  databaseUrl: string
): Layer.Layer<SqlClient.SqlClient, CannotRun | SqlError | Migrator.MigrationError> =>
  Layer.unwrap(Effect.map(parse(databaseUrl), (url) =>
    Layer.effectDiscard(migrate).pipe(
      Layer.provideMerge(PgClient.layer({
        url: Redacted.make(databaseUrl),
        // The client describes its spans by these, not by the URL.
        host: hostOf(url),
        port: url.port === "" ? 5432 : Number(url.port),
        database: decodeURIComponent(url.pathname.slice(1)) || "postgres",
        applicationName: "wordpress-scraper",
        // A polite scraper stores a few items a second: one connection is plenty, and all that PGlite's one session needs.
        maxConnections: 1,
        // Named statements do not survive poolers such as PgBouncer, nor sessions shared as PGlite's is.
        prepare: false
      }))
    )))
