import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { CorrelationId, correlationIdFrom, isCorrelationId, makeCorrelationId } from "effect-tracing/propagation"

describe("correlationIdFrom", () => {
  it.each(["a", "req-1", "A.b_c:d/e=f+g@h-9", "x".repeat(128), "018f3b3e-7b2a-7c4e-9c1d-000000000000"])(
    "takes over %s",
    (text) => {
      assert.strictEqual(correlationIdFrom(text), text)
      assert.strictEqual(correlationIdFrom([text]), text)
    }
  )

  it.each([
    "",
    " ",
    "a b",
    "a\n",
    "a\r\nSet-Cookie: x=1",
    "é",
    "a,b",
    "a;b",
    "a\"b",
    "<script>",
    "\0",
    "x".repeat(129),
    "😀"
  ])(
    "does not take over %j",
    (text) => {
      assert.isUndefined(correlationIdFrom(text))
    }
  )

  it("does not take over one of two, or none", () => {
    assert.isUndefined(correlationIdFrom(["a", "b"]))
    assert.isUndefined(correlationIdFrom([]))
    assert.isUndefined(correlationIdFrom(undefined))
  })
})

describe("makeCorrelationId", () => {
  it("makes well-formed ids, each its own", () => {
    const ids = new Set(Array.from({ length: 1000 }, makeCorrelationId))
    assert.strictEqual(ids.size, 1000)
    for (const id of ids) assert.isTrue(isCorrelationId(id))
  })
})

describe("CorrelationId", () => {
  it.effect("is nothing unless somebody sets it", () =>
    Effect.gen(function*() {
      assert.isUndefined(yield* CorrelationId)
    }))

  it.effect("goes along into fibers", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(Effect.map(CorrelationId, (id) => id))
      assert.strictEqual(yield* Fiber.join(fiber), "req-1")
    }).pipe(Effect.provideService(CorrelationId, "req-1")))
})
