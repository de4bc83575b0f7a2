import * as Context from "effect/Context"
import type * as Statement from "effect/sql/Statement"

// Effect's own keys, written out: importing `effect/sql` for them would add some 150 ms to the start of every program,
// also of those without a database. A test holds them to Effect's.

/** `SqlClient.SqlClient`, of which nothing is taken for granted. */
export const Client = Context.Service<object, object>("effect/sql/SqlClient")

/** The key of the connection of the transaction at hand; undefined outside one. */
export const TransactionService = Context.Reference<Context.Key<unknown, unknown> | undefined>(
  "effect/sql/CurrentTransactionService",
  { defaultValue: () => undefined }
)

/** `Statement.CurrentTransformer`. */
export const CurrentTransformer = Context.Reference<Statement.Transformer | undefined>(
  "effect/sql/CurrentTransformer",
  {
    defaultValue: () => undefined
  }
)

/** `Statement.SpanPropagationEnabled`: whether statements tell how long they waited for a connection. */
export const SpanPropagationEnabled = Context.Reference<boolean>("effect/sql/SpanPropagationEnabled", {
  defaultValue: () => false
})
