import { Effect } from "effect"
import * as fs from "node:fs"
import * as path from "node:path"
import type { Order, Row, Stage } from "../Row.ts"
import { downDuring, during, every, playWith } from "./troubles.ts"

const spoolOf = (stage: Stage): string => `${stage.folder}/spool`

const withSpool = (stage: Stage, order: Order = {}): Order => ({
  ...order,
  environment: { TRACING_SPOOL_DIR: spoolOf(stage), ...order.environment }
})

/** Runs a program with a file system of its own mounted on its spool's folder: seen by nobody else, gone with it. */
const mounted = (stage: Stage, options: string): Order => {
  fs.mkdirSync(spoolOf(stage), { recursive: true })
  const script = "mount -t tmpfs -o \"$1\" tmpfs \"$0\" && shift && exec \"$@\""
  return withSpool(stage, {
    wrapper: ["unshare", "--map-root-user", "--mount", "sh", "-c", script, spoolOf(stage), options]
  })
}

/** Cuts so many bytes off the end of the newest segment. */
const tear = (stage: Stage, bytes: number): void => {
  const folder = spoolOf(stage)
  const newest = fs.readdirSync(folder).filter((name) => name.endsWith(".spool")).sort().at(-1)
  if (newest === undefined) return
  const file = path.join(folder, newest)
  fs.truncateSync(file, Math.max(0, fs.statSync(file).size - bytes))
}

/** What goes wrong with the disk. */
export const disk: ReadonlyArray<Row> = [
  {
    name: "down for 10 s, spool",
    seconds: 25,
    play: (stage) => downDuring(10, withSpool(stage))(stage)
  },
  {
    name: "503 with Retry-After for 10 s, spool",
    seconds: 25,
    play: (stage) => during(10, { _tag: "refuse", status: 503, retryAfter: "2" }, withSpool(stage))(stage)
  },
  {
    name: "down for 10 s, spool always",
    seconds: 25,
    play: (stage) => downDuring(10, withSpool(stage, { environment: { TRACING_SPOOL: "always" } }))(stage)
  },
  {
    name: "hangs at one request in ten, which it has taken, spool",
    seconds: 30,
    bound: { doubled: ({ told }) => told.maybeDoubled },
    play: (stage) => playWith(every(10, { _tag: "hang", isTaken: true }), withSpool(stage))(stage)
  },
  {
    name: "disk full while it is down for 10 s",
    seconds: 25,
    isShort: true,
    // What is on disk at the end is gone with the file system, and with it the next start that would have found it.
    bound: { lost: ({ told }) => told.onDisk, tells: /the disk is full/ },
    play: (stage) => downDuring(10, mounted(stage, "size=64k"))(stage)
  },
  {
    name: "folder not writable while it is down for 10 s",
    seconds: 25,
    bound: { tells: /the file system is read-only/ },
    play: (stage) => downDuring(10, mounted(stage, "ro,size=64k"))(stage)
  },
  {
    name: "folder removed while it is down for 10 s",
    seconds: 25,
    isShort: true,
    play: (stage) =>
      Effect.gen(function*() {
        const program = yield* stage.start(withSpool(stage))
        yield* stage.pause(5)
        yield* stage.collector.stop
        yield* stage.pause(5)
        yield* Effect.sync(() => fs.rmSync(spoolOf(stage), { recursive: true, maxRetries: 10 }))
        yield* stage.pause(5)
        yield* stage.collector.start
        yield* program.ended
      })
  },
  {
    name: "a segment that is torn",
    seconds: 20,
    isShort: true,
    // The record that is torn: nobody knows any more how many spans it had.
    bound: { lost: () => 512, untold: () => 512, tells: /the last \d+ bytes of a segment were cut off/ },
    play: (stage) =>
      Effect.gen(function*() {
        yield* stage.collector.stop
        yield* stage.run(withSpool(stage, { over: 10 }))
        yield* Effect.sync(() => tear(stage, 100))
        yield* stage.collector.start
        yield* stage.startAgain
      })
  },
  {
    name: "two processes on one folder, one ends while it is down",
    seconds: 35,
    isShort: true,
    play: (stage) =>
      Effect.gen(function*() {
        const lasting = yield* stage.start(withSpool(stage, { over: 25, linger: 5 }))
        const brief = yield* stage.start(withSpool(stage, { over: 10 }))
        yield* stage.pause(5)
        yield* stage.collector.stop
        yield* brief.ended
        yield* stage.pause(2)
        yield* stage.collector.start
        yield* lasting.ended
        yield* stage.startAgain
      })
  }
]
