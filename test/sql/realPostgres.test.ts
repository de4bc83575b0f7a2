import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Conventions } from "effect-tracing/conventions"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { SqlClient } from "effect/sql"
import { postgresPrograms, realPostgres } from "./realPostgres.ts"

const setUp = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`DROP TABLE IF EXISTS posts, authors`
  yield* sql`CREATE TABLE authors (id int PRIMARY KEY, name text NOT NULL UNIQUE)`
  yield* sql`CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES authors, words int CHECK (words >= 0))`
  yield* sql`INSERT INTO authors (id, name) VALUES (1, 'Ann')`
  yield* (yield* RecordedSpans).clear
  return sql
})

/** What a statement is, what its span is named, and the SQLSTATE it ends with. */
const statements: ReadonlyArray<readonly [text: string, name: string, state: string | undefined]> = [
  ["SELECT name FROM authors WHERE name = 'Ann' -- a comment", "SELECT authors", undefined],
  ["SELECT \"name\" FROM public.authors", "SELECT public.authors", undefined],
  ["INSERT INTO authors VALUES (1, 'Bob') ON CONFLICT (id) DO NOTHING", "INSERT authors", undefined],
  ["INSERT INTO authors VALUES (1, 'Bob')", "INSERT authors", "23505"],
  ["INSERT INTO authors VALUES (2, NULL)", "INSERT authors", "23502"],
  ["INSERT INTO posts VALUES (1, 99, 1)", "INSERT posts", "23503"],
  ["INSERT INTO posts VALUES (1, 1, -1)", "INSERT posts", "23514"],
  ["SELECT * FROM nowhere", "SELECT nowhere", "42P01"],
  ["SELECT nothing FROM authors", "SELECT authors", "42703"],
  ["SELECT no_function(1)", "SELECT", "42883"],
  ["SELECT 1 / 0", "SELECT", "22012"],
  ["SELECT 'x'::int", "SELECT", "22P02"],
  ["SELEC 1", "postgres", "42601"]
]

const tests = (programs: string): void =>
  layer(Layer.provideMerge(realPostgres(programs), TestTracing.layer()), { excludeTestServices: true })((it) => {
    it.effect("names statements and says their SQLSTATE as the embedded one does", () =>
      Effect.gen(function*() {
        const sql = yield* setUp
        for (const [text] of statements) yield* Effect.exit(sql.unsafe(text))
        const spans = yield* (yield* RecordedSpans).all
        assert.deepStrictEqual(
          spans.map(({ attributes, name }) => [name, attributes.get("db.response.status_code")]),
          statements.map(([, name, state]) => [name, state])
        )
        for (const { attributes } of spans) assert.notInclude(String(attributes.get("db.query.text")), "'")
        assert.deepStrictEqual(Conventions.check(spans), [])
      }))

    it.effect("shows a transaction as one subtree", () =>
      Effect.gen(function*() {
        const sql = yield* setUp
        const undone = sql.withTransaction(Effect.andThen(sql`DELETE FROM posts`, Effect.fail("changed my mind")))
        yield* sql.withTransaction(Effect.andThen(sql`UPDATE authors SET name = ${"Eve"}`, Effect.exit(undone)))
        const { all, tree } = yield* RecordedSpans
        assert.deepStrictEqual(yield* tree, [
          "sql.transaction",
          "  UPDATE authors",
          "  sql.savepoint",
          "    DELETE posts"
        ])
        assert.deepStrictEqual(
          (yield* all).flatMap(({ attributes }) => attributes.get("effect.sql.transaction.outcome") ?? []),
          ["rollback", "commit"]
        )
      }))

    it.effect("tells a serialization failure and a lock that was not to be had", () =>
      Effect.gen(function*() {
        const sql = yield* setUp
        yield* Effect.exit(sql.unsafe("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))
        yield* Effect.exit(sql.unsafe("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '55P03'; END $$"))
        const spans = yield* (yield* RecordedSpans).all
        assert.deepStrictEqual(spans.map(({ attributes }) => attributes.get("error.type")), ["40001", "55P03"])
      }))
  })

describe("SqlInstrumentation.make, with an installed PostgreSQL", () => {
  if (postgresPrograms === undefined) it("finds none on this machine, and has nothing to test", () => {})
  else tests(postgresPrograms)
})
