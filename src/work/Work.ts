import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

/**
 * What is known of a work item when it begins.
 *
 * @category models
 * @since 0.1.0
 */
export interface ItemOptions {
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** Default `internal`; `consumer` for a message taken from a queue. */
  readonly kind?: Tracer.SpanKind | undefined
  /** More spans to link to, besides the run's. */
  readonly links?: ReadonlyArray<Tracer.SpanLink> | undefined
}

/** Attribute of the link from an item to its run, and its value. */
const linkToRun = { "link.type": "run" }

/**
 * Runs an effect as one work item: a trace of its own, linked to the span it was started from and sampled on its own, so
 * that a run over 100,000 pages is 100,001 readable traces and not one that nobody can open.
 *
 * **Details**
 *
 * The item's span carries `work.run.trace_id` (string, the 32 hexadecimal digits of the run's trace), so that a backend
 * finds all items of a run. Outside a span it is simply the root of a new trace.
 *
 * ```text
 * scrape run                       one trace
 * scrape_wordpress_post            another, with a link to `scrape run`
 *   GET
 *   INSERT posts
 * ```
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Work } from "effect-tracing"
 *
 * export const run = Effect.forEach(
 *   ["https://blog.example/1", "https://blog.example/2"],
 *   (url) => Effect.log("scraping").pipe(Work.item("scrape_post", { attributes: { "url.full": url } })),
 *   { concurrency: 4 }
 * ).pipe(Effect.withSpan("scrape run"))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const item = (name: string, options: ItemOptions = {}) =>
<A, E, R>(
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Tracer.ParentSpan>> =>
  Effect.withFiber((fiber) => {
    const around = fiber.cache.span
    // Where tracing is turned off there is a span as well, but one without ids.
    const run = around === undefined || Context.get(around.annotations, Tracer.DisablePropagation) ? undefined : around
    return Effect.withSpan(self, name, {
      root: true,
      kind: options.kind,
      attributes: { ...options.attributes, ...(run === undefined ? undefined : { "work.run.trace_id": run.traceId }) },
      links: [...(run === undefined ? [] : [{ span: run, attributes: linkToRun }]), ...(options.links ?? [])],
      captureStackTrace: false
    })
  })
