import type { EndedSpan } from "../model/index.ts"
import type { Rule } from "./Deviation.ts"
import { absent, rulesFrom } from "./Deviation.ts"
import { cleanAddress } from "./NetworkAddress.ts"
import { summarize } from "./Sql.ts"

const rule = rulesFrom("https://opentelemetry.io/docs/specs/semconv/db/database-spans/")

const text = (span: EndedSpan, key: string): string | undefined => {
  const value = span.attributes.get(key)
  return typeof value === "string" ? value : undefined
}

/** What a database client span must say. */
export const databaseRules: ReadonlyArray<Rule> = [
  rule("kind is client", undefined, "kind client", (span) => span.kind === "client"),
  rule("name is the summary", undefined, "{db.query.summary}", (span) => {
    const summary = text(span, "db.query.summary")
    return summary === undefined || span.name === summary
  }),
  rule(
    "summary is short",
    "db.query.summary",
    "at most 255 characters",
    (span) => (text(span, "db.query.summary")?.length ?? 0) <= 255
  ),
  rule("query has a summary", "db.query.summary", "a summary where the text can be read", (span) => {
    const query = text(span, "db.query.text")
    return query === undefined || span.attributes.has("db.query.summary") ||
      summarize(query, text(span, "db.system.name")).summary === undefined
  }),
  rule("query has no literals", "db.query.text", "? for literals where there are no parameters", (span) => {
    const query = text(span, "db.query.text")
    if (query === undefined) return true
    // What was sanitised has ? where PostgreSQL has operators: those read like a text without literals.
    return summarize(query, text(span, "db.system.name")).text === query
  }),
  rule("summary names the operation", "db.operation.name", "the operation is in the summary", (span) => {
    const operation = text(span, "db.operation.name")
    const summary = text(span, "db.query.summary")
    return operation === undefined || summary === undefined || summary.includes(operation)
  }),
  rule("failed code has an error", "db.response.status_code", "error.type is the database's code", (span) => {
    const code = text(span, "db.response.status_code")
    return code === undefined || span.statusCode !== "error" || text(span, "error.type") === code
  }),
  rule("address of server is clean", "server.address", "no brackets, no IPv4 inside IPv6", (span) => {
    const address = text(span, "server.address")
    return address === undefined || cleanAddress(address) === address
  }),
  rule(
    "batch has two",
    "db.operation.batch.size",
    "from 2, or absent",
    (span) => Number(span.attributes.get("db.operation.batch.size") ?? 2) >= 2
  ),
  rule(
    "no method of Effect",
    "effect.sql.method",
    "effect.sql.method says nothing to a reader",
    absent("effect.sql.method")
  )
]
