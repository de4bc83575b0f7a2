import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import { DatabaseError, DatabaseMessage, ErrorType, NetworkAddress, Sql } from "../conventions/index.ts"
import type { Attributes } from "../model/index.ts"
import type { FinishingSpan, Instrumentation, Outcome } from "../tracer/index.ts"
import type { ConnectionTarget } from "./ConnectionTarget.ts"
import { targetOf } from "./ConnectionTarget.ts"
import { Client, TransactionService } from "./effectKeys.ts"
import { ReturnedRows, withoutComment } from "./SqlTracing.ts"

/**
 * What the SQL instrumentation may be told.
 *
 * @category models
 * @since 0.1.0
 */
export interface SqlOptions {
  /** Whether `db.query.text` is recorded; default true. */
  readonly queryText?: boolean | undefined
}

const methodKey = "effect.sql.method"
const effectWaitKey = "db.client.connection.wait_time_ms"
const waitKey = "effect.sql.connection.wait_ms"
const outcomeKey = "effect.sql.transaction.outcome"
const transactionName = "sql.transaction"
const savepointName = "sql.savepoint"

const unset: Outcome = { status: "unset", exception: false }

/** The target of the client in the context of the fiber whose span ends. */
const currentTarget = (): ConnectionTarget | undefined => {
  const fiber = Fiber.getCurrent()
  const client = fiber === undefined ? undefined : Context.getOrUndefined(fiber.context, Client)
  return client === undefined ? undefined : targetOf(client)
}

const textOf = (attributes: Attributes, key: string): string | undefined => {
  const value = attributes.get(key)
  return typeof value === "string" && value !== "" ? value : undefined
}

/** Whether the fiber whose span ends is inside a transaction: then the span is one within another. */
const isInTransaction = (): boolean => {
  const fiber = Fiber.getCurrent()
  const key = fiber?.getRef(TransactionService)
  return key !== undefined && fiber?.context.mapUnsafe.has(key.key) === true
}

/** Host, port and database as they are, where the client was given a URL and its spans say the defaults. */
const correctTarget = (attributes: Attributes): void => {
  const target = currentTarget()
  if (target !== undefined) {
    const { host, namespace, port, said } = target
    // The client in the fiber's context is the one of this span only if the span says what that client says.
    if (said.every(([key, value]) => attributes.get(key) === value)) {
      attributes.set("server.address", host)
      attributes.set("server.port", port)
      attributes.set("db.namespace", namespace)
    }
  }
  const address = textOf(attributes, "server.address")
  if (address !== undefined) attributes.set("server.address", NetworkAddress.cleanAddress(address))
}

/** `{db.operation.name} {target}`, the target alone, or the system: what a name is without a summary. */
const fallbackName = (attributes: Attributes, operation: string | undefined): string | undefined => {
  const address = textOf(attributes, "server.address")
  const port = attributes.get("server.port")
  const target = textOf(attributes, "db.collection.name") ?? textOf(attributes, "db.namespace") ??
    (address === undefined ? undefined : port === undefined ? address : `${address}:${String(port)}`)
  if (operation !== undefined) return target === undefined ? operation : `${operation} ${target}`
  return target ?? textOf(attributes, "db.system.name")
}

const describe = (span: FinishingSpan, text: string, withText: boolean): void => {
  const { attributes } = span
  const system = textOf(attributes, "db.system.name")
  const { collection, complete, operation, procedure, statements, summary, text: sanitised } = Sql.summarize(
    text,
    system
  )
  if (summary !== undefined) attributes.set("db.query.summary", summary)
  if (operation !== undefined) attributes.set("db.operation.name", operation)
  if (collection !== undefined) attributes.set("db.collection.name", collection)
  if (procedure !== undefined) attributes.set("db.stored_procedure.name", procedure)
  if (statements > 1 && complete) attributes.set("db.operation.batch.size", statements)
  if (!withText) attributes.delete("db.query.text")
  else attributes.set("db.query.text", sanitised)
  const name = summary ?? fallbackName(attributes, operation)
  if (name !== undefined) span.name = name
}

/** The first failure or defect; interruption is none. */
const firstError = (cause: Cause.Cause<unknown>): unknown => {
  for (const reason of cause.reasons) {
    if (reason._tag === "Fail") return reason.error
    if (reason._tag === "Die") return reason.defect
  }
  return undefined
}

const failureOf = (attributes: Attributes, exit: Exit.Exit<unknown, unknown>): Outcome | undefined => {
  if (exit._tag === "Success" || Cause.hasInterruptsOnly(exit.cause)) return unset
  const error = firstError(exit.cause)
  const code = DatabaseError.databaseStatusCode(error, textOf(attributes, "db.system.name"))
  if (code !== undefined) attributes.set("db.response.status_code", code)
  const errorType = DatabaseError.databaseErrorType(error, code)
  if (errorType === undefined) return undefined
  // Effect's message is "Query failed"; what failed is said by the error inside.
  const told = ErrorType.innermostMessage(error)
  const message = told === undefined ? undefined : DatabaseMessage.withoutValues(told)
  return { status: "error", errorType, message, exception: true }
}

const finishStatement = (
  span: FinishingSpan,
  exit: Exit.Exit<unknown, unknown>,
  withText: boolean
): Outcome | undefined => {
  const { attributes } = span
  attributes.delete(methodKey)
  correctTarget(attributes)
  const waited = attributes.get(effectWaitKey)
  if (waited !== undefined) {
    attributes.delete(effectWaitKey)
    attributes.set(waitKey, waited)
  }
  if (exit._tag === "Success" && Array.isArray(exit.value) && Fiber.getCurrent()?.getRef(ReturnedRows) === true) {
    attributes.set("db.response.returned_rows", exit.value.length)
  }
  const text = textOf(attributes, "db.query.text")
  if (text !== undefined) describe(span, withoutComment(span, text), withText)
  return failureOf(attributes, exit)
}

const finishTransaction = (span: FinishingSpan, exit: Exit.Exit<unknown, unknown>): Outcome | undefined => {
  const { attributes } = span
  correctTarget(attributes)
  const isNested = isInTransaction()
  attributes.set(outcomeKey, exit._tag === "Failure" ? "rollback" : isNested ? "savepoint" : "commit")
  if (isNested) span.name = savepointName
  if (exit._tag === "Success") return unset
  return Predicate.isTagged(firstError(exit.cause), "SqlError") ? failureOf(attributes, exit) : undefined
}

/**
 * Makes the instrumentation that mends the spans of `effect/sql`.
 *
 * **Details**
 *
 * A statement's span is named by what it does, `INSERT posts`, and has the summary, operation and table, the SQLSTATE and
 * `error.type`, and the text with `?` for literals where the values do not travel apart. A transaction is one subtree
 * that says how it ended in `effect.sql.transaction.outcome`: `commit`, `rollback`, or `savepoint` for one inside
 * another.
 *
 * ```
 * sql.transaction           internal, commit
 *   INSERT posts            client
 *   sql.savepoint           internal, rollback
 *     UPDATE authors        client, 23505
 * ```
 *
 * What the database says of an error is told without the values it quotes: `Duplicate entry ? for key 'users.name'`. `error.type` is
 * the code of the database, else the code of the connection's error (`ECONNREFUSED`), else the error's name.
 *
 * **Gotchas**
 *
 * `db.namespace` is the database the connection was configured with, and behind it (`blog|public`) the schema, where the
 * connection was configured with a search path. `db.operation.batch.size` counts the statements of one text. Of a text of
 * more than 8,192 UTF-16 units the rest is neither read nor recorded: `db.query.text` then ends in `…`, and the statements are not
 * counted.
 * `effect.sql.connection.wait_ms` is how long a statement waited for a connection; how long a transaction did is not told apart
 * from its `BEGIN`. A `PgClient` configured by
 * `url` has spans that say `localhost:5432`: they are corrected where that client is the `SqlClient` of the fiber's
 * context, and stay wrong where it is not.
 *
 * `BEGIN`, `COMMIT` and `ROLLBACK` that `withTransaction` sends have no spans of their own.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: SqlOptions = {}): Instrumentation => {
  const withText = options.queryText !== false

  const onFinish = (span: FinishingSpan, exit: Exit.Exit<unknown, unknown>): Outcome | undefined => {
    if (span.kind === "internal") {
      return span.name === transactionName && span.attributes.has("db.system.name")
        ? finishTransaction(span, exit)
        : undefined
    }
    return span.attributes.has(methodKey) ? finishStatement(span, exit, withText) : undefined
  }

  return { name: "sql", kinds: ["client", "internal"], onFinish }
}
