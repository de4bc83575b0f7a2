import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Fiber, Layer, Stream } from "effect"
import { Conventions } from "effect-tracing/conventions"
import { SqlTracing } from "effect-tracing/sql"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { SqlClient, Statement } from "effect/sql"
import * as Keys from "../../src/sql/effectKeys.ts"
import { postgres } from "./database.ts"
import { sqlite, sqliteWith } from "./sqlite.ts"

const traced = TestTracing.layer()
const waitKey = "effect.sql.connection.wait_ms"

layer(postgres, { excludeTestServices: true })("SqlTracing", (it) => {
  describe("layerComments", () => {
    const run = (options: Parameters<typeof SqlTracing.layerComments>[0], text: string) =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const arrived = yield* sql.unsafe<{ readonly query: string }>(text).pipe(
          Effect.map((rows) => rows[0]?.query)
        )
        const [span] = yield* (yield* RecordedSpans).all
        return { arrived, span: span! }
      }).pipe(Effect.provide(Layer.merge(traced, SqlTracing.layerComments(options))))

    it.effect("tells a database of one's own which span asks, and the span what the program asked", () =>
      Effect.gen(function*() {
        const text = "SELECT current_query() AS query"
        const { arrived, span } = yield* run({}, text)
        assert.strictEqual(arrived, `${text} /*traceparent='00-${span.traceId}-${span.spanId}-03'*/`)
        assert.strictEqual(span.attributes.get("db.query.text"), text)
        assert.strictEqual(span.attributes.get("db.query.summary"), "SELECT")
      }))

    it.effect("leaves a statement that has a comment as it is", () =>
      Effect.gen(function*() {
        const text = "SELECT current_query() AS query /* mine */"
        assert.strictEqual((yield* run({}, text)).arrived, text)
      }))

    it.effect("keeps parameters in their places", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const rows = yield* sql<{ readonly sum: number }>`SELECT ${1}::int + ${2}::int AS sum`
        assert.deepStrictEqual(rows, [{ sum: 3 }])
      }).pipe(Effect.provide(Layer.merge(traced, SqlTracing.layerComments()))))

    it.effect("says nothing unasked", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const rows = yield* sql<{ readonly query: string }>`SELECT current_query() AS query`
        assert.deepStrictEqual(rows.map((row) => row.query), ["SELECT current_query() AS query"])
      }).pipe(Effect.provide(traced)))

    it.effect("says nothing to a stranger, unless told to", () =>
      Effect.gen(function*() {
        const queries: Array<string> = []
        const stranger = sqliteWith({
          spanAttributes: [["db.system.name", "sqlite"], ["server.address", "db.stranger.example"]],
          onQuery: (text) => queries.push(text)
        })
        const ask = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1`)
        yield* ask.pipe(Effect.provide(Layer.mergeAll(traced, stranger, SqlTracing.layerComments())))
        yield* ask.pipe(
          Effect.provide(Layer.mergeAll(traced, stranger, SqlTracing.layerComments({ targets: [".stranger.example"] })))
        )
        assert.strictEqual(queries[0], "SELECT 1")
        assert.match(queries[1]!, /^SELECT 1 \/\*traceparent='[0-9a-f-]{55}'\*\/$/)
      }))

    it.effect("names the targets that are none", () =>
      Effect.gen(function*() {
        const error = yield* Layer.build(SqlTracing.layerComments({ targets: ["not a host"] })).pipe(
          Effect.scoped,
          Effect.flip
        )
        assert.include(error.message, "not a host")
      }))
  })

  it.effect("tells how long a statement waited for a connection", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const waiting = yield* Effect.scoped(Effect.gen(function*() {
        yield* sql.reserve
        const fiber = yield* Effect.forkChild(sql`SELECT 1`, { startImmediately: true })
        yield* Effect.sleep("50 millis")
        return fiber
      }))
      yield* Fiber.join(waiting)
      const [span] = yield* (yield* RecordedSpans).all
      assert.isAtLeast(Number(span?.attributes.get(waitKey)), 40)
      assert.isFalse(span?.attributes.has("db.client.connection.wait_time_ms"))
    }).pipe(Effect.provide(traced)))

  it.effect("counts the rows of an answer if asked to", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`SELECT * FROM generate_series(1, 5)`
      yield* sql`SELECT 1 WHERE false`
      yield* Stream.runDrain(sql`SELECT * FROM generate_series(1, 5)`.stream)
      const spans = yield* (yield* RecordedSpans).all
      assert.deepStrictEqual(
        spans.map((span) => span.attributes.get("db.response.returned_rows")),
        [5, 0, undefined]
      )
    }).pipe(Effect.provideService(SqlTracing.ReturnedRows, true), Effect.provide(traced)))

  it.effect("does not count them unasked", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`SELECT 1`
      const [span] = yield* (yield* RecordedSpans).all
      assert.isFalse(span?.attributes.has("db.response.returned_rows"))
    }).pipe(Effect.provide(traced)))

  it.effect("says rollback of a transaction its caller gave up, without error", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const fiber = yield* Effect.forkChild(sql.withTransaction(Effect.andThen(sql`SELECT 1`, Effect.never)))
      const { all } = yield* RecordedSpans
      yield* Effect.repeat(all, { until: (spans) => spans.length > 0 })
      yield* Fiber.interrupt(fiber)
      const transaction = (yield* all).at(-1)!
      assert.strictEqual(transaction.name, "sql.transaction")
      assert.strictEqual(transaction.attributes.get("effect.sql.transaction.outcome"), "rollback")
      assert.isTrue(transaction.attributes.get("effect.fiber.interrupted"))
      assert.strictEqual(transaction.statusCode, "unset")
      assert.deepStrictEqual(transaction.events.map(({ name }) => name), ["effect.sql.transaction.rollback"])
    }).pipe(Effect.provide(traced)))
})

layer(sqlite, { excludeTestServices: true })("SqlInstrumentation on SQLite", (it) => {
  it.effect("names statements and finds result codes", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE posts (id INTEGER PRIMARY KEY, slug TEXT UNIQUE)`
      yield* sql`INSERT OR IGNORE INTO posts ${sql.insert({ id: 1, slug: "hello" })}`
      yield* Effect.exit(sql`INSERT INTO posts ${sql.insert({ id: 2, slug: "hello" })}`)
      yield* sql`SELECT * FROM [posts] WHERE slug = ${"hello"}`
      yield* sql.unsafe("PRAGMA user_version")
      yield* Effect.exit(sql`SELECT * FROM nowhere`)
      yield* sql.withTransaction(sql`DELETE FROM posts`)
      const spans = yield* (yield* RecordedSpans).all
      assert.deepStrictEqual(Conventions.check(spans), [])
      assert.deepStrictEqual(
        spans.map((span) => [span.name, span.attributes.get("db.response.status_code"), span.statusCode]),
        [
          ["CREATE TABLE posts", undefined, "unset"],
          ["INSERT posts", undefined, "unset"],
          ["INSERT posts", "2067", "error"],
          ["SELECT posts", undefined, "unset"],
          ["PRAGMA user_version", undefined, "unset"],
          ["SELECT nowhere", "1", "error"],
          ["DELETE posts", undefined, "unset"],
          ["sql.transaction", undefined, "unset"]
        ]
      )
    }).pipe(Effect.provide(traced)))
})

describe("Effect's keys of SQL", () => {
  it("are Effect's", () => {
    assert.strictEqual(Keys.CurrentTransformer.key, Statement.CurrentTransformer.key)
    assert.strictEqual(Keys.SpanPropagationEnabled.key, Statement.SpanPropagationEnabled.key)
  })
})
