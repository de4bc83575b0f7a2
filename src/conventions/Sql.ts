import { GenerationCache } from "./GenerationCache.ts"
import { dialectOf } from "./SqlDialect.ts"
import type { SqlSummary } from "./SqlSummary.ts"
import { read } from "./SqlSummary.ts"

export type { SqlSummary } from "./SqlSummary.ts"

// Longer texts are seldom sent twice, and would fill memory.
const maximumRememberedLength = 4096
const rememberedPerSystem = 512

const caches = new Map<string, GenerationCache<string, SqlSummary>>()

/**
 * Says in a few words what a text of SQL does, and gives it without its literals.
 *
 * **Details**
 *
 * Reads the text in linear time, never throws, and remembers the last texts of each system, so that a statement that
 * is run again costs one look-up. Names and verbs are kept as they are written; quotes are left out where a name
 * needs none. A main statement comes before its common table expressions, whose own names are no targets.
 *
 * Of a longer text only the first 8,192 UTF-16 units are read and kept (`complete` is then false), so that none holds up the program
 * for more than a few milliseconds: operation, table and count are those of that part.
 *
 * `system` is the value of `db.system.name`: it decides what a quote, a backslash or a `?` means.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query
 *
 * @example
 * import { Sql } from "effect-tracing/conventions"
 *
 * Sql.summarize("INSERT INTO posts (id) SELECT id FROM drafts").summary // "INSERT posts SELECT drafts"
 * Sql.summarize("SELECT * FROM posts WHERE slug = 'hello'").text // "SELECT * FROM posts WHERE slug = ?"
 *
 * @category sql
 * @since 0.1.0
 */
export const summarize = (text: string, system?: string): SqlSummary => {
  if (text.length > maximumRememberedLength) return read(text, dialectOf(system))
  const key = system ?? ""
  let cache = caches.get(key)
  if (cache === undefined) {
    cache = new GenerationCache(rememberedPerSystem)
    // Systems are a handful; a program that makes them up gets no memory of its own.
    if (caches.size < 16) caches.set(key, cache)
  }
  const known = cache.get(text)
  if (known !== undefined) return known
  const summary = read(text, dialectOf(system))
  cache.set(text, summary)
  return summary
}
