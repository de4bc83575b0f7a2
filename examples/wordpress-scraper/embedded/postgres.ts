import { PGLiteSocketServer } from "@electric-sql/pglite-socket"
import { Effect } from "effect"
import type { Scope } from "effect"
import { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts"
import { freshCluster } from "./freshCluster.ts"
import { PipelinedPGlite } from "./PipelinedPGlite.ts"

/**
 * Describes a running embedded PostgreSQL.
 *
 * @category models
 * @since 0.1.0
 */
export interface EmbeddedPostgres {
  /** What a PostgreSQL driver connects to: `postgres://postgres@127.0.0.1:PORT/postgres`. */
  readonly url: string
}

/** More than any sensible pool asks for; the server refuses connections beyond it. */
const maxConnections = 100

const failed = (dataDirectory: string | undefined) => (cause: unknown): EmbeddedPostgresError =>
  new EmbeddedPostgresError({
    message: dataDirectory === undefined
      ? "The embedded PostgreSQL did not start."
      : `The embedded PostgreSQL did not start in the folder ${dataDirectory}: it must be writable, used by no other process and made by the same version.`,
    cause
  })

const start = Effect.fnUntraced(function*(
  dataDirectory: string | undefined
): Effect.fn.Return<EmbeddedPostgres, EmbeddedPostgresError, Scope.Scope> {
  const database = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        if (dataDirectory === undefined) {
          return freshCluster()
        }
        const database = new PipelinedPGlite(dataDirectory)
        await database.waitReady
        return database
      },
      catch: failed(dataDirectory)
    }),
    (database) => Effect.promise(() => database.close())
  )
  const server = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port: 0, maxConnections })
        await server.start()
        return server
      },
      catch: failed(dataDirectory)
    }),
    (server) => Effect.promise(() => server.stop())
  )
  return { url: `postgres://postgres@${server.getServerConn()}/postgres` }
})

/**
 * Starts a PostgreSQL inside this process, in memory, on a free port of
 * 127.0.0.1, and stops it when the scope closes.
 *
 * **Details**
 *
 * Any PostgreSQL driver can connect, with a pool too: statements of all its
 * connections run one after the other on one session, and a transaction holds
 * the others back until it ends.
 *
 * **Gotchas**
 *
 * The one session is shared: `SET`, temporary tables, advisory locks and
 * `LISTEN` are seen by every connection. A pool of one (`maxConnections: 1`)
 * is as fast as a larger one.
 *
 * @category constructors
 * @since 0.1.0
 */
export const embeddedPostgres: Effect.Effect<EmbeddedPostgres, EmbeddedPostgresError, Scope.Scope> = start(undefined)

/**
 * Starts a PostgreSQL inside this process like `embeddedPostgres`, with its
 * data in a folder that outlives the process.
 *
 * @category constructors
 * @since 0.1.0
 */
export const embeddedPostgresAt: (
  dataDirectory: string
) => Effect.Effect<EmbeddedPostgres, EmbeddedPostgresError, Scope.Scope> = start
