import * as Predicate from "effect/Predicate"
import { causesOf, transportErrorType } from "./ErrorType.ts"

// Two characters of class, three of condition. Classes begin with a digit, or are one of the few that do not; a code of
// Node's like EPIPE has the same shape and is none.
const sqlState = /^(?:[0-9][0-9A-Z]|F0|HV|HY|IM|KD|P0|XX|XA)[0-9A-Z]{3}$/

const property = (error: object, key: string): unknown => {
  try {
    return Predicate.hasProperty(error, key) ? error[key] : undefined
  } catch {
    return undefined
  }
}

/**
 * Says whether a text is a SQLSTATE of a failure: five characters, class 02 or higher.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/db/postgresql/ (`db.response.status_code`)
 *
 * @category errors
 * @since 0.1.0
 */
export const isSqlState = (text: string): boolean => sqlState.test(text) && text !== "00000" && !text.startsWith("01")

const ofPostgresql = (error: object): string | undefined => {
  const code = property(error, "code")
  return typeof code === "string" && isSqlState(code) ? code : undefined
}

const ofMysql = (error: object): string | undefined => {
  const number = property(error, "errno")
  return typeof number === "number" && number >= 1000 ? String(number) : undefined
}

const ofSqlServer = (error: object): string | undefined => {
  const number = property(error, "number")
  return typeof number === "number" ? String(number) : undefined
}

const ofSqlite = (error: object): string | undefined => {
  const code = property(error, "code")
  if (typeof code === "string" && code.startsWith("SQLITE_")) return code
  const number = property(error, "errcode") ?? property(error, "errno")
  return typeof number === "number" && number > 0 ? String(number) : undefined
}

const readers: ReadonlyMap<string, (error: object) => string | undefined> = new Map([
  ["postgresql", ofPostgresql],
  ["cockroachdb", ofPostgresql],
  ["mysql", ofMysql],
  ["mariadb", ofMysql],
  ["microsoft.sql_server", ofSqlServer],
  ["sqlite", ofSqlite]
])

/**
 * Finds what the database answered, for `db.response.status_code`: the SQLSTATE of PostgreSQL, the error number of
 * MySQL and SQL Server, the result code of SQLite. It is looked for in the error and its causes.
 *
 * @category errors
 * @since 0.1.0
 */
export const databaseStatusCode = (error: unknown, system: string | undefined): string | undefined => {
  const read = (system === undefined ? undefined : readers.get(system)) ?? ofPostgresql
  for (const cause of causesOf(error)) {
    const code = read(cause)
    if (code !== undefined) return code
  }
  return undefined
}

/**
 * Gives `error.type` of a failed database call: the database's own code, else what went wrong on the way to it
 * (`ECONNREFUSED`), else the name of the error.
 *
 * @category errors
 * @since 0.1.0
 */
export const databaseErrorType = (error: unknown, statusCode: string | undefined): string | undefined =>
  statusCode ?? transportErrorType(error)
