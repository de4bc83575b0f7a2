import { assert, describe, it } from "@effect/vitest"
import { Effect, Tracer } from "effect"
import { CorrelationId, Trace, Work } from "effect-tracing"
import { Conventions } from "effect-tracing/conventions"
import { RecordedSpans, TestTracing, tree } from "effect-tracing/testing"

const spansOf = <A, E>(program: Effect.Effect<A, E>, env: Record<string, string> = {}) =>
  Effect.gen(function*() {
    yield* Effect.exit(program)
    return yield* (yield* RecordedSpans).all
  }).pipe(Effect.provide(TestTracing.layer({ env })))

describe("Work.item", () => {
  it.effect("is a trace of its own with a link to the run, whose trace it names", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(
        Effect.forEach(["one", "two"], (name) => Effect.withSpan(Effect.void, "step").pipe(Work.item(name))).pipe(
          Effect.withSpan("run")
        )
      )
      assert.deepStrictEqual(tree(spans), ["one", "  step", "two", "  step", "run"])
      const [one, two, run] = ["one", "two", "run"].map((name) => spans.find((span) => span.name === name)!)
      assert.strictEqual(new Set([one!.traceId, two!.traceId, run!.traceId]).size, 3)
      for (const item of [one!, two!]) {
        assert.deepStrictEqual(item.links.map((link) => [link.traceId, link.spanId, link.attributes?.toRecord()]), [
          [run!.traceId, run!.spanId, { "link.type": "run" }]
        ])
        assert.strictEqual(item.attributes.get("work.run.trace_id"), run!.traceId)
      }
    }))

  it.effect("has the attributes, kind and further links it is given", () =>
    Effect.gen(function*() {
      const message = Tracer.externalSpan({ traceId: "0123456789abcdef0123456789abcdef", spanId: "0123456789abcdef" })
      const [item] = yield* spansOf(
        Effect.void.pipe(
          Work.item("item", {
            kind: "consumer",
            attributes: { "url.full": "https://blog.example/1" },
            links: [{ span: message, attributes: { "link.type": "message" } }]
          })
        )
      )
      assert.strictEqual(item?.kind, "consumer")
      assert.deepStrictEqual(item?.attributes.toRecord(), { "url.full": "https://blog.example/1" })
      assert.deepStrictEqual(item?.links.map((link) => link.spanId), ["0123456789abcdef"])
    }))

  it.effect("made from a carrier is linked to the sender, and goes on with its correlation id and baggage", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(
        Effect.gen(function*() {
          const headers = yield* Trace.carrier.pipe(
            Effect.withSpan("send"),
            Trace.withBaggage({ campaign: "spring" }),
            Effect.provideService(CorrelationId, "order-1")
          )
          yield* Effect.flatMap(Trace.baggage, ({ campaign }) => Effect.withSpan(Effect.void, `step ${campaign}`)).pipe(
            Work.item("item", { carrier: headers, attributes: { a: 1 } }),
            Effect.withSpan("run"),
            Effect.provideService(CorrelationId, "worker-1")
          )
        })
      )
      assert.deepStrictEqual(tree(spans), ["send", "item", "  step spring", "run"])
      const [send, item, step, run] = ["send", "item", "step spring", "run"].map((name) =>
        spans.find((span) => span.name === name)!
      )
      assert.deepStrictEqual(item!.links.map((link) => [link.spanId, link.attributes?.toRecord()]), [
        [run!.spanId, { "link.type": "run" }],
        [send!.spanId, { "link.type": "message" }]
      ])
      assert.strictEqual(item!.attributes.get("correlation.id"), "order-1")
      assert.strictEqual(step!.attributes.get("correlation.id"), "order-1")
      assert.strictEqual(run!.attributes.get("correlation.id"), "worker-1")
    }))

  it.effect("made from a carrier that brought nothing keeps what the worker has", () =>
    Effect.gen(function*() {
      const [item] = yield* spansOf(
        Effect.void.pipe(
          Work.item("item", { carrier: { traceparent: "00-zz", "x-correlation-id": "a b" } }),
          Effect.provideService(CorrelationId, "worker-1")
        )
      )
      assert.deepStrictEqual(item?.links, [])
      assert.strictEqual(item?.attributes.get("correlation.id"), "worker-1")
    }))

  it.effect("outside of a run is the root of a trace without links", () =>
    Effect.gen(function*() {
      const [item] = yield* spansOf(Effect.void.pipe(Work.item("item")))
      assert.isUndefined(item?.parentSpanId)
      assert.strictEqual(item?.links.length, 0)
      assert.isFalse(item?.attributes.has("work.run.trace_id"))
    }))

  it.effect("links to no span that is not there: the run may have tracing turned off", () =>
    Effect.gen(function*() {
      const [item] = yield* spansOf(
        Effect.void.pipe(
          Work.item("item"),
          Effect.withTracerEnabled(true),
          Effect.withSpan("run"),
          Effect.withTracerEnabled(false)
        )
      )
      assert.strictEqual(item?.links.length, 0)
      assert.isFalse(item?.attributes.has("work.run.trace_id"))
    }))

  it.effect("is sampled on its own, and takes its run along so that no link dangles", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(
        Effect.forEach(Array.from({ length: 400 }, (_, i) => i), () => Effect.void.pipe(Work.item("item"))).pipe(
          Effect.withSpan("run")
        ),
        { TRACING_SAMPLING_RATE: "0.25" }
      )
      const items = spans.filter((span) => span.name === "item")
      // Six standard deviations around a hundred.
      assert.isAbove(items.length, 48)
      assert.isBelow(items.length, 152)
      assert.strictEqual(spans.filter((span) => span.name === "run").length, 1)
    }))

  it.effect("hands on what the effect gives or fails with", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* Effect.succeed(1).pipe(Work.item("item")), 1)
      assert.strictEqual(yield* Effect.flip(Effect.fail("no").pipe(Work.item("item"))), "no")
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Work.message", () => {
  it.effect("is the work on a message as the conventions describe it, linked to the sender", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(
        Trace.carrier.pipe(
          Trace.message({ system: "rabbitmq", destination: "orders", operation: "send", id: () => "7" }),
          Effect.provideService(CorrelationId, "order-1"),
          Effect.flatMap((carrier) =>
            Effect.withSpan(Effect.void, "step").pipe(
              Work.message({
                system: "rabbitmq",
                destination: "orders",
                id: "7",
                client: "worker-1",
                carrier,
                attributes: { "order.attempt": 1 }
              })
            )
          )
        )
      )
      assert.deepStrictEqual(tree(spans), ["send orders", "process orders", "  step"])
      assert.deepStrictEqual(Conventions.check(spans), [])
      const [send, process] = ["send orders", "process orders"].map((name) => spans.find((span) => span.name === name)!)
      assert.strictEqual(process!.kind, "consumer")
      assert.notStrictEqual(process!.traceId, send!.traceId)
      assert.deepStrictEqual(process!.links.map((link) => [link.spanId, link.attributes?.toRecord()]), [
        [send!.spanId, { "link.type": "message" }]
      ])
      assert.deepStrictEqual(process!.attributes.toRecord(), {
        "messaging.system": "rabbitmq",
        "messaging.destination.name": "orders",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.message.id": "7",
        "messaging.message.conversation_id": "order-1",
        "messaging.client.id": "worker-1",
        "order.attempt": 1,
        "correlation.id": "order-1"
      })
    }))

  it.effect("of a batch says how many there are, with a link to the sender of each", () =>
    Effect.gen(function*() {
      const spans = yield* spansOf(
        Effect.gen(function*() {
          const send = Trace.message({ system: "kafka", destination: "orders", operation: "send" })
          const all = [yield* send(Trace.carrier), yield* send(Trace.carrier), {}]
          yield* Effect.forEach(all, (headers, index) => Trace.linkTo(headers, { "messaging.message.id": `${index}` }))
            .pipe(
              Work.message({ system: "kafka", destination: "orders", operationName: "consume", count: all.length })
            )
        })
      )
      assert.deepStrictEqual(Conventions.check(spans), [])
      const batch = spans.find((span) => span.name === "consume orders")!
      assert.strictEqual(batch.attributes.get("messaging.batch.message_count"), 3)
      assert.deepStrictEqual(
        batch.links.map((link) => [link.spanId, link.attributes?.toRecord()]),
        spans.filter((span) => span.kind === "producer").map((
          { spanId },
          index
        ) => [spanId, { "messaging.message.id": `${index}` }])
      )
    }))
})
