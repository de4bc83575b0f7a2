import type { SqlDialect } from "./SqlDialect.ts"
import type { SqlOperation } from "./SqlFrame.ts"
import { isWordPart, SqlLexer } from "./SqlLexer.ts"
import { SqlReader } from "./SqlReader.ts"

/**
 * What a span says of a statement.
 *
 * @category models
 * @since 0.1.0
 */
export interface SqlSummary {
  /** `db.query.summary`: operations and targets, at most 255 characters; `undefined` where the text is no SQL we know. */
  readonly summary: string | undefined
  /** `db.operation.name`: the operation of the main statement; `undefined` for several statements. */
  readonly operation: string | undefined
  /** `db.collection.name`: the one table the text is about; `undefined` for none or several. */
  readonly collection: string | undefined
  /** `db.stored_procedure.name`. */
  readonly procedure: string | undefined
  /** How many statements were read; 0 where it is no SQL we know. */
  readonly statements: number
  /** Whether all of the text was read: a longer one than {@link maximumRead} is cut. */
  readonly complete: boolean
  /** Whether the text has placeholders, so that its values travel apart from it. */
  readonly parameterised: boolean
  /**
   * `db.query.text`: the text as it is where it is parameterised, else with `?` for every literal, without comments. One that was
   * cut ends in `…`.
   */
  readonly text: string
}

const maximumSummaryLength = 255

/** UTF-16 units of a text that are read, and kept: the most costly text of that length takes some 5 ms once the code is warm. */
export const maximumRead = 8_192

const write = (operations: ReadonlyArray<SqlOperation>): string | undefined => {
  let summary = ""
  const add = (part: string): boolean => {
    const separator = summary === "" ? "" : " "
    if (summary.length + separator.length + part.length > maximumSummaryLength) return false
    summary += separator + part
    return true
  }
  // Cut between names, never inside one.
  for (const operation of operations) {
    if (!add(operation.name) || !operation.targets.every(add)) break
  }
  return summary === "" ? undefined : summary
}

const booleans: ReadonlySet<string> = new Set(["TRUE", "FALSE"])

/**
 * Writes a statement with `?` for each literal (strings, numbers, booleans) and without its comments, which may hold
 * anything.
 *
 * @category sanitising
 * @since 0.1.0
 */
export const sanitize = (text: string, dialect: SqlDialect): string => {
  const lexer = new SqlLexer(text, dialect)
  const parts: Array<string> = []
  let copied = 0
  let end = 0
  while (lexer.next()) {
    const { kind, start } = lexer
    if (lexer.afterComment) {
      parts.push(text.slice(copied, end), end === 0 ? "" : " ")
      copied = start
    }
    end = lexer.end
    const isLiteral = kind === "text" || kind === "number" ||
      (kind === "word" && end - start <= 5 && booleans.has(lexer.written.toUpperCase()))
    if (isLiteral) {
      parts.push(text.slice(copied, start), "?")
      copied = end
    }
  }
  // What follows the last token is a comment or white space.
  parts.push(text.slice(copied, end))
  return parts.join("")
}

/** The beginning of a text, which ends between two words: half of a dollar quote would be taken for a parameter. */
const beginningOf = (text: string): string => {
  let end = maximumRead
  while (end > 0 && isWordPart(text.charCodeAt(end - 1))) end--
  return text.slice(0, end)
}

/**
 * Reads a statement for the first time: see `Sql.summarize`, which remembers.
 *
 * @category sanitising
 * @since 0.1.0
 */
export const read = (text: string, dialect: SqlDialect): SqlSummary => {
  const complete = text.length <= maximumRead
  const kept = complete ? text : beginningOf(text)
  const reading = new SqlReader(kept, dialect)
  const [only] = reading.collections
  const written = reading.hasParameters ? kept : sanitize(kept, dialect)
  return {
    summary: write(reading.operations),
    operation: reading.mains.length === 1 ? reading.mains[0]!.name : undefined,
    collection: reading.collections.size === 1 ? only : undefined,
    procedure: reading.procedure,
    statements: reading.mains.length,
    complete,
    parameterised: reading.hasParameters,
    text: complete ? written : `${written}…`
  }
}
