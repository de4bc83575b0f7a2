/**
 * What follows a verb of SQL, as far as a summary needs it.
 */
export interface SqlVerb {
  /** What the first name after it is: a table, another object worth naming, a procedure, or nothing to name. */
  readonly names: "collection" | "object" | "procedure" | "nothing"
  /** Words that belong to the operation's name when they follow at once: `START TRANSACTION`. */
  readonly joins?: ReadonlyArray<string> | undefined
  /** Whether the rest of the statement says nothing more to a summary. */
  readonly opaque?: boolean | undefined
  /** Whether names go on after commas and joins. */
  readonly list?: boolean | undefined
  /** Whether `FROM` brings further tables. */
  readonly from?: boolean | undefined
  /** Whether a parenthesis before the name holds options. */
  readonly options?: boolean | undefined
  /** Whether a statement of its own follows. */
  readonly wraps?: boolean | undefined
  /** Whether a kind of object follows: `CREATE TABLE`. */
  readonly defines?: boolean | undefined
  /** Whether it may begin a query in parentheses. */
  readonly query?: boolean | undefined
}

const nothing: SqlVerb = { names: "nothing", opaque: true }
const object: SqlVerb = { names: "object", opaque: true }
const collection: SqlVerb = { names: "collection", opaque: true, options: true, list: true }
const definition: SqlVerb = { names: "nothing", defines: true }

/** Every verb a statement may begin with. What is not here is not SQL to us, and gets no summary. */
export const sqlVerbs: ReadonlyMap<string, SqlVerb> = new Map<string, SqlVerb>([
  ["SELECT", { names: "nothing", from: true, query: true }],
  ["VALUES", { names: "nothing" }],
  ["TABLE", { names: "collection" }],
  ["INSERT", { names: "collection" }],
  ["REPLACE", { names: "collection" }],
  ["UPSERT", { names: "collection" }],
  ["UPDATE", { names: "collection", list: true, from: true }],
  ["DELETE", { names: "collection", list: true, from: true }],
  ["MERGE", { names: "collection" }],
  ["TRUNCATE", { names: "collection", list: true }],
  ["COPY", { names: "collection" }],
  ["LOAD", { names: "nothing", joins: ["DATA"] }],
  ["LOCK", { ...collection, joins: ["TABLES"] }],
  ["UNLOCK", { names: "nothing", joins: ["TABLES"] }],
  ["VACUUM", collection],
  ["ANALYZE", collection],
  ["ANALYSE", collection],
  ["OPTIMIZE", collection],
  ["CLUSTER", collection],
  ["DESCRIBE", collection],
  ["DESC", collection],
  ["CREATE", definition],
  ["ALTER", definition],
  ["DROP", definition],
  ["REINDEX", definition],
  ["REFRESH", definition],
  ["RENAME", definition],
  ["COMMENT", { names: "nothing", joins: ["ON"], defines: true }],
  ["BEGIN", nothing],
  ["START", { names: "nothing", joins: ["TRANSACTION"], opaque: true }],
  ["COMMIT", { names: "nothing", joins: ["PREPARED"], opaque: true }],
  ["END", nothing],
  ["ROLLBACK", { names: "nothing", joins: ["TO", "SAVEPOINT", "PREPARED"], opaque: true }],
  ["ABORT", nothing],
  ["SAVEPOINT", nothing],
  ["RELEASE", { names: "nothing", joins: ["SAVEPOINT"], opaque: true }],
  ["SET", { names: "object", joins: ["SESSION", "LOCAL", "GLOBAL"], opaque: true }],
  ["RESET", object],
  ["SHOW", object],
  ["PRAGMA", object],
  ["USE", object],
  ["LISTEN", object],
  ["UNLISTEN", object],
  ["NOTIFY", object],
  ["DISCARD", object],
  ["CALL", { names: "procedure", opaque: true }],
  ["EXEC", { names: "procedure", opaque: true }],
  ["EXECUTE", { names: "procedure", opaque: true }],
  ["PREPARE", { names: "nothing", wraps: true }],
  ["EXPLAIN", { names: "nothing", wraps: true }],
  ["DECLARE", { names: "nothing", wraps: true }],
  ["DEALLOCATE", nothing],
  ["FETCH", nothing],
  ["MOVE", nothing],
  ["CLOSE", nothing],
  ["CHECKPOINT", nothing],
  ["DO", nothing],
  ["GRANT", nothing],
  ["REVOKE", nothing],
  ["ATTACH", nothing],
  ["DETACH", nothing],
  ["KILL", nothing],
  ["FLUSH", nothing]
])

/** Verbs a common table expression may begin with, besides a query. */
export const dataVerbs: ReadonlySet<string> = new Set([
  "INSERT",
  "UPDATE",
  "DELETE",
  "MERGE",
  "VALUES",
  "TABLE",
  "REPLACE"
])

/** Words between a verb, or a comma or join, and the name it is about. */
export const wordsBeforeName: ReadonlySet<string> = new Set([
  "ONLY",
  "LATERAL",
  "INTO",
  "TABLE",
  "TEMP",
  "TEMPORARY",
  "UNLOGGED",
  "IF",
  "NOT",
  "EXISTS",
  "CONCURRENTLY",
  "IGNORE",
  "LOW_PRIORITY",
  "HIGH_PRIORITY",
  "DELAYED",
  "QUICK",
  "OVERWRITE",
  "FULL",
  "FREEZE",
  "VERBOSE",
  "ANALYZE",
  "NO_WRITE_TO_BINLOG",
  "LOCAL"
])

/** Words that end a list of tables. */
export const clauseWords: ReadonlySet<string> = new Set([
  "WHERE",
  "GROUP",
  "ORDER",
  "HAVING",
  "LIMIT",
  "OFFSET",
  "FETCH",
  "FOR",
  "RETURNING",
  "WINDOW",
  "UNION",
  "INTERSECT",
  "EXCEPT",
  "MINUS",
  "SET",
  "VALUES",
  "WHEN",
  "QUALIFY",
  "OUTPUT",
  "DEFAULT",
  "TO",
  "CONNECT",
  "START"
])

/** Kinds of object a definition is about, and whether their name is a collection's. */
export const objectKinds: ReadonlyMap<string, "collection" | "object" | "index" | "routine" | "nothing"> = new Map([
  ["TABLE", "collection"],
  ["VIEW", "collection"],
  ["INDEX", "index"],
  ["FUNCTION", "routine"],
  ["PROCEDURE", "routine"],
  ["AGGREGATE", "routine"],
  ["TRIGGER", "routine"],
  ["EVENT", "routine"],
  ["RULE", "routine"],
  ["POLICY", "routine"],
  ["DATABASE", "object"],
  ["SCHEMA", "object"],
  ["SEQUENCE", "object"],
  ["TYPE", "object"],
  ["DOMAIN", "object"],
  ["EXTENSION", "object"],
  ["TABLESPACE", "object"],
  ["COLUMN", "object"],
  ["PUBLICATION", "object"],
  ["SUBSCRIPTION", "object"],
  ["COLLATION", "object"],
  ["SERVER", "object"],
  ["STATISTICS", "object"],
  ["SYSTEM", "nothing"],
  ["CAST", "nothing"],
  ["OPERATOR", "nothing"],
  ["DEFAULT", "nothing"],
  // Names of people.
  ["USER", "nothing"],
  ["ROLE", "nothing"],
  ["LOGIN", "nothing"],
  ["GROUP", "nothing"]
])
