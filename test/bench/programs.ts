import type * as Otel from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import type * as SqlClient from "effect/sql/SqlClient"

/** What one unit of a workload does. */
export interface Program {
  /** What is measured, as the table names it. */
  readonly title: string
  /** Units of one round, a tenth of a second or less with the dearest tracer. */
  readonly units: number
  /** Spans of one unit. */
  readonly spans: number
  readonly effect: Effect.Effect<unknown>
  /** The same with OpenTelemetry JS by hand, without Effect; `undefined` where that makes no sense. */
  readonly byHand?: ((tracer: Otel.Tracer) => unknown) | undefined
  /** Runs all units inside one span that is not counted. */
  readonly insideOneSpan?: boolean
}

const nothing = Effect.sync(() => undefined)
const span = (name: string, body: Effect.Effect<unknown> = nothing): Effect.Effect<unknown> =>
  Effect.withSpan(body, name)

export const post = {
  "post.id": 4711,
  "post.slug": "hello-world",
  "post.author": "Ada Lovelace",
  "post.words": 812,
  "post.is_sticky": false,
  "post.language": "en",
  "post.category": "engineering",
  "post.rating": 4.5,
  "crawl.depth": 3,
  "crawl.host": "blog.example"
}

const tree = (): Effect.Effect<unknown> =>
  span(
    "scrape",
    Effect.andThen(
      span("fetch", Effect.andThen(span("resolve"), span("download"))),
      Effect.andThen(span("parse", Effect.andThen(span("clean"), span("extract"))), span("store"))
    )
  )

const treeByHand = (tracer: Otel.Tracer): void => {
  const inSpan = (name: string, body: () => void): void =>
    tracer.startActiveSpan(name, (span) => {
      body()
      span.end()
    })
  const leaf = (name: string) => () => inSpan(name, () => {})
  const both = (first: () => void, second: () => void) => () => {
    first()
    second()
  }
  inSpan("scrape", () => {
    inSpan("fetch", both(leaf("resolve"), leaf("download")))
    inSpan("parse", both(leaf("clean"), leaf("extract")))
    inSpan("store", () => {})
  })
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const fiber = Effect.suspend(() => span("task", Effect.andThen(Effect.yieldNow, span("step", Effect.yieldNow))))

const fiberByHand = (tracer: Otel.Tracer): Promise<void> =>
  tracer.startActiveSpan("task", async (task) => {
    await turn()
    await tracer.startActiveSpan("step", async (step) => {
      await turn()
      step.end()
    })
    task.end()
  })

const effects = {
  // Three of Effect's primitives: a generator's step, a flatMap and a sync.
  operation: {
    title: "one operation inside a span",
    units: 500_000,
    spans: 0,
    insideOneSpan: true,
    effect: Effect.flatMap(Effect.sync(() => 1), (one) => Effect.succeed(one + 1))
  },
  span: {
    title: "a span",
    units: 4000,
    spans: 1,
    effect: Effect.suspend(() => span("span")),
    byHand: (tracer) => tracer.startActiveSpan("span", (span) => span.end())
  },
  bareSpan: {
    title: "a span without stack capture",
    units: 4000,
    spans: 1,
    effect: Effect.suspend(() => Effect.withSpan(nothing, "span", { captureStackTrace: false }))
  },
  fullSpan: {
    title: "a span with 10 attributes and 2 events",
    units: 2000,
    spans: 1,
    effect: Effect.suspend(() =>
      Effect.useSpan("scrape_post", { attributes: post }, (span) =>
        Effect.sync(() => {
          span.event("post_fetched", 1_800_000_000_000_000_000n, { "bytes": 18_223, "host": "blog.example" })
          span.event("post_parsed", 1_800_000_000_000_000_000n, { "words": 812 })
        }))
    ),
    byHand: (tracer) =>
      tracer.startActiveSpan("scrape_post", { attributes: post }, (span) => {
        span.addEvent("post_fetched", { "bytes": 18_223, "host": "blog.example" })
        span.addEvent("post_parsed", { "words": 812 })
        span.end()
      })
  },
  tree: {
    title: "a nested tree of 8 spans",
    units: 600,
    spans: 8,
    effect: Effect.suspend(tree),
    byHand: treeByHand
  },
  fibers: {
    title: "100 fibers interleaved, 2 spans each",
    units: 10,
    spans: 200,
    effect: Effect.forEach(Array.from({ length: 100 }), () => fiber, { concurrency: "unbounded", discard: true }),
    byHand: (tracer) => Promise.all(Array.from({ length: 100 }, () => fiberByHand(tracer)))
  }
} satisfies Record<string, Program>

export type ProgramName = keyof typeof effects | "sql"

const sqlProgram = (sql: SqlClient.SqlClient): Program => ({
  title: "a SQL statement, the driver's cost nil",
  units: 2000,
  spans: 1,
  effect: Effect.suspend(() => Effect.orDie(sql`SELECT id, title FROM posts WHERE slug = ${"hello-world"}`))
})

/** The program of that name. */
export const programOf = async (name: ProgramName): Promise<Program> => {
  if (name !== "sql") return effects[name]
  const { makeStubClient } = await import("./stubSqlClient.ts")
  return sqlProgram(await Effect.runPromise(makeStubClient))
}
