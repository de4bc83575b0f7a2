import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { Trace, TracingLive } from "effect-tracing"

const scrapePost = Effect.fn("scrape_post")(function*(url: string) {
  const html = yield* Effect.succeed("<p>Hello, traced world</p>").pipe(
    Effect.delay("20 millis"),
    Effect.withSpan("fetch")
  )
  yield* Effect.annotateCurrentSpan({ "post.url": url })
  yield* Trace.event("post_parsed", { words: html.split(" ").length })
})

scrapePost("https://blog.example/hello").pipe(
  Effect.withSpan("scrape"),
  Effect.provide(TracingLive), // outside every span
  NodeRuntime.runMain
)
