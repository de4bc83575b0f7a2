import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import type * as Statement from "effect/sql/Statement"
import type * as Tracer from "effect/Tracer"
import { type HostListError, OwnHosts, SqlComment } from "../propagation/index.ts"
import { CurrentPropagation, LiveSpan } from "../tracer/index.ts"
import { targetOf } from "./ConnectionTarget.ts"
import { Client, CurrentTransformer } from "./effectKeys.ts"

/**
 * Holds whether spans of statements say how many rows the answer has (`db.response.returned_rows`), where it is a list;
 * default false. Provide it to one statement, or to a program with `Layer.succeed(SqlTracing.ReturnedRows, true)`.
 *
 * @category references
 * @since 0.1.0
 */
export const ReturnedRows: Context.Reference<boolean> = Context.Reference<boolean>(
  "effect-tracing/sql/SqlTracing/ReturnedRows",
  { defaultValue: () => false }
)

const commented = new WeakSet<object>()

/** The text of a span's statement as the program wrote it, without the comment that was added to it. */
export const withoutComment = (span: object, text: string): string =>
  commented.has(span) ? text.slice(0, text.lastIndexOf(" /*")) : text

const hostOf = (statement: object, fiber: Fiber.Fiber<unknown, unknown>): string | undefined => {
  const client = Context.getOrUndefined(fiber.context, Client)
  const target = client === undefined ? undefined : targetOf(client)
  if (target !== undefined) return target.host
  if (!Predicate.hasProperty(statement, "spanAttributes") || !Array.isArray(statement.spanAttributes)) return undefined
  for (const [key, value] of statement.spanAttributes) if (key === "server.address") return String(value)
  return undefined
}

const commentOf = (span: Tracer.Span, fiber: Fiber.Fiber<unknown, unknown>): string =>
  span instanceof LiveSpan
    ? SqlComment.append("", fiber.getRef(CurrentPropagation).propagator, {
      traceId: span.traceId,
      spanId: span.spanId,
      traceFlags: span.traceFlags,
      traceState: span.traceState,
      isRemote: false
    })
    : ""

const transformer = (ownHosts: OwnHosts.OwnHosts): Statement.Transformer => (statement, sql, fiber, span) =>
  Effect.sync(() => {
    const host = hostOf(statement, fiber)
    // A database without a host is a file of this machine.
    if (host !== undefined && !ownHosts.isOwn(host)) return statement
    const [text] = statement.compile()
    const comment = text.includes("/*") || text.includes("--") ? "" : commentOf(span, fiber)
    if (comment === "") return statement
    commented.add(span)
    return sql`${statement}${sql.literal(comment)}`
  })

/**
 * Appends the trace context to each SQL statement as a comment, so that the database's own log and statistics can be joined
 * with the trace. Nothing does this unasked.
 *
 * Source: sqlcommenter (OpenTelemetry), "Specification".
 *
 * **Details**
 *
 * Only statements to hosts of one's own have a comment: loopback, private addresses, names of one's own network, and what
 * `targets` adds, as in `TRACING_PROPAGATION_TARGETS`. A statement that holds a comment already is left as it is. The span's
 * `db.query.text` is the statement without it. Fails with `HostListError` where an entry of `targets` is none.
 *
 * **Example**
 *
 * ```ts
 * import { Layer } from "effect"
 * import { TracingLive } from "effect-tracing"
 * import { SqlTracing } from "effect-tracing/sql"
 *
 * export const Observed = Layer.merge(TracingLive, SqlTracing.layerComments({ targets: ["db.example"] }))
 * ```
 *
 * **Gotchas**
 *
 * Each statement is then a different text: caches of prepared statements do not hit. A transformer of the program's own
 * (`Statement.CurrentTransformer`) takes the place of this one.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerComments = (
  options: { readonly targets?: ReadonlyArray<string> | undefined } = {}
): Layer.Layer<never, HostListError> =>
  Layer.effect(CurrentTransformer, Effect.map(Effect.fromResult(OwnHosts.make(options.targets)), transformer))
