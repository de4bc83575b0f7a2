import { assert, describe, it, vi } from "@effect/vitest"
import { Sql } from "effect-tracing/conventions"
import type { Statement } from "./statements.ts"
import { mysql, postgresql, sqlite, sqlServer } from "./statements.ts"

const tables: ReadonlyArray<readonly [system: string, statements: ReadonlyArray<Statement>]> = [
  ["postgresql", postgresql],
  ["mysql", mysql],
  ["sqlite", sqlite],
  ["microsoft.sql_server", sqlServer]
]

describe("Sql.summarize", () => {
  for (const [system, statements] of tables) {
    describe(system, () => {
      for (const [sql, summary, operation, collection] of statements) {
        it(`reads ${JSON.stringify(sql)}`, () => {
          const found = Sql.summarize(sql, system)
          assert.deepStrictEqual([found.summary, found.operation, found.collection], [summary, operation, collection])
        })
      }
    })
  }

  it("is tried on at least 300 statements", () => {
    assert.isAtLeast(tables.reduce((sum, [, statements]) => sum + statements.length, 0), 300)
  })

  it("gives the same answer for the same text again", () => {
    const text = "SELECT * FROM posts WHERE a = 1"
    assert.strictEqual(Sql.summarize(text, "postgresql"), Sql.summarize(text, "postgresql"))
  })

  it("reads a quote as the system does", () => {
    const text = "SELECT * FROM \"posts\""
    assert.strictEqual(Sql.summarize(text, "postgresql").collection, "posts")
    assert.strictEqual(Sql.summarize(text, "mysql").collection, undefined)
  })

  it("names the stored procedure of a call", () => {
    assert.strictEqual(Sql.summarize("CALL archive(1)", "postgresql").procedure, "archive")
    assert.strictEqual(Sql.summarize("SELECT archive(1)", "postgresql").procedure, undefined)
  })

  it("cuts a summary at 255 characters, between names", () => {
    const tables = Array.from({ length: 50 }, (_, index) => `table_${index}`)
    const { summary } = Sql.summarize(`SELECT * FROM ${tables.join(", ")}`, "postgresql")
    assert.isAtMost(summary!.length, 255)
    assert.match(summary!, /^SELECT table_0 .* table_\d+$/)
    assert.isTrue(tables.includes(summary!.split(" ").at(-1)!))
  })

  it("leaves out a name too long to keep", () => {
    assert.strictEqual(Sql.summarize(`SELECT * FROM ${"a".repeat(1000)}, posts`, "postgresql").summary, "SELECT posts")
  })
})

describe("Sql.summarize text", () => {
  const sanitised: ReadonlyArray<readonly [system: string, sql: string, text: string]> = [
    ["postgresql", "SELECT * FROM posts WHERE a = 'x' AND b = 5", "SELECT * FROM posts WHERE a = ? AND b = ?"],
    ["postgresql", "SELECT 'it''s', 1.5e-3, -7, 0xFF, .5", "SELECT ?, ?, -?, ?, ?"],
    ["postgresql", "SELECT E'a\\'b', B'01', X'ff', N'n', U&'d'", "SELECT ?, ?, ?, ?, U&?"],
    ["postgresql", "SELECT $$secret$$, $tag$se$$cret$tag$", "SELECT ?, ?"],
    ["postgresql", "SELECT TRUE, false, NULL", "SELECT ?, ?, NULL"],
    ["postgresql", "SELECT DATE '2026-01-01', INTERVAL '1 day'", "SELECT DATE ?, INTERVAL ?"],
    ["postgresql", "SELECT a -- secret\nFROM b /* secret */ WHERE c = 1", "SELECT a FROM b WHERE c = ?"],
    ["postgresql", "/* secret */ SELECT a", "SELECT a"],
    ["postgresql", "SELECT a -- secret", "SELECT a"],
    ["postgresql", "SELECT t1.c2 FROM t1 WHERE t1.c2 = 3", "SELECT t1.c2 FROM t1 WHERE t1.c2 = ?"],
    ["postgresql", "SELECT \"name 1\" FROM t LIMIT 10", "SELECT \"name 1\" FROM t LIMIT ?"],
    ["postgresql", "SELECT 'open", "SELECT ?"],
    ["postgresql", "SELECT $x$open secret", "SELECT ?"],
    ["postgresql", "SELECT /* open secret", "SELECT"],
    ["postgresql", "SELECT a ? 'b'", "SELECT a ? ?"],
    ["mysql", "SELECT \"secret\", 'se\\'cret', `column`", "SELECT ?, ?, `column`"],
    ["mysql", "SELECT a # secret\nFROM b", "SELECT a FROM b"],
    ["sqlite", "SELECT x'00' FROM [t 1]", "SELECT ? FROM [t 1]"]
  ]
  for (const [system, sql, text] of sanitised) {
    it(`writes ? for the literals of ${JSON.stringify(sql)} in ${system}`, () => {
      const found = Sql.summarize(sql, system)
      assert.strictEqual(found.text, text)
      assert.isFalse(found.parameterised)
    })
  }

  const kept: ReadonlyArray<readonly [system: string, sql: string]> = [
    ["postgresql", "SELECT * FROM posts WHERE id = $1 AND status = 'publish' -- note"],
    ["mysql", "SELECT * FROM posts WHERE id = ? AND status = 'publish'"],
    ["sqlite", "SELECT * FROM posts WHERE id = :id LIMIT 5"],
    ["sqlite", "SELECT * FROM posts WHERE id = $id LIMIT 5"],
    ["microsoft.sql_server", "SELECT TOP 5 * FROM posts WHERE id = @id"],
    ["postgresql", "SELECT a FROM posts"]
  ]
  for (const [system, sql] of kept) {
    it(`keeps ${JSON.stringify(sql)} in ${system}`, () => {
      assert.strictEqual(Sql.summarize(sql, system).text, sql)
    })
  }
})

describe("Sql.summarize of hostile text", () => {
  const repeat = (text: string): string => text.repeat(Math.ceil(1_000_000 / text.length))
  const hostile: Readonly<Record<string, string>> = {
    parentheses: repeat("("),
    quotes: repeat("'"),
    "double quotes": repeat("\""),
    "open comments": repeat("/*"),
    "line comments": repeat("--\n"),
    "dollar tags": repeat("$a$ $b$ "),
    "one long tag": `$${repeat("a")}`,
    tables: `SELECT * FROM ${repeat("a,")}`,
    dots: `SELECT * FROM ${repeat("a.")}`,
    subqueries: repeat("SELECT * FROM ("),
    unions: repeat("SELECT a FROM b UNION "),
    "common table expressions": repeat("WITH a AS ("),
    statements: repeat("SELECT 1;"),
    definitions: repeat("CREATE "),
    explanations: repeat("EXPLAIN "),
    exponents: repeat("1e-"),
    backslashes: `SELECT '${repeat("\\")}`,
    "control characters": repeat("\u0000\u0001\ud800")
  }
  for (const [name, text] of Object.entries(hostile)) {
    it(`reads 1 MB of ${name} in every dialect, each character a bounded number of times`, () => {
      for (const system of ["postgresql", "mysql", "sqlite", "microsoft.sql_server", "unheard of"]) {
        const { summary, text: sanitised } = Sql.summarize(text, system)
        assert.isAtMost(summary?.length ?? 0, 255)
        assert.isAtMost(sanitised.length, text.length)
      }
    })

    it(`looks at no more of 1 MB of ${name} than a small part`, () => {
      const looks = vi.spyOn(String.prototype, "charCodeAt")
      try {
        Sql.summarize(text, "postgresql")
        assert.isAtMost(looks.mock.calls.length, 16 * 8_192)
      } finally {
        looks.mockRestore()
      }
    })
  }

  it("keeps the beginning of a text that is too long, without its literals, and says so", () => {
    const { collection, complete, operation, text } = Sql.summarize(
      `INSERT INTO posts VALUES ${"(1, 'secret'),".repeat(100_000)}`,
      "postgresql"
    )
    assert.deepStrictEqual([operation, collection, complete], ["INSERT", "posts", false])
    assert.isTrue(text.startsWith("INSERT INTO posts VALUES (?, ?),") && text.endsWith("…"))
    assert.isAtMost(text.length, 8_193)
    assert.notInclude(text, "secret")
    assert.isTrue(Sql.summarize("SELECT 1").complete)
  })

  it("takes no half of a token at the cut for a parameter", () => {
    for (let length = 8_170; length < 8_210; length++) {
      const start = "SELECT 'secret', "
      const text = `${start}${" ".repeat(length - start.length)}$tag$ secret $tag$, 'secret'${" ".repeat(100)}`
      const { parameterised, text: written } = Sql.summarize(text, "postgresql")
      assert.isFalse(parameterised)
      assert.notInclude(written, "secret")
    }
  })

  it("never throws, whatever fragments are put together", () => {
    const fragments = [
      ..."SELECT|FROM|WITH|AS|INSERT|INTO|UPDATE|SET|DELETE|USING|JOIN|CREATE|TABLE|INDEX|ON|EXPLAIN|COPY|VALUES".split(
        "|"
      ),
      ..."( ) , ; . ' \" ` [ ] $ $$ $1 ? : :: @ # -- /* */ \\ \n a b.c 1 1e + -".split(" ")
    ]
    // A fixed sequence: what fails once fails again.
    let seed = 42
    const next = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % below
    }
    for (let run = 0; run < 20_000; run++) {
      let text = ""
      for (let length = next(20); length >= 0; length--) {
        text += fragments[next(fragments.length)]! + (next(3) === 0 ? "" : " ")
      }
      const { summary } = Sql.summarize(text, ["postgresql", "mysql", "sqlite"][next(3)])
      assert.isTrue(summary === undefined || (summary !== "" && summary.length <= 255), text)
    }
  })
})
