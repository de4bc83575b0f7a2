import { NodeFileSystem } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, FileSystem, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { embeddedPostgres, embeddedPostgresAt } from "../../../examples/wordpress-scraper/embedded/postgres.ts"

const connect = (url: string, maxConnections: number) =>
  PgClient.make({ url: Redacted.make(url), maxConnections }).pipe(Effect.provide(Reactivity.layer))

const temporaryFolder = Effect.flatMap(FileSystem.FileSystem, (files) => files.makeTempDirectoryScoped()).pipe(
  Effect.provide(NodeFileSystem.layer)
)

/** Starting takes seconds, since PGlite makes a database cluster each time. */
const patience = 60_000

describe("embeddedPostgres", () => {
  it.live(
    "serves a pool of one and a pool of several: statements, transactions, errors, lost connections",
    () =>
      Effect.gen(function*() {
        const database = yield* embeddedPostgres
        assert.match(database.url, /^postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres$/)
        for (const maxConnections of [1, 8]) {
          yield* Effect.scoped(Effect.gen(function*() {
            const sql = yield* connect(database.url, maxConnections)
            yield* sql`DROP TABLE IF EXISTS posts`
            yield* sql`CREATE TABLE posts (id integer PRIMARY KEY, title text NOT NULL, at timestamptz, body jsonb)`
            // Different statements at once share the one unnamed portal, and must not mix up their parameters.
            const rows = yield* Effect.forEach(
              Array.from({ length: 200 }, (_, id) => id),
              (id) =>
                id % 2 === 0
                  ? sql<{ id: number; title: string }>`INSERT INTO posts ${
                    sql.insert({ id, title: `no. ${id}` })
                  } RETURNING id, title`
                  : sql<{ id: number; title: string }>`SELECT ${id}::integer AS id, ${`no. ${id}`}::text AS title`,
              { concurrency: 16 }
            )
            assert.deepEqual(rows.flat(), Array.from({ length: 200 }, (_, id) => ({ id, title: `no. ${id}` })))

            const insert = (id: number) => sql`INSERT INTO posts ${sql.insert({ id, title: "in a transaction" })}`
            const [kept, undone] = yield* Effect.all([
              Effect.exit(
                sql.withTransaction(Effect.andThen(insert(1000), Effect.andThen(Effect.sleep(20), insert(1001))))
              ),
              Effect.exit(
                sql.withTransaction(Effect.andThen(insert(2000), Effect.andThen(Effect.sleep(20), Effect.fail("no"))))
              ),
              insert(3000)
            ], { concurrency: "unbounded" })
            assert.isTrue(Exit.isSuccess(kept))
            assert.isTrue(Exit.isFailure(undone))
            const nested = sql.withTransaction(Effect.gen(function*() {
              yield* insert(4000)
              yield* Effect.exit(sql.withTransaction(Effect.andThen(insert(4001), Effect.fail("inner"))))
            }))
            yield* nested
            const ids = yield* sql<{ id: number }>`SELECT id FROM posts WHERE id >= 1000 ORDER BY id`
            assert.deepEqual(ids.map(({ id }) => id), [1000, 1001, 3000, 4000])

            const twice = yield* Effect.exit(insert(1000))
            assert.isTrue(Exit.isFailure(twice))
            const wrong = yield* Effect.exit(sql`SELECT nothing FROM nowhere`)
            assert.isTrue(Exit.isFailure(wrong))
            assert.deepEqual(yield* sql`SELECT 1 AS still_here`, [{ still_here: 1 }])
          }))
          // A connection that is lost inside a transaction must neither keep the lock nor its rows.
          yield* Effect.scoped(Effect.gen(function*() {
            const lost = yield* connect(database.url, 1)
            yield* Effect.ignore(
              lost.withTransaction(Effect.andThen(lost`INSERT INTO posts VALUES (5000, 'lost')`, Effect.never)).pipe(
                Effect.timeout(100)
              )
            )
          }))
          yield* Effect.scoped(Effect.gen(function*() {
            const sql = yield* connect(database.url, maxConnections)
            assert.deepEqual(yield* sql`SELECT id FROM posts WHERE id = 5000`, [])
          }))
        }
      }),
    patience
  )

  it.live("stops with its scope: nothing listens and nothing keeps the process alive", () =>
    Effect.gen(function*() {
      const before = process.getActiveResourcesInfo().length
      const url = yield* Effect.scoped(Effect.gen(function*() {
        const database = yield* embeddedPostgres
        const sql = yield* connect(database.url, 4)
        yield* Effect.all([sql`SELECT 1`, sql`SELECT 2`, sql`SELECT 3`], { concurrency: "unbounded" })
        return database.url
      }))
      yield* Effect.sleep("100 millis")
      assert.isAtMost(process.getActiveResourcesInfo().length, before)
      const again = yield* Effect.scoped(Effect.exit(Effect.flatMap(connect(url, 1), (sql) => sql`SELECT 1`)))
      assert.isTrue(Exit.isFailure(again))
    }), patience)
})

describe("embeddedPostgresAt", () => {
  it.live("finds in its folder what an earlier one left there", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      yield* Effect.scoped(Effect.gen(function*() {
        const sql = yield* connect((yield* embeddedPostgresAt(`${folder}/data`)).url, 1)
        yield* sql`CREATE TABLE kept (word text)`
        yield* sql`INSERT INTO kept VALUES ('yes')`
      }))
      yield* Effect.scoped(Effect.gen(function*() {
        const sql = yield* connect((yield* embeddedPostgresAt(`${folder}/data`)).url, 1)
        assert.deepEqual(yield* sql`SELECT word FROM kept`, [{ word: "yes" }])
      }))
    }), patience)

  it.live("says which folder it could not use", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const files = yield* FileSystem.FileSystem
      yield* files.writeFileString(`${folder}/occupied`, "a file, not a folder")
      const error = yield* Effect.flip(embeddedPostgresAt(`${folder}/occupied`))
      assert.strictEqual(error._tag, "EmbeddedPostgresError")
      assert.include(error.message, `${folder}/occupied`)
    }).pipe(Effect.provide(NodeFileSystem.layer)), patience)
})
