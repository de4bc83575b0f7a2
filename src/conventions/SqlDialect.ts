/**
 * Says how a database writes what all of them have: strings, quoted names, comments, placeholders.
 *
 * @category models
 * @since 0.1.0
 */
export interface SqlDialect {
  /** Whether a backslash escapes inside every string, not only in `E'...'`. */
  readonly backslashEscapes: boolean
  /** Whether `"..."` is a string and not a name. */
  readonly doubleQuoteIsString: boolean
  /** Whether `[...]` is a name. */
  readonly brackets: boolean
  /** Whether `#` starts a comment. */
  readonly hashComments: boolean
  readonly nestedComments: boolean
  /** Whether `$tag$...$tag$` is a string. */
  readonly dollarQuotes: boolean
  /** Whether `?` stands for a parameter and is no operator. */
  readonly questionMarks: boolean
  /** Whether `:name` stands for a parameter. */
  readonly colonNames: boolean
  /** Whether `@name` stands for a parameter. */
  readonly atNames: boolean
}

const postgresql: SqlDialect = {
  backslashEscapes: false,
  doubleQuoteIsString: false,
  brackets: false,
  hashComments: false,
  nestedComments: true,
  dollarQuotes: true,
  questionMarks: false,
  colonNames: false,
  atNames: false
}

const mysql: SqlDialect = {
  backslashEscapes: true,
  doubleQuoteIsString: true,
  brackets: false,
  hashComments: true,
  nestedComments: false,
  dollarQuotes: false,
  questionMarks: true,
  colonNames: true,
  atNames: false
}

const sqlite: SqlDialect = {
  backslashEscapes: false,
  doubleQuoteIsString: false,
  brackets: true,
  hashComments: false,
  nestedComments: false,
  dollarQuotes: false,
  questionMarks: true,
  colonNames: true,
  atNames: true
}

const sqlServer: SqlDialect = {
  ...sqlite,
  nestedComments: true,
  questionMarks: false,
  colonNames: false
}

const other: SqlDialect = {
  ...sqlite,
  brackets: false,
  dollarQuotes: true
}

const dialects: ReadonlyMap<string, SqlDialect> = new Map([
  ["postgresql", postgresql],
  ["cockroachdb", postgresql],
  ["aws.redshift", postgresql],
  ["mysql", mysql],
  ["mariadb", mysql],
  ["clickhouse", { ...mysql, doubleQuoteIsString: false }],
  ["sqlite", sqlite],
  ["microsoft.sql_server", sqlServer]
])

/**
 * Finds the dialect of a `db.system.name`; what is unknown gets one that reads most of what standard SQL allows.
 *
 * @category dialects
 * @since 0.1.0
 */
export const dialectOf = (system: string | undefined): SqlDialect =>
  (system === undefined ? undefined : dialects.get(system)) ?? other
