import * as Effect from "effect/Effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"

const rows = Effect.succeed([{ id: 1, title: "Hello, world" }])

const connection: Connection = {
  execute: () => rows,
  executeRaw: () => rows,
  executeStream: () => Stream.empty,
  executeValues: () => Effect.succeed([[1, "Hello, world"]]),
  executeValuesUnprepared: () => Effect.succeed([[1, "Hello, world"]]),
  executeUnprepared: () => rows
}

/** A client of a database that answers at once: what is left is what Effect and the tracer do. */
export const makeStubClient: Effect.Effect<SqlClient.SqlClient> = SqlClient.make({
  acquirer: Effect.succeed(connection),
  compiler: Statement.makeCompilerSqlite(),
  driver: "stub",
  spanAttributes: [["db.system.name", "postgresql"], ["db.namespace", "blog"], ["server.address", "localhost"], [
    "server.port",
    5432
  ]]
}).pipe(Effect.provide(Reactivity.layer))
