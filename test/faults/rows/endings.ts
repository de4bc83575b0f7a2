import { Effect } from "effect"
import type { Reaction } from "../Collector.ts"
import type { Order, Row, Stage } from "../Row.ts"

const inTime = 5500

/** How the collector fares when the program is told to end. */
type State = Reaction | "down"

const enter = (stage: Stage, state: State): Effect.Effect<void> =>
  state === "down" ? stage.collector.stop : Effect.sync(() => stage.collector.reactTo(() => state))

const healthy: State = { _tag: "take" }
const slow: State = { _tag: "take", delayMillis: 2000 }
const hanging: State = { _tag: "hang", isTaken: false }

/** A program in the midst of its work gets a signal, five seconds after the collector has got into a state. */
export const signalled =
  (state: State, order: Order = {}, signal: NodeJS.Signals = "SIGTERM"): Row["play"] => (stage) =>
    Effect.gen(function*() {
      const program = yield* stage.start(order)
      yield* stage.pause(5)
      yield* enter(stage, state)
      yield* stage.pause(5)
      yield* program.kill(signal)
      yield* program.ended
    })

/** The same with a spool, and a second program that finds the collector well. */
const signalledWithSpool = (state: State): Row["play"] => (stage) =>
  Effect.gen(function*() {
    yield* signalled(state, { environment: { TRACING_SPOOL_DIR: `${stage.folder}/spool` } })(stage)
    yield* recover(stage)
  })

const recover = (stage: Stage): Effect.Effect<void> =>
  Effect.scoped(Effect.gen(function*() {
    stage.collector.reactTo(() => ({ _tag: "take" }))
    yield* stage.collector.stop
    yield* stage.collector.start
    yield* stage.startAgain
  }))

/** The program ends by itself while the collector is down. */
const endsWhileDown = (order: Order): Row["play"] => (stage) =>
  Effect.gen(function*() {
    const program = yield* stage.start({ over: 10, ...order })
    yield* stage.pause(5)
    yield* stage.collector.stop
    yield* program.ended
  })

const endsWhileDownWithSpool = (order: Order): Row["play"] => (stage) =>
  Effect.andThen(
    endsWhileDown({ ...order, environment: { TRACING_SPOOL_DIR: `${stage.folder}/spool` } })(stage),
    recover(stage)
  )

const killed = (state: State): Row["play"] => (stage) =>
  Effect.andThen(
    signalled(
      state,
      { environment: { TRACING_SPOOL_DIR: `${stage.folder}/spool`, TRACING_SPOOL: "always" } },
      "SIGKILL"
    )(stage),
    recover(stage)
  )

const allTold: Row["bound"] = { lost: ({ told }) => told.lost, endsWithin: inTime }
const atOnce: Row["bound"] = { endsWithin: inTime }

/** How programs end, and what becomes of the spans they still have. */
export const endings: ReadonlyArray<Row> = [
  { name: "SIGTERM", seconds: 10, isShort: true, bound: atOnce, play: signalled(healthy) },
  { name: "SIGTERM while answers take 2 s", seconds: 15, bound: atOnce, play: signalled(slow) },
  { name: "SIGTERM while it is down", seconds: 15, bound: allTold, play: signalled("down") },
  { name: "SIGTERM while it hangs", seconds: 15, bound: allTold, play: signalled(hanging) },
  {
    name: "SIGTERM while it is down, spool",
    seconds: 20,
    isShort: true,
    bound: atOnce,
    play: signalledWithSpool("down")
  },
  { name: "SIGTERM while it hangs, spool", seconds: 20, bound: atOnce, play: signalledWithSpool(hanging) },
  {
    name: "SIGTERM, nobody else listens",
    seconds: 10,
    isShort: true,
    // The program works on until it is gone.
    bound: { lost: ({ told }) => told.lost, endsWithin: inTime },
    play: signalled(healthy, { runner: "runPromise" })
  },
  {
    name: "SIGINT while answers take 2 s, nobody else listens",
    seconds: 15,
    bound: { lost: ({ told }) => told.lost, endsWithin: inTime },
    play: signalled(slow, { runner: "runPromise" }, "SIGINT")
  },
  { name: "ends while it is down", seconds: 15, isShort: true, bound: allTold, play: endsWhileDown({}) },
  { name: "ends while it is down, spool", seconds: 20, bound: atOnce, play: endsWhileDownWithSpool({}) },
  {
    name: "process.exit while it is down",
    seconds: 10,
    isShort: true,
    bound: { ...allTold, endsWithin: 1000 },
    play: endsWhileDown({ end: "exit" })
  },
  {
    name: "process.exit while it is down, spool",
    seconds: 15,
    bound: { endsWithin: 1000 },
    play: endsWhileDownWithSpool({ end: "exit" })
  },
  {
    name: "uncaught exception while it is down, spool",
    seconds: 15,
    bound: { endsWithin: 1000 },
    play: endsWhileDownWithSpool({ end: "throw" })
  },
  {
    name: "kill -9, spool always",
    seconds: 15,
    isShort: true,
    // What it was sending when it died is there, and the next process, which cannot know that, tells it.
    bound: { lost: ({ unwritten }) => unwritten, doubled: ({ told }) => told.maybeDoubled },
    play: killed(healthy)
  },
  {
    name: "kill -9 while it is down, spool always",
    seconds: 15,
    bound: { lost: ({ unwritten }) => unwritten },
    play: killed("down")
  },
  {
    name: "kill -9 while answers take 2 s, spool always",
    seconds: 15,
    bound: { lost: ({ unwritten }) => unwritten, doubled: ({ told }) => told.maybeDoubled },
    play: killed(slow)
  }
]
