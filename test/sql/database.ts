import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import { embeddedPostgres } from "../../examples/wordpress-scraper/embedded/postgres.ts"

/** A PostgreSQL of its own, and a client that was given host, port and database. */
export const postgres = Layer.unwrap(
  Effect.gen(function*() {
    const { url } = yield* Effect.orDie(embeddedPostgres)
    const { hostname, port } = new URL(url)
    return PgClient.layer({
      host: hostname,
      port: Number(port),
      database: "postgres",
      username: "postgres",
      maxConnections: 1
    })
  })
).pipe(Layer.orDie)

/** The same by URL, as most programs do. */
export const postgresByUrl = Layer.unwrap(
  Effect.gen(function*() {
    const { url } = yield* Effect.orDie(embeddedPostgres)
    return PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })
  })
).pipe(Layer.orDie)
