import type { Carrier } from "./Carrier.ts"
import { percentDecode, percentEncode } from "./percent.ts"
import type { PropagatedContext } from "./PropagatedContext.ts"
import type { Propagator } from "./Propagator.ts"

// Far beyond what the propagators write; a longer comment is somebody else's.
const maxCommentLength = 16 * 1024

// Letters, digits and `-_.~`: what no SQL dialect, driver or template gives a meaning to.
const isUnreserved = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) ||
  code === 0x2d || code === 0x2e || code === 0x5f || code === 0x7e

const encode = (text: string): string => percentEncode(text, isUnreserved)

/**
 * Appends the context to a SQL statement as a comment, so that the database's own log and statistics can be joined with the trace.
 *
 * Source: sqlcommenter (OpenTelemetry), "Specification".
 *
 * **Details**
 *
 * `SELECT 1` becomes `SELECT 1 /*traceparent='00-…-01'*\/`: keys sorted, keys and values percent-encoded, before a closing semicolon. A
 * statement that holds a comment already is left as it is, as sqlcommenter asks.
 *
 * **Gotchas**
 *
 * Each statement is then a different text: caches of prepared statements do not hit. That is why nothing does this unasked.
 *
 * @category encoding
 * @since 0.1.0
 */
export const append = (sql: string, propagator: Propagator, context: PropagatedContext): string => {
  if (sql.includes("/*") || sql.includes("--")) return sql
  const fields: Array<string> = []
  propagator.inject(context, (name, value) => fields.push(`${encode(name)}='${encode(value)}'`))
  if (fields.length === 0) return sql
  const comment = ` /*${fields.sort().join(",")}*/`
  const statement = sql.trimEnd()
  return statement.endsWith(";") ? `${statement.slice(0, -1)}${comment};` : `${statement}${comment}`
}

/**
 * Reads the comment at the end of a SQL statement.
 *
 * @category constructors
 * @since 0.1.0
 */
export const carrier = (sql: string): Carrier => {
  const fields = new Map<string, string>()
  const end = sql.lastIndexOf("*/")
  const start = end < 0 ? -1 : sql.lastIndexOf("/*", end)
  if (start >= 0 && end - start <= maxCommentLength) {
    for (const field of sql.slice(start + 2, end).split(",")) {
      const equals = field.indexOf("=")
      const value = field.slice(equals + 1).trim()
      if (equals < 0 || value.length < 2 || !value.startsWith("'") || !value.endsWith("'")) continue
      const name = percentDecode(field.slice(0, equals).trim()).toLowerCase()
      fields.set(name, percentDecode(value.slice(1, -1).replaceAll("\\'", "'")))
    }
  }
  return {
    values: (name) => {
      const value = fields.get(name)
      return value === undefined ? [] : [value]
    },
    names: () => fields.keys()
  }
}
