import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"

/**
 * What is known of an operation on a database.
 *
 * @category models
 * @since 0.1.0
 */
export interface DatabaseOptions {
  /** What is done: `select`, `findOne`. Attribute `db.operation.name`. */
  readonly operation: string
  /** The table, collection or index. Attribute `db.collection.name`. */
  readonly collection?: string | undefined
  /** The product: `mongodb`, `elasticsearch`, `postgresql`. Attribute `db.system.name`; default `other_sql`. */
  readonly system?: string | undefined
  /** The database, with its schema where it has one. Attribute `db.namespace`. */
  readonly namespace?: string | undefined
  /** The query with placeholders. Attribute `db.query.text`. */
  readonly query?: string | undefined
  /** The database's host. Attribute `server.address`. */
  readonly host?: string | undefined
  /** The database's port. Attribute `server.port`. */
  readonly port?: number | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Makes an effect one operation on a database: a client span named `select users`, with the attributes of the conventions.
 *
 * **When to use**
 *
 * For drivers outside of `effect/sql`, whose statements are spans by themselves.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * declare const users: { readonly findOne: (id: string) => Promise<unknown> }
 *
 * export const findUser = (id: string) =>
 *   Effect.promise(() => users.findOne(id)).pipe(
 *     Trace.database({ system: "mongodb", collection: "users", operation: "findOne" })
 *   )
 * ```
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/database/database-spans/
 *
 * @category combinators
 * @since 0.1.0
 */
export const database = (options: DatabaseOptions) =>
<A, E, R>(
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Tracer.ParentSpan>> => {
  const { attributes, collection, host, namespace, operation, port, query, system = "other_sql" } = options
  const summary = collection === undefined ? operation : `${operation} ${collection}`
  return Effect.withSpan(
    self,
    collection === undefined && namespace !== undefined ? `${operation} ${namespace}` : summary,
    {
      kind: "client",
      attributes: {
        "db.system.name": system,
        "db.operation.name": operation,
        "db.collection.name": collection,
        "db.namespace": namespace,
        "db.query.summary": query === undefined ? undefined : summary,
        "db.query.text": query,
        "server.address": host,
        "server.port": port,
        ...attributes
      },
      captureStackTrace: false
    }
  )
}
