import type { Row } from "../Row.ts"
import { signalled } from "./endings.ts"
import { downDuring, during, playWith } from "./troubles.ts"

const mainRows: ReadonlyArray<Row> = [
  { name: "gRPC: healthy", seconds: 10, isShort: true, play: (stage) => stage.run({ over: 10 }) },
  {
    name: "gRPC: 200,000 in one burst and the end",
    seconds: 15,
    play: (stage) => stage.run({ over: 0, spans: 200_000 })
  },
  { name: "gRPC: down for 10 s", seconds: 25, isShort: true, play: downDuring(10) },
  {
    name: "gRPC: UNAVAILABLE with RetryInfo, for 10 s",
    seconds: 25,
    play: during(10, { _tag: "refuse", status: 503, retryAfter: "1" })
  },
  {
    name: "gRPC: RESOURCE_EXHAUSTED with RetryInfo, for 10 s",
    seconds: 25,
    play: during(10, { _tag: "refuse", status: 429, retryAfter: "3" })
  },
  { name: "gRPC: hangs for 10 s", seconds: 30, play: during(10, { _tag: "hang", isTaken: false }) },
  {
    name: "gRPC: answers take 2 s",
    seconds: 35,
    play: playWith((collector) => collector.reactTo(() => ({ _tag: "take", delayMillis: 2000 })), { over: 25 })
  },
  {
    name: "gRPC: INVALID_ARGUMENT for 10 s",
    seconds: 25,
    bound: { lost: () => 512 },
    play: during(10, { _tag: "refuse", status: 400 })
  },
  {
    name: "gRPC: takes all but 100 spans of each call",
    seconds: 10,
    bound: { lost: ({ refused }) => refused },
    play: playWith((collector) => collector.reactTo(() => ({ _tag: "take", refused: 100 })))
  },
  { name: "gRPC: SIGTERM", seconds: 10, bound: { endsWithin: 5500 }, play: signalled({ _tag: "take" }) },
  {
    name: "gRPC: SIGTERM while it hangs",
    seconds: 15,
    bound: { lost: ({ told }) => told.lost, endsWithin: 5500 },
    play: signalled({ _tag: "hang", isTaken: false })
  }
]

/** The main rows with a server of gRPC's own. */
export const grpc: ReadonlyArray<Row> = mainRows.map((row) => Object.assign(row, { collector: "grpc" } as const))
