import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { ExportError } from "effect-tracing/export"
import { TestClock } from "effect/testing"
import { heedRetryAfter } from "../../../src/export/otlp/heedRetryAfter.ts"

/** What sends by a receiver that asks its first caller for a pause of a second, and counts its callers. */
const pausedForASecond = () => {
  let requests = 0
  const transport = heedRetryAfter({
    name: "receiver",
    endpoint: "http://receiver/v1/traces",
    shutdown: Effect.void,
    send: () =>
      Effect.suspend(() =>
        ++requests === 1
          ? Effect.fail(
            new ExportError({ reason: "status 503", message: "not now", retryable: true, retryAfterMillis: 1000 })
          )
          : Effect.succeed({ rejected: 0, message: undefined })
      )
  })
  return { send: transport.send(new Uint8Array()), requests: () => requests }
}

describe("heedRetryAfter", () => {
  it.effect("refuses who comes too early with the error that asked, and what is left of the pause", () =>
    Effect.gen(function*() {
      const { requests, send } = pausedForASecond()
      yield* Effect.flip(send)
      yield* TestClock.adjust(400)
      const error = yield* Effect.flip(send)
      assert.strictEqual(error.retryAfterMillis, 600)
      assert.strictEqual(error.reason, "status 503")
      assert.strictEqual(requests(), 1)
    }))

  it.effect("lets who comes at the last moment wait for it, as a timer may ring early", () =>
    Effect.gen(function*() {
      const { requests, send } = pausedForASecond()
      yield* Effect.flip(send)
      yield* TestClock.adjust(999)
      const fiber = yield* Effect.forkChild(send)
      yield* Effect.yieldNow
      assert.strictEqual(requests(), 1)
      yield* TestClock.adjust(1)
      yield* Fiber.join(fiber)
      assert.strictEqual(requests(), 2)
    }))
})
