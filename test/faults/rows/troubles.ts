import { Effect } from "effect"
import type { Collector, Reaction } from "../Collector.ts"
import type { Row, Stage } from "../Row.ts"

const take: Reaction = { _tag: "take" }

/** The collector reacts like this for so many seconds after a fifth of the program's time, and takes everything else. */
export const during = (
  seconds: number,
  reaction: Reaction | (() => Reaction),
  order: Parameters<Stage["start"]>[0] = {}
): Row["play"] =>
(stage) =>
  Effect.gen(function*() {
    const program = yield* stage.start(order)
    yield* stage.pause(5)
    stage.collector.reactTo(() => typeof reaction === "function" ? reaction() : reaction)
    yield* stage.pause(seconds)
    stage.collector.reactTo(() => take)
    yield* program.ended
  })

/** The collector is down for so many seconds. */
export const downDuring = (seconds: number, order: Parameters<Stage["start"]>[0] = {}): Row["play"] => (stage) =>
  Effect.gen(function*() {
    const program = yield* stage.start(order)
    yield* stage.pause(5)
    yield* stage.collector.stop
    yield* stage.pause(seconds)
    yield* stage.collector.start
    yield* program.ended
  })

/** The collector reacts like this to one request in so many. */
export const every = (count: number, reaction: Reaction) => (collector: Collector): void => {
  let requests = 0
  collector.reactTo(() => ++requests % count === 2 ? reaction : take)
}

const always = (reaction: Reaction) => (collector: Collector): void => collector.reactTo(() => reaction)

/** The program runs with a collector that reacts like this from the beginning. */
export const playWith = (
  set: (collector: Collector) => void,
  order: Parameters<Stage["start"]>[0] = { over: 10 }
): Row["play"] =>
(stage) => Effect.andThen(Effect.sync(() => set(stage.collector)), stage.run(order))

/** When a header says that the pause ends, so many seconds from now. */
const httpDate = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString()

const isPoisoned = (number: number): boolean => number % 1000 === 500

/** What a collector answers while spans of its own kind of trouble last; every one of these heals. */
export const troubles: ReadonlyArray<Row> = [
  { name: "healthy", seconds: 10, isShort: true, play: (stage) => stage.run({ over: 10 }) },
  { name: "bursts", seconds: 10, play: (stage) => stage.run({ over: 10, bursts: 10 }) },
  {
    name: "200,000 in one burst and the end",
    seconds: 15,
    isShort: true,
    play: (stage) => stage.run({ over: 0, spans: 200_000 })
  },
  {
    name: "1,000,000 in one burst and the end",
    seconds: 60,
    control: { over: 0, spans: 1_000_000 },
    play: (stage) => stage.run({ over: 0, spans: 1_000_000 })
  },
  {
    name: "down at the start, 10 s",
    seconds: 25,
    play: (stage) =>
      Effect.gen(function*() {
        yield* stage.collector.stop
        const program = yield* stage.start()
        yield* stage.pause(10)
        yield* stage.collector.start
        yield* program.ended
      })
  },
  { name: "down for 10 s", seconds: 25, isShort: true, play: downDuring(10) },
  { name: "down for 60 s", seconds: 80, play: downDuring(60, { over: 80 }) },
  {
    name: "503 with Retry-After, for 10 s",
    seconds: 25,
    isShort: true,
    play: during(10, { _tag: "refuse", status: 503, retryAfter: "1" })
  },
  {
    name: "429 with Retry-After, for 10 s",
    seconds: 25,
    play: during(10, { _tag: "refuse", status: 429, retryAfter: "3" })
  },
  {
    name: "429 with a date as Retry-After, for 10 s",
    seconds: 25,
    play: during(10, () => ({ _tag: "refuse", status: 429, retryAfter: httpDate(4) }))
  },
  { name: "503 without Retry-After, for 10 s", seconds: 25, play: during(10, { _tag: "refuse", status: 503 }) },
  { name: "401 for 10 s", seconds: 25, play: during(10, { _tag: "refuse", status: 401 }) },
  { name: "404 for 10 s", seconds: 25, play: during(10, { _tag: "refuse", status: 404 }) },
  { name: "hangs for 10 s", seconds: 30, play: during(10, { _tag: "hang", isTaken: false }) },
  {
    name: "hangs at one request in ten, which it has taken",
    seconds: 30,
    bound: { doubled: ({ told }) => told.maybeDoubled },
    play: playWith(every(10, { _tag: "hang", isTaken: true }), { over: 25 })
  },
  { name: "resets connections for 10 s", seconds: 25, play: during(10, { _tag: "reset", isTaken: false }) },
  {
    name: "resets one connection in ten, having taken the spans",
    seconds: 10,
    isShort: true,
    bound: { doubled: ({ told }) => told.maybeDoubled },
    play: playWith(every(10, { _tag: "reset", isTaken: true }))
  },
  { name: "answers take 2 s", seconds: 35, play: playWith(always({ _tag: "take", delayMillis: 2000 }), { over: 25 }) },
  {
    name: "one 400",
    seconds: 10,
    play: playWith((collector) => {
      let requests = 0
      collector.reactTo(() => ++requests === 3 ? { _tag: "refuse", status: 400 } : take)
    })
  },
  {
    name: "400 for 10 s",
    seconds: 25,
    isShort: true,
    // No more than one batch, since the collector takes none.
    bound: { lost: () => 512 },
    play: during(10, { _tag: "refuse", status: 400 })
  },
  {
    name: "400 for requests with one of 20 spans",
    seconds: 15,
    isShort: true,
    bound: { lost: ({ emitted }) => Math.floor((emitted + 500) / 1000) },
    play: playWith((collector) =>
      collector.reactTo((numbers) => numbers.some(isPoisoned) ? { _tag: "refuse", status: 400 } : take)
    )
  },
  {
    name: "413 for requests of more than 100 spans",
    seconds: 10,
    play: playWith((collector) =>
      collector.reactTo((numbers) => numbers.length > 100 ? { _tag: "refuse", status: 413 } : take)
    )
  },
  {
    name: "tears its answers, having taken the spans",
    seconds: 10,
    isShort: true,
    play: playWith(always({ _tag: "tear", isTaken: true }))
  },
  {
    name: "takes all but 100 spans of each request",
    seconds: 10,
    isShort: true,
    bound: { lost: ({ refused }) => refused },
    play: playWith(always({ _tag: "take", refused: 100 }))
  },
  { name: "answers what is not HTTP, for 10 s", seconds: 25, play: during(10, { _tag: "garble", isTaken: false }) },
  {
    name: "answers 200 with bytes that mean nothing",
    seconds: 10,
    play: playWith(always({ _tag: "take", body: Buffer.from("\u0007\u00ff\u0001garbage") }))
  },
  {
    name: "answers 200 with a web page, for 10 s",
    seconds: 25,
    play: during(10, {
      _tag: "refuse",
      status: 200,
      headers: { "content-type": "text/html" },
      body: "<html>login</html>"
    })
  },
  {
    name: "redirects for 10 s",
    seconds: 25,
    play: during(10, { _tag: "refuse", status: 302, headers: { location: "/elsewhere" } })
  },
  {
    name: "answers with 64 MiB",
    seconds: 10,
    play: playWith(every(5, { _tag: "take", body: Buffer.alloc(64 * 1024 * 1024) }))
  },
  {
    name: "broken TLS for 10 s",
    seconds: 25,
    collector: "https",
    play: (stage) =>
      Effect.gen(function*() {
        const program = yield* stage.start({
          environment: { OTEL_EXPORTER_OTLP_CERTIFICATE: `${stage.folder}/authority.pem` }
        })
        yield* stage.pause(5)
        stage.collector.breakConnections(true)
        yield* stage.pause(10)
        stage.collector.breakConnections(false)
        yield* program.ended
      })
  },
  {
    name: "a certificate that is not trusted",
    seconds: 15,
    collector: "https",
    bound: { lost: ({ emitted }) => emitted, endsWithin: 5500, tells: /OTEL_EXPORTER_OTLP_CERTIFICATE/ },
    play: (stage) => stage.run({ over: 10 })
  }
]
