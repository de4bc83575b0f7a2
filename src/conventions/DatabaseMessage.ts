import * as Predicate from "effect/Predicate"
import { causesOf } from "./ErrorType.ts"

const quote = 39
const doubleQuote = 34
const parenthesis = 40

// Quotes of PostgreSQL's messages in other languages.
const otherQuotes = "«»„“”‘’‚"

/** Words before a quoted name: what stands in quotes after any other word may be a value. */
const nouns: ReadonlySet<string> = new Set(
  ("relation column table view index constraint key function procedure routine aggregate operator type domain schema database role " +
    "user sequence trigger extension language parameter encoding field object name variable cursor statement savepoint publication " +
    "subscription collation policy rule server tablespace attribute keyword").split(" ")
)

/** What MySQL names parts of a statement by. */
const clauses: ReadonlySet<string> = new Set([
  "field list",
  "where clause",
  "order clause",
  "on clause",
  "having clause",
  "group statement"
])

/** What may follow a value in a message that quotes something else after it. */
const tails = [" for key ", " for column ", " at line ", " to data type "]

/** What stands before a list of values in parentheses. */
const beforeValues = ["=", "contains ", "value is "]

const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122

const isWordPart = (code: number): boolean => isLetter(code) || (code >= 48 && code <= 57) || code === 95 || code > 191

const bareWord = /^[A-Za-z_]{1,63}$/

/** The word right before a quote, with one blank between. */
const wordBefore = (message: string, at: number): string => {
  if (message.charCodeAt(at - 1) !== 32) return ""
  let start = at - 1
  // The longest noun has 12 letters.
  while (start > 0 && at - start < 16 && isLetter(message.charCodeAt(start - 1))) start--
  return message.slice(start, at - 1).toLowerCase()
}

/**
 * Where a value ends that begins after `from`: databases escape nothing in it, so it is the last place where it can. The end of the
 * message, where the quote is not closed.
 */
const endOfValue = (message: string, from: number, mark: string): number => {
  let end = -1
  for (const tail of tails) end = Math.max(end, message.lastIndexOf(mark + tail))
  if (end < from) end = message.lastIndexOf(mark)
  return end < from ? message.length : end
}

const endOfOther = (message: string, from: number): number => {
  for (let at = message.length - 1; at >= from; at--) if (otherQuotes.includes(message[at]!)) return at
  return message.length
}

/**
 * Takes the values out of what a database says of an error, each for a `?`, and leaves the names: `Duplicate entry ? for key 'users.name'`,
 * `invalid input syntax for type integer: ?`, `Key (email)=(?) already exists.`
 *
 * **Details**
 *
 * Knows the messages of PostgreSQL, MySQL, SQLite and SQL Server by their form: what is quoted after a word like `column` or `table`
 * is a name, anything else quoted is taken for a value, and reaches as far as it can. In linear time.
 *
 * **Gotchas**
 *
 * What a program says itself by `RAISE EXCEPTION` or `SIGNAL` keeps the values it does not quote.
 *
 * @category sanitising
 * @since 0.1.0
 */
export const withoutValues = (message: string): string => {
  let written = ""
  let copied = 0
  const replace = (from: number, to: number, by: string): number => {
    written += message.slice(copied, from) + by
    copied = to
    return to
  }
  let at = 0
  while (at < message.length) {
    const code = message.charCodeAt(at)
    if (code === parenthesis && beforeValues.some((before) => message.endsWith(before, at))) {
      const end = message.lastIndexOf(")")
      at = end < at ? replace(at, message.length, "(?)") : replace(at, end + 1, "(?)")
    } else if (code > 127 && otherQuotes.includes(message[at]!)) {
      at = replace(at, endOfOther(message, at + 1) + 1, "?")
    } else if ((code !== quote && code !== doubleQuote) || isWordPart(message.charCodeAt(at - 1))) {
      at++
    } else {
      const mark = message[at]!
      const before = wordBefore(message, at)
      const end = message.indexOf(mark, at + 1)
      const named = end < 0 ? "" : message.slice(at + 1, end)
      const isName = before === "near" ? bareWord.test(named) : nouns.has(before) || clauses.has(named)
      at = end >= 0 && isName ? end + 1 : replace(at, endOfValue(message, at + 1, mark) + 1, "?")
    }
  }
  return written + message.slice(copied)
}

/**
 * Whether an error is one of `effect/sql`, or the reason inside one.
 *
 * @category sanitising
 * @since 0.1.0
 */
export const isSqlError = (error: unknown): boolean =>
  Predicate.isTagged(error, "SqlError") || Predicate.hasProperty(error, "~effect/sql/SqlError/Reason")

// Effect indents the stack of a cause by two for each level, and with it the lines of its message.
const indentations = Array.from({ length: 9 }, (_, level) => `\n${"  ".repeat(level)}`)

/**
 * Takes the values out of a stack trace as far as they stand in messages of a database: those of a `SqlError` among the error and its
 * causes, and of what caused it.
 *
 * @category sanitising
 * @since 0.1.0
 */
export const stackWithoutValues = (stack: string, error: unknown): string => {
  const causes = causesOf(error)
  const first = causes.findIndex(isSqlError)
  if (first < 0) return stack
  let written = stack
  for (const cause of causes.slice(first)) {
    const message = Predicate.hasProperty(cause, "message") ? cause.message : undefined
    if (typeof message !== "string" || message === "") continue
    const clean = withoutValues(message)
    if (clean === message) continue
    for (const lineBreak of message.includes("\n") ? indentations : ["\n"]) {
      written = written.replaceAll(message.replaceAll("\n", lineBreak), () => clean)
    }
  }
  return written
}
