import { assert, describe, it, vi } from "@effect/vitest"
import { DatabaseMessage } from "effect-tracing/conventions"
import { SqlError } from "effect/sql"

const rows: ReadonlyArray<readonly [told: string, written: string]> = [
  // MySQL
  ["Duplicate entry 'Ann' for key 'users.name'", "Duplicate entry ? for key 'users.name'"],
  ["Duplicate entry 'O'Brien' for key 'a' for key 'users.name'", "Duplicate entry ? for key 'users.name'"],
  ["Duplicate entry '' for key 'PRIMARY'", "Duplicate entry ? for key 'PRIMARY'"],
  ["Incorrect integer value: 'abc' for column 'id' at row 1", "Incorrect integer value: ? for column 'id' at row 1"],
  [
    "Incorrect datetime value: 'x' for column `blog`.`posts`.`at` at row 1",
    "Incorrect datetime value: ? for column `blog`.`posts`.`at` at row 1"
  ],
  ["Truncated incorrect DOUBLE value: 'hunter2'", "Truncated incorrect DOUBLE value: ?"],
  ["right syntax to use near ''hunter2' AND id = 4' at line 1", "right syntax to use near ? at line 1"],
  ["right syntax to use near 'SELEC' at line 1", "right syntax to use near 'SELEC' at line 1"],
  ["Unknown column 'foo' in 'field list'", "Unknown column 'foo' in 'field list'"],
  ["Table 'blog.posts' doesn't exist", "Table 'blog.posts' doesn't exist"],
  ["Field 'name' doesn't have a default value", "Field 'name' doesn't have a default value"],
  ["Data too long for column 'name' at row 1", "Data too long for column 'name' at row 1"],
  [
    "a foreign key constraint fails (`blog`.`posts`, CONSTRAINT `a` FOREIGN KEY (`author`) REFERENCES `authors` (`id`))",
    "a foreign key constraint fails (`blog`.`posts`, CONSTRAINT `a` FOREIGN KEY (`author`) REFERENCES `authors` (`id`))"
  ],
  // PostgreSQL
  ["invalid input syntax for type integer: \"abc\"", "invalid input syntax for type integer: ?"],
  ["invalid input syntax for type integer: \"a\" column \"b\"", "invalid input syntax for type integer: ?"],
  ["invalid input value for enum mood: \"secret\"", "invalid input value for enum mood: ?"],
  ["value \"99999999999\" is out of range for type integer", "value ? is out of range for type integer"],
  ["invalid value for parameter \"TimeZone\": \"abc\"", "invalid value for parameter \"TimeZone\": ?"],
  ["Key (email)=(x@y) already exists.", "Key (email)=(?) already exists."],
  ["Key (a, b)=(1, x) y) already exists.", "Key (a, b)=(?) already exists."],
  ["Key (author)=(99) is not present in table \"authors\".", "Key (author)=(?) is not present in table \"authors\"."],
  ["Failing row contains (1, null, secret).", "Failing row contains (?)."],
  ["syntax error at or near \"SELEC\"", "syntax error at or near \"SELEC\""],
  ["syntax error at or near \"'hunter2'\"", "syntax error at or near ?"],
  ["syntax error at or near \"42\"", "syntax error at or near ?"],
  [
    "duplicate key value violates unique constraint \"authors_pkey\"",
    "duplicate key value violates unique constraint \"authors_pkey\""
  ],
  [
    "null value in column \"name\" of relation \"authors\" violates not-null constraint",
    "null value in column \"name\" of relation \"authors\" violates not-null constraint"
  ],
  ["relation \"nowhere\" does not exist", "relation \"nowhere\" does not exist"],
  ["ungültige Eingabesyntax für Typ integer: »abc«", "ungültige Eingabesyntax für Typ integer: ?"],
  // SQLite
  ["UNIQUE constraint failed: authors.name", "UNIQUE constraint failed: authors.name"],
  ["unrecognized token: \"'abc\"", "unrecognized token: ?"],
  ["near \"SELEC\": syntax error", "near \"SELEC\": syntax error"],
  // SQL Server
  [
    "Conversion failed when converting the varchar value 'abc' to data type int.",
    "Conversion failed when converting the varchar value ? to data type int."
  ],
  [
    "Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (x@y).",
    "Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (?)."
  ],
  // None of them
  ["connect ECONNREFUSED 127.0.0.1:1", "connect ECONNREFUSED 127.0.0.1:1"],
  ["it's broken", "it's broken"],
  ["a value that is not closed: 'abc", "a value that is not closed: ?"],
  ["", ""]
]

describe("DatabaseMessage.withoutValues", () => {
  it.each(rows)("writes %s as %s", (told, written) => {
    assert.strictEqual(DatabaseMessage.withoutValues(told), written)
  })

  it("changes nothing the second time", () => {
    for (const [, written] of rows) assert.strictEqual(DatabaseMessage.withoutValues(written), written)
  })

  it.each(["'", "\"", "' for key '", "(", "=(", "=()", "column \"a\" ", "near 'a", "»", "a'"])(
    "goes through a long message of %s a few times at most",
    (part) => {
      const message = part.repeat(Math.ceil(100_000 / part.length))
      const looks = vi.spyOn(String.prototype, "charCodeAt")
      const searches = vi.spyOn(String.prototype, "lastIndexOf")
      try {
        DatabaseMessage.withoutValues(message)
        assert.isAtMost(looks.mock.calls.length, 4 * message.length)
        assert.isAtMost(searches.mock.calls.length, 32)
      } finally {
        looks.mockRestore()
        searches.mockRestore()
      }
    }
  )
})

describe("DatabaseMessage.stackWithoutValues", () => {
  const cause = new Error("Duplicate entry 'Ann\nand Bob' for key 'users.name'")
  const sqlError = new SqlError.SqlError({ reason: new SqlError.UnknownError({ cause, message: "Query failed" }) })

  it("takes the values out of the messages of a database, indented or not", () => {
    const stack = `SqlError: Query failed\n  [cause]: Error: ${cause.message.replaceAll("\n", "\n  ")}\n    at 'a file'`
    assert.strictEqual(
      DatabaseMessage.stackWithoutValues(stack, sqlError),
      "SqlError: Query failed\n  [cause]: Error: Duplicate entry ? for key 'users.name'\n    at 'a file'"
    )
    assert.notInclude(
      DatabaseMessage.stackWithoutValues(cause.stack ?? "", new Error("mine", { cause: sqlError })),
      "Ann"
    )
    assert.notInclude(DatabaseMessage.stackWithoutValues(cause.stack ?? "", sqlError.reason), "Ann")
  })

  it("leaves those of other errors alone", () => {
    assert.strictEqual(DatabaseMessage.stackWithoutValues(cause.stack ?? "", cause), cause.stack)
  })
})
