import { assert, describe, it } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { Data, Effect, Option, Schedule } from "effect"
import { CorrelationId, Trace } from "effect-tracing"
import { Conventions } from "effect-tracing/conventions"
import { Carrier } from "effect-tracing/propagation"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { execFile } from "node:child_process"
import { createServer } from "node:http"
import { promisify } from "node:util"
import { Worker } from "node:worker_threads"

class Busy extends Data.TaggedError("Busy")<{ readonly message: string }> {}

const only = Effect.gen(function*() {
  const spans = yield* (yield* RecordedSpans).all
  assert.strictEqual(spans.length, 1)
  assert.deepStrictEqual(Conventions.check(spans), [])
  return spans[0]!
})

describe("Trace.current", () => {
  it.effect("fails outside of spans, also in one that is none because tracing is turned off", () =>
    Effect.gen(function*() {
      const outside = yield* Effect.flip(Trace.current)
      assert.strictEqual(outside._tag, "NoSuchElementError")
      const off = yield* Trace.current.pipe(Effect.withSpan("off"), Effect.withTracerEnabled(false), Effect.flip)
      assert.strictEqual(off._tag, "NoSuchElementError")
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("is the span around a part in which tracing is turned off", () =>
    Effect.gen(function*() {
      const [around, current] = yield* Effect.all([
        Trace.current,
        Trace.current.pipe(Effect.withSpan("off"), Effect.withTracerEnabled(false))
      ]).pipe(Effect.withSpan("around"))
      assert.deepStrictEqual(current, around)
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.database", () => {
  it.effect("makes a client span with the attributes of the conventions", () =>
    Effect.gen(function*() {
      yield* Trace.database({ system: "mongodb", collection: "users", operation: "findOne", namespace: "shop" })(
        Effect.void
      )
      const span = yield* only
      assert.strictEqual(span.name, "findOne users")
      assert.strictEqual(span.kind, "client")
      assert.deepStrictEqual(span.attributes.toRecord(), {
        "db.system.name": "mongodb",
        "db.operation.name": "findOne",
        "db.collection.name": "users",
        "db.namespace": "shop"
      })
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.cache", () => {
  it.effect("tells a hit from the result, and takes secrets out of the key", () =>
    Effect.gen(function*() {
      yield* Trace.cache({
        system: "redis",
        operation: "get",
        key: "user?password=hunter2hunter2",
        hit: Option.isSome
      })(
        Effect.succeedNone
      )
      const { attributes, name, statusCode } = yield* only
      assert.strictEqual(name, "get redis")
      assert.isFalse(attributes.get("cache.hit"))
      assert.strictEqual(attributes.get("cache.key"), "user?password=[redacted:password]")
      assert.strictEqual(statusCode, "unset")
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("shows a key as a hash, or not at all, where asked to", () =>
    Effect.gen(function*() {
      const get = (showKey: "hash" | "none") =>
        Trace.cache({ system: "memory", operation: "get", key: "ada", showKey })(Effect.void)
      yield* get("hash")
      yield* get("none")
      const [hashed, none] = yield* (yield* RecordedSpans).all
      assert.match(String(hashed?.attributes.get("cache.key")), /^[0-9a-f]{16}$/)
      assert.isFalse(none?.attributes.has("cache.key"))
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.http", () => {
  it.effect("makes a client span of a request by any client, which carries trace headers to hosts of one's own", () =>
    Effect.gen(function*() {
      const server = yield* Effect.acquireRelease(
        Effect.callback<ReturnType<typeof createServer>>((resume) => {
          const server = createServer((request, response) => {
            response.statusCode = 404
            response.end(request.headers.traceparent)
          })
          server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
        }),
        (server) => Effect.sync(() => server.close())
      )
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const url = `http://127.0.0.1:${port}/a?token=${"x1Y".repeat(8)}`
      const response = yield* Trace.http({ url, status: (response: Response) => response.status })(
        Effect.promise(() => fetch(url))
      )
      const span = yield* only
      assert.include(yield* Effect.promise(() => response.text()), `${span.traceId}-${span.spanId}`)
      assert.strictEqual(span.name, "GET")
      assert.strictEqual(span.attributes.get("url.full"), `http://127.0.0.1:${port}/a?token=[redacted:token]`)
      assert.strictEqual(span.attributes.get("server.port"), port)
      assert.strictEqual(span.attributes.get("error.type"), "404")
      assert.strictEqual(span.statusCode, "error")
    }).pipe(Effect.scoped, Effect.provide(TestTracing.layer())))
})

describe("Trace.message", () => {
  it.effect("names the span by operation and destination, and reads the message's id from the result", () =>
    Effect.gen(function*() {
      const id = yield* Effect.succeed(7).pipe(
        Trace.message({
          system: "rabbitmq",
          destination: "orders.eu",
          template: "orders.{region}",
          operation: "send",
          operationName: "publish",
          id: String,
          conversationId: "talk-1",
          group: "shop",
          partition: "0",
          host: "rabbit.example",
          port: 5672,
          attributes: { "order.total": 12 }
        })
      )
      assert.strictEqual(id, 7)
      const span = yield* only
      assert.strictEqual(span.name, "publish orders.{region}")
      assert.strictEqual(span.kind, "producer")
      assert.deepStrictEqual(span.attributes.toRecord(), {
        "messaging.system": "rabbitmq",
        "messaging.destination.name": "orders.eu",
        "messaging.destination.template": "orders.{region}",
        "messaging.destination.partition.id": "0",
        "messaging.operation.name": "publish",
        "messaging.operation.type": "send",
        "messaging.message.conversation_id": "talk-1",
        "messaging.consumer.group.name": "shop",
        "server.address": "rabbit.example",
        "server.port": 5672,
        "order.total": 12,
        "messaging.message.id": "7"
      })
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("has the kind that the conventions give each operation, unless told another", () =>
    Effect.gen(function*() {
      const kafka = { system: "kafka", host: "kafka.example", port: 9092 }
      for (const operation of ["create", "send", "receive", "process", "settle"] as const) {
        yield* Trace.message({ ...kafka, operation })(Effect.void)
      }
      yield* Trace.message({ ...kafka, operation: "send", operationName: "flush", count: 2, kind: "client" })(
        Effect.void
      )
      const spans = yield* (yield* RecordedSpans).all
      assert.deepStrictEqual(Conventions.check(spans), [])
      assert.deepStrictEqual(spans.map(({ kind, name }) => [name, kind]), [
        ["create kafka.example:9092", "producer"],
        ["send kafka.example:9092", "producer"],
        ["receive kafka.example:9092", "client"],
        ["process kafka.example:9092", "consumer"],
        ["settle kafka.example:9092", "client"],
        ["flush kafka.example:9092", "client"]
      ])
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("leads from the headers made inside, with the correlation id as its conversation", () =>
    Effect.gen(function*() {
      const headers = yield* Trace.carrier.pipe(
        Trace.message({ system: "memory", destination: "orders", operation: "send" }),
        Effect.provideService(CorrelationId, "order-1")
      )
      const span = yield* only
      assert.strictEqual((yield* Trace.extract(headers)).span?.spanId, span.spanId)
      assert.strictEqual(span.attributes.get("messaging.message.conversation_id"), "order-1")
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.error", () => {
  it.effect("says what sort of error it was, only if there is one", () =>
    Effect.gen(function*() {
      const categorised = Trace.error({ category: "network", recoverable: true })
      yield* Effect.fail("down").pipe(categorised, Effect.withSpan("fails"), Effect.ignore)
      yield* Effect.void.pipe(categorised, Effect.withSpan("succeeds"))
      const spans = yield* RecordedSpans
      const { attributes } = yield* spans.named("fails")
      assert.strictEqual(attributes.get("error.category"), "network")
      assert.isTrue(attributes.get("error.recoverable"))
      assert.strictEqual((yield* spans.named("succeeds")).attributes.size, 0)
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.retrying", () => {
  it.live("tells each retry on the span around, which is no failure when one heals", () =>
    Effect.gen(function*() {
      let attempts = 0
      yield* Effect.suspend(() => ++attempts < 3 ? Effect.fail(new Busy({ message: "busy" })) : Effect.void).pipe(
        Effect.withSpan("attempt"),
        Effect.retry(Trace.retrying(Schedule.spaced("2 millis"))),
        Effect.withSpan("fetch_post")
      )
      const spans = yield* RecordedSpans
      const { events, statusCode } = yield* spans.named("fetch_post")
      assert.strictEqual(statusCode, "unset")
      assert.deepStrictEqual(
        events.map(({ attributes, name }) => [name, attributes?.toRecord()]),
        [1, 2].map((attempt) => [
          "attempting_retry",
          { "retry.attempt": attempt, "retry.delay_ms": 2, "error.type": "Busy" }
        ])
      )
      assert.deepStrictEqual(
        (yield* spans.all).map(({ name, statusCode }) => [name, statusCode]),
        [["attempt", "error"], ["attempt", "error"], ["attempt", "unset"], ["fetch_post", "unset"]]
      )
    }).pipe(Effect.provide(TestTracing.layer())))

  it.live("leaves the failure to the span when the retries are exhausted", () =>
    Effect.gen(function*() {
      yield* Effect.fail(new Busy({ message: "busy" })).pipe(
        Effect.retry(Trace.retrying(Schedule.recurs(2))),
        Effect.withSpan("fetch_post"),
        Effect.ignore
      )
      const { events, statusCode } = yield* only
      assert.strictEqual(statusCode, "error")
      assert.deepStrictEqual(events.map(({ name }) => name), ["attempting_retry", "attempting_retry", "exception"])
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.withBaggage", () => {
  it.effect("is read by Trace.baggage and by OpenTelemetry's API, also after an await", () =>
    Effect.gen(function*() {
      const seen = yield* Effect.gen(function*() {
        const own = yield* Trace.baggage
        const there = Otel.propagation.getActiveBaggage()?.getEntry("a")?.value
        const after = yield* Effect.promise(async () => {
          await new Promise((resolve) => setTimeout(resolve, 1))
          return Otel.propagation.getActiveBaggage()?.getEntry("b")?.value
        })
        return [own, there, after]
      }).pipe(Effect.withSpan("span"), Trace.withBaggage({ b: "2" }), Trace.withBaggage({ a: "1" }))
      assert.deepStrictEqual(seen, [{ a: "1", b: "2" }, "1", "2"])
      assert.deepStrictEqual(yield* Trace.baggage, {})
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.carrier", () => {
  it.effect("is a record of one's own each time, the same that Trace.inject writes", () =>
    Effect.gen(function*() {
      const [first, second, injected] = yield* Effect.gen(function*() {
        const headers: Record<string, string> = {}
        yield* Trace.inject(headers)
        return [yield* Trace.carrier, yield* Trace.carrier, headers] as const
      }).pipe(Effect.withSpan("send"), Effect.provideService(CorrelationId, "order-1"))
      assert.deepStrictEqual(Object.keys(first).toSorted(), ["X-Correlation-ID", "traceparent"])
      assert.deepStrictEqual([first, second], [injected, injected])
      assert.notStrictEqual(first, second)
      assert.deepStrictEqual(yield* Trace.carrier, {})
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.linkTo", () => {
  it.effect("links the current span to the one in a carrier, and does nothing where either is missing", () =>
    Effect.gen(function*() {
      const headers = yield* Effect.withSpan(Trace.carrier, "cancel")
      yield* Trace.linkTo(headers)
      yield* Effect.gen(function*() {
        yield* Trace.linkTo(headers, { "link.type": "cancel" })
        yield* Trace.linkTo(Carrier.fromEntries(Object.entries(headers)))
        yield* Trace.linkTo({ traceparent: "00-zz" })
      }).pipe(Effect.withSpan("work"))
      const spans = yield* RecordedSpans
      const { spanId, traceId } = yield* spans.named("cancel")
      assert.deepStrictEqual(
        (yield* spans.named("work")).links.map((
          link
        ) => [link.traceId, link.spanId, link.attributes?.toRecord() ?? {}]),
        [[traceId, spanId, { "link.type": "cancel" }], [traceId, spanId, {}]]
      )
    }).pipe(Effect.provide(TestTracing.layer())))
})

describe("Trace.inject and Trace.extract", () => {
  it.effect("carry span, baggage and correlation id, secrets taken out", () =>
    Effect.gen(function*() {
      const headers: Record<string, string> = {}
      const secret = "x1Y".repeat(8)
      yield* Trace.inject(headers).pipe(
        Effect.withSpan("producer"),
        Trace.withBaggage({ campaign: "spring sale", api_token: secret }),
        Effect.provideService(CorrelationId, "order-1")
      )
      assert.strictEqual(headers["X-Correlation-ID"], "order-1")
      assert.notInclude(JSON.stringify(headers), secret)
      const received = yield* Trace.extract(headers)
      const producer = yield* (yield* RecordedSpans).named("producer")
      assert.strictEqual(received.span?.spanId, producer.spanId)
      assert.strictEqual(received.correlationId, "order-1")
      assert.strictEqual(received.baggage?.get("campaign")?.value, "spring sale")

      yield* Trace.continueFrom(headers)(
        Effect.flatMap(Trace.baggage, ({ campaign }) => Effect.withSpan(Effect.void, `consumer ${campaign}`))
      )
      const consumer = yield* (yield* RecordedSpans).named("consumer spring sale")
      assert.strictEqual(consumer.parentSpanId, producer.spanId)
      assert.strictEqual(consumer.traceId, producer.traceId)
      assert.strictEqual(consumer.attributes.get("correlation.id"), "order-1")
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("carry nothing that is not well-formed", () =>
    Effect.gen(function*() {
      const received = yield* Trace.extract({ traceparent: "00-zz", "x-correlation-id": "a b", baggage: "=" })
      assert.deepStrictEqual(received, { span: undefined, correlationId: undefined, baggage: undefined })
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("carry on in a child process by its environment", () =>
    Effect.gen(function*() {
      const env: Record<string, string | undefined> = {}
      yield* Trace.inject(Carrier.toEnvironment(env)).pipe(
        Effect.withSpan("parent"),
        Effect.provideService(CorrelationId, "order-1")
      )
      const print = "process.stdout.write(JSON.stringify(process.env))"
      const { stdout } = yield* Effect.promise(() => promisify(execFile)(process.execPath, ["-e", print], { env }))
      const environment: Record<string, string> = JSON.parse(stdout)
      const child = yield* Trace.current.pipe(
        Effect.withSpan("child"),
        Trace.continueFrom(Carrier.fromEnvironment(environment))
      )
      const spans = yield* RecordedSpans
      assert.strictEqual(child.traceId, (yield* spans.named("parent")).traceId)
      assert.strictEqual((yield* spans.named("child")).attributes.get("correlation.id"), "order-1")
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("carry on in a worker thread by its data", () =>
    Effect.gen(function*() {
      const workerData: Record<string, string> = {}
      yield* Effect.withSpan(Trace.inject(workerData), "parent")
      const echoed = yield* Effect.callback<Record<string, unknown>>((resume) => {
        const worker = new Worker("const w = require('node:worker_threads'); w.parentPort.postMessage(w.workerData)", {
          eval: true,
          workerData
        })
        worker.once("message", (message) => resume(Effect.succeed(message)))
      })
      const { span } = yield* Trace.extract(echoed)
      assert.strictEqual(span?.spanId, (yield* (yield* RecordedSpans).named("parent")).spanId)
    }).pipe(Effect.provide(TestTracing.layer())))

  it.effect("use the formats of the settings", () =>
    Effect.gen(function*() {
      const headers: Record<string, string> = {}
      yield* Effect.withSpan(Trace.inject(headers), "span")
      assert.deepStrictEqual(Object.keys(headers), ["b3"])
    }).pipe(Effect.provide(TestTracing.layer({ env: { OTEL_PROPAGATORS: "b3" } }))))
})
