import { assert, describe, it } from "@effect/vitest"
import { Cause, Data, Effect, Exit, Fiber, Schema } from "effect"
import { Work } from "effect-tracing"
import type { EndedSpan } from "effect-tracing/model"
import { recorded, spanNamed } from "./support.ts"

class Refused extends Data.TaggedError("Refused")<{ readonly message: string }> {}

class Missing extends Schema.TaggedError<Missing>()("Missing", { message: Schema.String }) {}

const failing = (error: unknown): Effect.Effect<never, unknown> => Effect.fail(error)

const exceptions = (span: EndedSpan): ReadonlyArray<EndedSpan["events"][number]> =>
  span.events.filter((event) => event.name === "exception")

/** The one span a program makes that ends in the given way. */
const ended = <A, E>(program: Effect.Effect<A, E>) =>
  Effect.map(recorded(Effect.withSpan(program, "span")), (spans) => spanNamed(spans, "span"))

const says = <A, E>(
  program: Effect.Effect<A, E>,
  expected: { readonly type: string; readonly message: string }
) =>
  Effect.map(ended(program), (span) => {
    assert.deepStrictEqual(
      [span.statusCode, span.statusMessage, span.attributes.get("error.type")],
      ["error", expected.message, expected.type]
    )
    const [exception, ...more] = exceptions(span)
    assert.strictEqual(more.length, 0)
    assert.strictEqual(exception?.attributes?.get("exception.type"), expected.type)
    assert.strictEqual(exception?.attributes?.get("exception.message"), expected.message)
  })

describe("the status of a span", () => {
  it.effect("is unset on success, without error.type or exception", () =>
    Effect.map(ended(Effect.succeed(1)), (span) => {
      assert.deepStrictEqual([span.statusCode, span.statusMessage], ["unset", undefined])
      assert.isFalse(span.attributes.has("error.type"))
      assert.strictEqual(span.events.length, 0)
    }))

  it.effect("is an error with the tag of a tagged error", () =>
    says(Effect.fail(new Refused({ message: "not today" })), { type: "Refused", message: "not today" }))

  it.effect("is an error with the tag of a schema's error", () =>
    says(Effect.fail(new Missing({ message: "no post 7" })), { type: "Missing", message: "no post 7" }))

  it.effect("is an error with the name of an Error", () =>
    says(failing(new RangeError("too far")), { type: "RangeError", message: "too far" }))

  it.effect("is an error for a defect", () =>
    says(Effect.die(new TypeError("not a function")), { type: "TypeError", message: "not a function" }))

  it.effect("is an error for what a function throws", () =>
    says(
      Effect.sync(() => {
        throw new SyntaxError("unexpected token")
      }),
      { type: "SyntaxError", message: "unexpected token" }
    ))

  it.effect("is an error of type _OTHER for a string", () =>
    says(Effect.fail("just a string"), { type: "_OTHER", message: "just a string" }))

  it.effect("is an error of type _OTHER for a plain object, shown as JSON", () =>
    Effect.map(ended(Effect.fail({ code: 7 })), (span) => {
      assert.strictEqual(span.attributes.get("error.type"), "_OTHER")
      assert.match(span.statusMessage ?? "", /"code":\s*7/)
    }))

  it.effect("is the error's name where its message is empty", () =>
    says(failing(new RangeError()), { type: "RangeError", message: "RangeError" }))

  it.effect("survives an error that cannot be looked at", () =>
    Effect.map(
      ended(Effect.fail(
        new Proxy({}, {
          get: () => {
            throw new Error("hands off")
          },
          has: () => {
            throw new Error("hands off")
          }
        })
      )),
      (span) => {
        assert.strictEqual(span.statusCode, "error")
        assert.strictEqual(span.attributes.get("error.type"), "_OTHER")
      }
    ))

  it.effect("is unset for interruption alone, which an attribute tells", () =>
    Effect.map(
      recorded(Effect.gen(function*() {
        const fiber = yield* Effect.forkChild(Effect.never.pipe(Effect.withSpan("span")), { startImmediately: true })
        yield* Fiber.interrupt(fiber)
      })),
      (spans) => {
        const span = spanNamed(spans, "span")
        assert.strictEqual(span.statusCode, "unset")
        assert.strictEqual(span.attributes.get("effect.fiber.interrupted"), true)
        assert.isFalse(span.attributes.has("error.type"))
        assert.strictEqual(span.events.length, 0)
      }
    ))

  it.effect("is an error for a failure together with an interruption", () =>
    Effect.map(
      ended(Effect.failCause(Cause.combine(Cause.interrupt(1), Cause.fail(new Refused({ message: "no" }))))),
      (span) => {
        assert.deepStrictEqual([span.statusCode, span.attributes.get("error.type")], ["error", "Refused"])
        assert.isFalse(span.attributes.has("effect.fiber.interrupted"))
      }
    ))

  it.effect("leaves an error.type the program has set", () =>
    Effect.map(
      ended(
        Effect.andThen(Effect.annotateCurrentSpan("error.type", "ours"), Effect.fail(new Refused({ message: "no" })))
      ),
      (span) => assert.strictEqual(span.attributes.get("error.type"), "ours")
    ))

  it.effect("is unset for what was handled below it", () =>
    Effect.map(
      recorded(
        Effect.fail(new Refused({ message: "no" })).pipe(
          Effect.withSpan("attempt"),
          Effect.catchTag("Refused", () => Effect.void),
          Effect.withSpan("outer")
        )
      ),
      (spans) => {
        assert.strictEqual(spanNamed(spans, "attempt").statusCode, "error")
        assert.strictEqual(spanNamed(spans, "outer").statusCode, "unset")
        assert.strictEqual(spanNamed(spans, "outer").events.length, 0)
      }
    ))
})

describe("the exception event", () => {
  const nested = (error: unknown) =>
    recorded(failing(error).pipe(Effect.withSpan("inner"), Effect.withSpan("middle"), Effect.withSpan("outer")))

  it.effect("stands once, on the innermost span; those above have status and error.type", () =>
    Effect.map(nested(new Refused({ message: "no" })), (spans) => {
      assert.deepStrictEqual(
        spans.map((span) => [span.name, exceptions(span).length, span.statusCode, span.attributes.get("error.type")]),
        [["inner", 1, "error", "Refused"], ["middle", 0, "error", "Refused"], ["outer", 0, "error", "Refused"]]
      )
    }))

  it.effect("stands once for an error that is no object", () =>
    Effect.map(
      nested("a string"),
      (spans) => assert.deepStrictEqual(spans.map((span) => exceptions(span).length), [1, 0, 0])
    ))

  it.effect("has the stack trace, with the spans it came through", () =>
    Effect.map(nested(new RangeError("far")), (spans) => {
      const stack = String(exceptions(spans[0]!)[0]?.attributes?.get("exception.stacktrace"))
      assert.match(stack, /^RangeError: far\n {4}at /)
      assert.include(stack, "inner")
    }))

  it.effect("stands again for the error a failure was mapped to", () =>
    Effect.map(
      recorded(
        Effect.fail(new Refused({ message: "no" })).pipe(
          Effect.withSpan("inner"),
          Effect.mapError(() => new Missing({ message: "nothing" })),
          Effect.withSpan("outer")
        )
      ),
      (spans) =>
        assert.deepStrictEqual(
          spans.map((span) => exceptions(span)[0]?.attributes?.get("exception.type")),
          ["Refused", "Missing"]
        )
    ))

  it.effect("stands in each trace that one and the same error fails", () => {
    const shared = new Refused({ message: "always the same" })
    return Effect.map(
      recorded(Effect.forEach([1, 2], () => Effect.exit(Effect.withSpan(Effect.fail(shared), "span")))),
      (spans) => assert.deepStrictEqual(spans.map((span) => exceptions(span).length), [1, 1])
    )
  })

  it.effect("stands for each of several parallel failures, and for a few of very many", () =>
    Effect.map(
      recorded(Effect.all([
        Effect.exit(Effect.withSpan(Effect.failCause(Cause.combine(Cause.fail("a"), Cause.die("b"))), "two")),
        Effect.exit(
          Effect.withSpan(
            Effect.failCause(Cause.fromReasons(Array.from({ length: 1000 }, (_, i) => Cause.makeFailReason(i)))),
            "many"
          )
        )
      ])),
      (spans) => {
        assert.strictEqual(exceptions(spanNamed(spans, "two")).length, 2)
        assert.isAtMost(exceptions(spanNamed(spans, "many")).length, 8)
      }
    ))

  it.effect("of a failed item stands in the item's trace, whose error the run handles", () =>
    Effect.map(
      recorded(
        Effect.fail(new Refused({ message: "no" })).pipe(
          Work.item("item"),
          Effect.exit,
          Effect.withSpan("run")
        )
      ),
      (spans) => {
        assert.strictEqual(exceptions(spanNamed(spans, "item")).length, 1)
        assert.strictEqual(spanNamed(spans, "run").statusCode, "unset")
      }
    ))

  it.effect("is told to nobody by a span that was ended without a failure", () =>
    Effect.map(
      recorded(Effect.useSpan("span", (span) => Effect.sync(() => span.end(1n, Exit.void)))),
      (spans) => assert.strictEqual(spanNamed(spans, "span").events.length, 0)
    ))
})
