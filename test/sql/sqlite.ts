import { Effect, Layer, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, SqlError, Statement } from "effect/sql"
import type { SqlConnection } from "effect/sql"
import { DatabaseSync } from "node:sqlite"
import type { SQLInputValue } from "node:sqlite"

const input = (value: unknown): SQLInputValue => value as SQLInputValue

/** A SQLite in memory, by Node's own driver and Effect's own client, which may say that it is elsewhere. */
export const sqliteWith = (options: {
  readonly spanAttributes: ReadonlyArray<readonly [string, unknown]>
  readonly onQuery?: (text: string) => void
}): Layer.Layer<SqlClient.SqlClient> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function*() {
      const database = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(":memory:")),
        (database) => Effect.sync(() => database.close())
      )
      const run = (sql: string, params: ReadonlyArray<unknown>) =>
        Effect.try({
          try: () => {
            options.onQuery?.(sql)
            return database.prepare(sql).all(...params.map(input))
          },
          catch: (cause) =>
            new SqlError.SqlError({ reason: new SqlError.UnknownError({ cause, message: "Query failed" }) })
        })
      const values = (sql: string, params: ReadonlyArray<unknown>) =>
        Effect.map(run(sql, params), (rows) => rows.map((row) => Object.values(row)))
      const connection: SqlConnection.Connection = {
        execute: run,
        executeRaw: run,
        executeStream: (sql, params) => Stream.unwrap(Effect.map(run(sql, params), Stream.fromIterable)),
        executeValues: values,
        executeValuesUnprepared: values,
        executeUnprepared: run
      }
      return yield* SqlClient.make({
        acquirer: Effect.succeed(connection),
        compiler: Statement.makeCompilerSqlite(),
        driver: "node:sqlite",
        spanAttributes: options.spanAttributes
      })
    })
  ).pipe(Layer.provide(Reactivity.layer))

/** The same, saying what it is. */
export const sqlite = sqliteWith({ spanAttributes: [["db.system.name", "sqlite"]] })
