import { PgClient } from "@effect/sql-pg"
import { assert, describe, it, layer } from "@effect/vitest"
import { Cause, Data, Effect, Exit, Fiber, Layer, Option, Redacted, Stream } from "effect"
import { Conventions } from "effect-tracing/conventions"
import { Attributes } from "effect-tracing/model"
import type { EndedSpan } from "effect-tracing/model"
import { SqlInstrumentation } from "effect-tracing/sql"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { SqlClient } from "effect/sql"
import * as Keys from "../../src/sql/effectKeys.ts"
import { postgres, postgresByUrl } from "./database.ts"

type Sql = SqlClient.SqlClient

class ChangedMind extends Data.TaggedError("ChangedMind") {
  override readonly message = "changed my mind"
}

const traced = TestTracing.layer()

const setUp = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`DROP TABLE IF EXISTS posts, authors, tags`
  yield* sql`CREATE TABLE tags (name varchar(2))`
  yield* sql`CREATE TABLE authors (id int PRIMARY KEY, name text NOT NULL UNIQUE)`
  yield* sql`CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES authors, words int CHECK (words >= 0))`
  yield* sql`INSERT INTO authors (id, name) VALUES (1, 'Ann')`
  yield* (yield* RecordedSpans).clear
})

/** The span of one statement. */
const spanOf = (statement: (sql: Sql) => Effect.Effect<unknown, unknown>) =>
  Effect.gen(function*() {
    yield* setUp
    const { all, clear } = yield* RecordedSpans
    yield* clear
    const exit = yield* Effect.exit(statement(yield* SqlClient.SqlClient))
    const spans = yield* all
    assert.deepStrictEqual(Conventions.check(spans), [])
    return { exit, span: spans[0]!, spans }
  })

interface Row {
  readonly rule: string
  readonly run: (sql: Sql) => Effect.Effect<unknown, unknown>
  readonly name: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly absent?: ReadonlyArray<string>
}

const rows: ReadonlyArray<Row> = [
  {
    rule: "the name is the summary, operation and table are named",
    run: (sql) => sql`SELECT * FROM authors WHERE id = ${1}`,
    name: "SELECT authors",
    attributes: {
      "db.query.summary": "SELECT authors",
      "db.operation.name": "SELECT",
      "db.collection.name": "authors",
      "db.query.text": "SELECT * FROM authors WHERE id = $1",
      "db.system.name": "postgresql",
      "db.namespace": "postgres"
    },
    absent: ["effect.sql.method", "error.type", "db.response.status_code"]
  },
  {
    rule: "Effect's helpers are read like any SQL",
    run: (sql) => sql`INSERT INTO ${sql("authors")} ${sql.insert({ id: 2, name: "Bob" })}`,
    name: "INSERT authors",
    attributes: { "db.collection.name": "authors" }
  },
  {
    rule: "several tables are no one collection",
    run: (sql) => sql`SELECT * FROM posts JOIN authors ON authors.id = posts.author`,
    name: "SELECT posts authors",
    attributes: { "db.operation.name": "SELECT" },
    absent: ["db.collection.name"]
  },
  {
    rule: "literals of a statement without parameters are not recorded",
    run: (sql) => sql.unsafe("SELECT * FROM authors WHERE name = 'hunter2' AND id = 42"),
    name: "SELECT authors",
    attributes: { "db.query.text": "SELECT * FROM authors WHERE name = ? AND id = ?" }
  },
  {
    rule: "the text of a statement with parameters is recorded as it is",
    run: (sql) => sql`SELECT 'constant' FROM authors WHERE name = ${"hunter2"}`,
    name: "SELECT authors",
    attributes: { "db.query.text": "SELECT 'constant' FROM authors WHERE name = $1" }
  },
  {
    rule: "a stream is a statement like any other",
    run: (sql) => Stream.runDrain(sql`SELECT * FROM authors`.stream),
    name: "SELECT authors",
    absent: ["effect.sql.method"]
  },
  {
    rule: "values are a statement like any other",
    run: (sql) => sql`SELECT * FROM authors`.values,
    name: "SELECT authors"
  },
  { rule: "raw is a statement like any other", run: (sql) => sql`SELECT * FROM authors`.raw, name: "SELECT authors" },
  {
    rule: "text that is no SQL is named after the database",
    run: (sql) => sql.unsafe("hello world"),
    name: "postgres",
    absent: ["db.query.summary", "db.operation.name", "db.collection.name"]
  }
]

/** Statements that fail, with the SQLSTATE they fail with. */
const failures: ReadonlyArray<readonly [code: string, sql: string]> = [
  ["42601", "SELEC"],
  ["42P01", "SELECT * FROM nowhere"],
  ["42703", "SELECT nothing FROM authors"],
  ["42883", "SELECT nothing(1)"],
  ["42702", "SELECT id FROM authors JOIN posts ON true"],
  ["42803", "SELECT id, count(*) FROM authors"],
  ["42P07", "CREATE TABLE authors (id int)"],
  ["42701", "ALTER TABLE authors ADD COLUMN name text"],
  ["42704", "DROP TYPE nothing"],
  ["42804", "SELECT CASE WHEN true THEN 1 ELSE 'a'::text END"],
  ["42P10", "SELECT id FROM authors ORDER BY 5"],
  ["42846", "SELECT point(1, 2)::int"],
  ["23505", "INSERT INTO authors VALUES (1, 'Bob')"],
  ["23502", "INSERT INTO authors VALUES (3, NULL)"],
  ["23503", "INSERT INTO posts VALUES (1, 99, 1)"],
  ["23514", "INSERT INTO posts VALUES (1, 1, -1)"],
  ["22012", "SELECT 1 / 0"],
  ["22P02", "SELECT 'a'::int"],
  ["22003", "SELECT 99999999999::int"],
  ["22007", "SELECT 'a'::date"],
  ["22008", "SELECT '2026-13-45'::date"],
  ["22001", "INSERT INTO tags VALUES ('abc')"],
  ["21000", "SELECT (SELECT 1 UNION SELECT 2)"],
  ["2201E", "SELECT ln(0)"],
  ["2202E", "SELECT ARRAY[[1], [2, 3]]"],
  ["3F000", "CREATE TABLE nowhere.a (id int)"],
  ["25P01", "SAVEPOINT a"],
  ["34000", "FETCH FROM nothing"],
  ["26000", "EXECUTE nothing"],
  ["2BP01", "DROP TABLE authors"],
  ["P0001", "DO $$ BEGIN RAISE EXCEPTION 'mine'; END $$"],
  ["P0002", "DO $$ DECLARE a int; BEGIN SELECT id INTO STRICT a FROM posts; END $$"],
  ["42P17", "CREATE TABLE a (id int) PARTITION BY LIST (id, id)"]
]

layer(postgres, { excludeTestServices: true })("SqlInstrumentation", (it) => {
  for (const { absent, attributes, name, rule, run } of rows) {
    it.effect(rule, () =>
      Effect.gen(function*() {
        const { span } = yield* spanOf(run)
        assert.strictEqual(span.name, name)
        const found: Readonly<Record<string, unknown>> = span.attributes.toRecord()
        for (const [key, value] of Object.entries(attributes ?? {})) assert.strictEqual(found[key], value, key)
        for (const key of absent ?? []) assert.notProperty(found, key)
      }).pipe(Effect.provide(traced)))
  }

  it.effect("leaves the status of what succeeds unset", () =>
    Effect.gen(function*() {
      const { span } = yield* spanOf((sql) => sql`SELECT 1`)
      assert.strictEqual(span.statusCode, "unset")
      assert.strictEqual(span.kind, "client")
    }).pipe(Effect.provide(traced)))

  it.effect("finds the SQLSTATE of every failure", () =>
    Effect.gen(function*() {
      yield* setUp
      const sql = yield* SqlClient.SqlClient
      const { all, clear } = yield* RecordedSpans
      const found: Array<readonly [string, unknown, unknown, string]> = []
      for (const [code, text] of failures) {
        yield* clear
        yield* Effect.exit(sql.unsafe(text).unprepared)
        const span = (yield* all)[0]!
        found.push([
          code,
          span.attributes.get("db.response.status_code"),
          span.attributes.get("error.type"),
          span.statusCode
        ])
      }
      assert.deepStrictEqual(found, failures.map(([code]) => [code, code, code, "error"]))
    }).pipe(Effect.provide(traced)))

  it.effect("describes a failure by what the database said, with one exception", () =>
    Effect.gen(function*() {
      const { span } = yield* spanOf((sql) => sql`INSERT INTO authors (id, name) VALUES (${1}, ${"Bob"})`)
      assert.strictEqual(span.statusMessage, "duplicate key value violates unique constraint \"authors_pkey\"")
      assert.deepStrictEqual(span.events.map((event) => event.name), ["exception"])
    }).pipe(Effect.provide(traced)))

  it.effect("tells what the database said without the values in it", () =>
    Effect.gen(function*() {
      const whole = ({ events, statusMessage }: EndedSpan) =>
        JSON.stringify([statusMessage, events.map(({ attributes }) => attributes?.toRecord())])
      const statements = [
        ["SELECT 'hunter2'::int", "invalid input syntax for type integer: ?"],
        ["SELECT 'hunter2'::date", "invalid input syntax for type date: ?"],
        ["SELECT '{hunter2'::int[]", "malformed array literal: ?"],
        ["SELECT 'hunter2' 'hunter2'", "syntax error at or near ?"],
        ["INSERT INTO authors VALUES (7, 'Ann')", "duplicate key value violates unique constraint \"authors_name_key\""]
      ] as const
      for (const [statement, said] of statements) {
        const { spans } = yield* spanOf((sql) => Effect.withSpan(Effect.orDie(sql.unsafe(statement)), "outer"))
        assert.strictEqual(spans[0]?.statusMessage, said)
        assert.isAbove(spans[0]?.events.length ?? 0, 0)
        for (const span of spans) assert.notMatch(whole(span), /hunter2|Ann/)
      }
    }).pipe(Effect.provide(traced)))

  it.effect("finds the SQLSTATE of what was made a defect", () =>
    Effect.gen(function*() {
      const { spans } = yield* spanOf((sql) => Effect.withSpan(Effect.orDie(sql`SELECT * FROM nowhere`), "outer"))
      assert.deepStrictEqual(
        spans.map((span) => [span.name, span.attributes.get("error.type"), span.events.length]),
        [["SELECT nowhere", "42P01", 1], ["outer", "SqlError", 0]]
      )
    }).pipe(Effect.provide(traced)))

  it.effect("leaves an interrupted statement without error", () =>
    Effect.gen(function*() {
      const { all, clear } = yield* RecordedSpans
      yield* clear
      const sql = yield* SqlClient.SqlClient
      // The only connection is taken, so the statement waits.
      yield* sql.reserve
      const fiber = yield* Effect.forkChild(sql`SELECT 1`, { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      const span = (yield* all)[0]!
      assert.strictEqual(span.statusCode, "unset")
      assert.isFalse(span.attributes.has("error.type"))
    }).pipe(Effect.scoped, Effect.provide(traced)))

  describe("transactions", () => {
    it.effect("are one subtree that says commit", () =>
      Effect.gen(function*() {
        const { spans } = yield* spanOf((sql) =>
          sql.withTransaction(Effect.andThen(
            sql`INSERT INTO authors (id, name) VALUES (${2}, ${"Bob"})`,
            sql`UPDATE authors SET name = ${"Bea"} WHERE id = ${2}`
          ))
        )
        assert.deepStrictEqual(outcomes(spans), [
          ["INSERT authors", undefined],
          ["UPDATE authors", undefined],
          ["sql.transaction", "commit"]
        ])
        assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, [
          "sql.transaction",
          "  INSERT authors",
          "  UPDATE authors"
        ])
        assert.strictEqual(spans.at(-1)?.statusCode, "unset")
      }).pipe(Effect.provide(traced)))

    it.effect("say savepoint where they are nested, even inside a span between", () =>
      Effect.gen(function*() {
        const { spans } = yield* spanOf((sql) =>
          sql.withTransaction(Effect.withSpan(sql.withTransaction(sql`DELETE FROM posts`), "between"))
        )
        assert.deepStrictEqual(outcomes(spans), [
          ["DELETE posts", undefined],
          ["sql.savepoint", "savepoint"],
          ["between", undefined],
          ["sql.transaction", "commit"]
        ])
      }).pipe(Effect.provide(traced)))

    it.effect("say rollback and why, with the exception where it arose", () =>
      Effect.gen(function*() {
        const { spans } = yield* spanOf((sql) => sql.withTransaction(sql`SELECT * FROM nowhere`))
        assert.deepStrictEqual(outcomes(spans), [["SELECT nowhere", undefined], ["sql.transaction", "rollback"]])
        assert.deepStrictEqual(
          spans.map((span) => [
            span.statusCode,
            span.attributes.get("error.type"),
            span.events.filter((event) => event.name === "exception").length
          ]),
          [["error", "42P01", 1], ["error", "42P01", 0]]
        )
      }).pipe(Effect.provide(traced)))

    it.effect("say rollback when the program fails", () =>
      Effect.gen(function*() {
        const { spans } = yield* spanOf((sql) =>
          sql.withTransaction(Effect.andThen(sql`DELETE FROM posts`, Effect.fail(new ChangedMind())))
        )
        const transaction = spans.at(-1)!
        assert.strictEqual(transaction.attributes.get("effect.sql.transaction.outcome"), "rollback")
        assert.strictEqual(transaction.statusMessage, "changed my mind")
      }).pipe(Effect.provide(traced)))

    it.effect("heal inside: a savepoint rolled back and a transaction committed", () =>
      Effect.gen(function*() {
        const { spans } = yield* spanOf((sql) =>
          sql.withTransaction(Effect.andThen(
            Effect.ignore(sql.withTransaction(sql`SELECT * FROM nowhere`)),
            sql`DELETE FROM posts`
          ))
        )
        assert.deepStrictEqual(outcomes(spans), [
          ["SELECT nowhere", undefined],
          ["sql.savepoint", "rollback"],
          ["DELETE posts", undefined],
          ["sql.transaction", "commit"]
        ])
        assert.strictEqual(spans.at(-1)?.statusCode, "unset")
      }).pipe(Effect.provide(traced)))
  })

  describe("host, port and database", () => {
    it.effect("are those of the URL the client was given", () =>
      Effect.gen(function*() {
        const { spans } = yield* spanOf((sql) => sql.withTransaction(sql`SELECT 1`))
        const { config } = yield* PgClient.PgClient
        const url = new URL(Redacted.value(config.url!))
        for (const span of spans) {
          assert.strictEqual(span.attributes.get("server.address"), "127.0.0.1")
          assert.strictEqual(span.attributes.get("server.port"), Number(url.port))
          assert.strictEqual(span.attributes.get("db.namespace"), "postgres")
        }
      }).pipe(Effect.provide(Layer.merge(traced, postgresByUrl))))

    const say = (
      config: Readonly<Record<string, unknown>>,
      said: Readonly<Record<string, unknown>>
    ): Effect.Effect<Readonly<Record<string, unknown>>> =>
      Effect.sync(() => {
        const { onFinish } = SqlInstrumentation.make()
        const attributes = Attributes.fromRecord({
          "effect.sql.method": "execute",
          "db.query.text": "SELECT 1",
          ...said
        })
        onFinish!(
          {
            name: "x",
            kind: "client",
            attributes,
            parent: Option.none(),
            startTime: 0n,
            endTime: 0n,
            memo: undefined
          },
          Exit.void
        )
        return attributes.toRecord()
      }).pipe(Effect.provideService(Keys.Client, { config }))

    const defaults = {
      "db.system.name": "postgresql",
      "db.namespace": "postgres",
      "server.address": "localhost",
      "server.port": 5432
    }

    const urls: ReadonlyArray<readonly [url: string, address: string, port: number, namespace: string]> = [
      ["postgres://u:p@db.example:6432/blog", "db.example", 6432, "blog"],
      ["postgresql://u@db.example/blog", "db.example", 5432, "blog"],
      ["postgres://[::1]:5433/blog", "::1", 5433, "blog"],
      ["postgres:///blog?host=/tmp/socket&port=7000", "/tmp/socket", 7000, "blog"],
      ["postgres://u@db.example/?dbname=other", "db.example", 5432, "other"],
      ["postgres://alice@db.example", "db.example", 5432, "alice"],
      ["postgres://db.example/my%20blog", "db.example", 5432, "my blog"],
      ["postgres://db.example/%E0%A4%A", "db.example", 5432, "%E0%A4%A"],
      ["postgres://u@db.example/blog?options=-csearch_path%3Dshop", "db.example", 5432, "blog|shop"],
      ["postgres://u@db.example/blog?options=-c%20search_path%3Dshop%2Cpublic", "db.example", 5432, "blog|shop"],
      ["postgres://u@db.example/blog?options=-cstatement_timeout%3D5", "db.example", 5432, "blog"],
      ["postgres://u@db.example/blog?options=--search-path%3D%22shop%22", "db.example", 5432, "blog|shop"]
    ]
    it.effect("counts the statements of one text, and one is none", () =>
      Effect.gen(function*() {
        const several = yield* say({}, { "db.query.text": "INSERT INTO a VALUES (1); INSERT INTO b VALUES (2);" })
        assert.strictEqual(several["db.operation.batch.size"], 2)
        assert.notProperty(yield* say({}, { "db.query.text": "SELECT 1;" }), "db.operation.batch.size")
      }))

    it.effect("have the schema of a client that was given a search path", () =>
      Effect.gen(function*() {
        const config = { host: "db.example", port: 5433, database: "blog" }
        const said = {
          "db.system.name": "postgresql",
          "db.namespace": "blog",
          "server.address": "db.example",
          "server.port": 5433
        }
        const namespaces = [
          { startupParameters: { search_path: "shop, public" } },
          { startupOptions: "-c search_path=shop" },
          { startupParameters: { search_path: "\"$user\", public" } },
          {}
        ].map((given) => say({ ...config, ...given }, said))
        assert.deepStrictEqual(
          (yield* Effect.all(namespaces)).map((found) => found["db.namespace"]),
          ["blog|shop", "blog|shop", "blog", "blog"]
        )
      }))

    for (const [url, address, port, namespace] of urls) {
      it.effect(`are read out of ${url}`, () =>
        Effect.gen(function*() {
          const found = yield* say({ url: Redacted.make(url) }, defaults)
          assert.deepStrictEqual(
            [found["server.address"], found["server.port"], found["db.namespace"]],
            [address, port, namespace]
          )
        }))
    }

    it.effect("are left where the span is of another client than the context's", () =>
      Effect.gen(function*() {
        const url = Redacted.make("postgres://db.example/blog")
        const found = yield* say({ url }, { ...defaults, "server.address": "other.example" })
        assert.strictEqual(found["server.address"], "other.example")
        const marked = yield* say({ url, spanAttributes: { "db.role": "writer" } }, {
          ...defaults,
          "db.role": "reader"
        })
        assert.strictEqual(marked["server.address"], "localhost")
      }))

    it.effect("never throw, whatever the context calls a client", () =>
      Effect.gen(function*() {
        for (
          const config of [{}, { url: "x" }, { url: Redacted.make("not a url") }, { url: Redacted.make("mysql://a/b") }]
        ) {
          assert.strictEqual((yield* say(config, defaults))["server.address"], "localhost")
        }
      }))
  })

  it.effect("leaves spans that are none of SQL's", () =>
    Effect.sync(() => {
      const { onFinish } = SqlInstrumentation.make()
      const span = (name: string, kind: "client" | "internal") => ({
        name,
        kind,
        attributes: new Attributes(),
        parent: Option.none(),
        startTime: 0n,
        endTime: 0n,
        memo: undefined
      })
      assert.isUndefined(onFinish!(span("GET", "client"), Exit.void))
      assert.isUndefined(onFinish!(span("sql.transaction", "internal"), Exit.failCause(Cause.fail("x"))))
    }))
})

const outcomes = (spans: ReadonlyArray<EndedSpan>) =>
  spans.map((span) => [span.name, span.attributes.get("effect.sql.transaction.outcome")])

describe("effectKeys", () => {
  it("are Effect's own", () => {
    assert.strictEqual(Keys.Client.key, SqlClient.SqlClient.key)
  })

  it.live("find the transaction a fiber is in", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      assert.isUndefined(yield* Keys.TransactionService)
      assert.strictEqual(
        (yield* sql.withTransaction(Keys.TransactionService))?.key,
        sql.transactionService.key
      )
    }).pipe(Effect.provide(postgres)))
})
