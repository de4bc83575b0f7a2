import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import { named, namesAt, outage, output, pipeline, start, surroundings, until } from "./support.ts"

describe("A process with a spool", () => {
  it.live("loses nothing of what it wrote when it is killed", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* outage
      const child = yield* start(receiver.url, folder, "always", "1000", "wait", "span")
      yield* output(child, (text) => text.includes("ended"))
      child.kill("SIGKILL")
      yield* output(child)
      yield* receiver.start
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length >= 1000)
      yield* next.close
      assert.deepStrictEqual(namesAt(receiver), named(1000))
      assert.deepStrictEqual(fs.readdirSync(folder), [])
    }), 30_000)

  it.live("tells the next process what it may have delivered when it was killed", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* surroundings
      receiver.reactTo(() => ({ _tag: "hang" }))
      const child = yield* start(receiver.url, folder, "always", "100", "wait", "first")
      yield* receiver.received(1)
      child.kill("SIGKILL")
      yield* output(child)
      receiver.reactTo(() => ({ _tag: "respond" }))
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length === 200)
      yield* next.close
      const doubled = next.warnings.all.find(({ key }) => key.includes("earlier maybe doubled"))
      assert.include(doubled?.message, "100 spans of an earlier process may be at")
      assert.strictEqual(doubled?.count, 100)
    }))

  it.live("does not speak of doubled spans where none can have arrived", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* outage
      const child = yield* start(receiver.url, folder, "always", "100", "wait", "first")
      yield* output(child, (text) => text.includes("ended"))
      child.kill("SIGKILL")
      yield* output(child)
      yield* receiver.start
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length === 100)
      yield* next.close
      assert.deepStrictEqual(next.warnings.all, [])
    }))

  it.live("loses nothing of what had ended when it calls process.exit", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* outage
      yield* output(yield* start(receiver.url, folder, "unsent", "1000", "exit", "span"))
      yield* receiver.start
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length >= 1000)
      yield* next.close
      assert.deepStrictEqual(namesAt(receiver), named(1000))
    }), 30_000)

  it.live("shares the folder with others that live, and takes nothing of theirs", () =>
    Effect.gen(function*() {
      const { folder, receiver } = yield* outage
      const waiting = yield* start(receiver.url, folder, "always", "300", "wait", "a")
      yield* output(waiting, (text) => text.includes("ended"))
      const done = yield* output(yield* start(receiver.url, folder, "unsent", "300", "close", "b"))
      assert.include(done, "\"spooled\":300")
      yield* receiver.start
      const next = yield* pipeline(receiver.url, folder)
      yield* until(() => receiver.spans.length >= 600)
      yield* next.close
      assert.sameMembers([...namesAt(receiver)], [...named(300, "a"), ...named(300, "b")])
    }), 30_000)
})
