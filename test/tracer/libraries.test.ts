import { assert, describe, it } from "@effect/vitest"
import * as Otel from "@opentelemetry/api"
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici"
import { Effect, Layer } from "effect"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient } from "effect/http"
import { AsyncLocalStorage } from "node:async_hooks"
import { EventEmitter } from "node:events"
import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"
import { activeName, byHand, contextWithoutSpan, delay, gives, library, spanNamed } from "./support.ts"

/** The context of a new span of the library's own, and that span. */
const ownContext = (name: string): { readonly span: Otel.Span; readonly context: Otel.Context } => {
  const span = library().startSpan(name)
  return { span, context: Otel.trace.setSpan(Otel.context.active(), span) }
}

/** A server on loopback that answers every request, and remembers its headers. */
const server = Effect.gen(function*() {
  const headers: Array<IncomingHttpHeaders> = []
  const listening = yield* Effect.acquireRelease(
    Effect.sync(() =>
      createServer((request, response) => {
        headers.push(request.headers)
        response.end("hello")
      })
    ),
    (open) =>
      Effect.sync(() => {
        open.closeAllConnections()
        open.close()
      })
  )
  yield* Effect.callback<void>((resume) => {
    listening.listen(0, "127.0.0.1", () => resume(Effect.void))
  })
  return { headers, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/page` }
})

const undiciInstrumentation = Effect.acquireRelease(
  Effect.sync(() => {
    const instrumentation = new UndiciInstrumentation()
    instrumentation.enable()
    return instrumentation
  }),
  (instrumentation) => Effect.sync(() => instrumentation.disable())
)

describe("libraries that use OpenTelemetry's API", () => {
  describe("context.with", () => {
    it.live("wins over the fiber's span, at once and after an await", () =>
      gives(
        Effect.promise(async () => {
          const { context, span } = ownContext("library's")
          await Otel.context.with(context, async () => {
            byHand("at once")
            await delay(1)
            byHand("after an await")
          })
          byHand("outside")
          span.end()
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  library's", "    at once", "    after an await", "  outside"]
      ))

    it.live("wins in Effect.sync, and for what is started there and awaits", () =>
      gives(
        Effect.gen(function*() {
          const started = yield* Effect.sync(() => {
            const { context, span } = ownContext("library's")
            return Otel.context.with(context, () => ({
              done: delay(1).then(() => {
                byHand("after an await")
                span.end()
              })
            }))
          })
          yield* Effect.promise(() => started.done)
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  library's", "    after an await"]
      ))

    it.live("loses to the span of a fiber that runs inside it", () =>
      gives(
        Effect.gen(function*() {
          const run = Effect.runPromiseWith(contextWithoutSpan(yield* Effect.context()))
          yield* Effect.promise(() => {
            const { context, span } = ownContext("library's")
            return Otel.context.with(context, () =>
              run(Effect.sync(() => byHand("by hand")).pipe(Effect.withSpan("inner")))).finally(() =>
                span.end()
              )
          })
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  library's", "    inner", "      by hand"]
      ))

    it.live("wins for a fiber without a span that runs inside it", () =>
      gives(
        Effect.sync(() => {
          const { context, span } = ownContext("library's")
          Otel.context.with(context, () => Effect.runSync(Effect.sync(() => byHand("by hand"))))
          span.end()
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  library's", "    by hand"]
      ))

    it.live("with the root context hides the fiber's span", () =>
      gives(
        Effect.sync(() => Otel.context.with(Otel.ROOT_CONTEXT, () => byHand("by hand"))).pipe(Effect.withSpan("outer")),
        ["outer", "by hand"]
      ))

    it.live("keeps the other values of the context it is given", () => {
      const key = Otel.createContextKey("color")
      return gives(
        Effect.promise(() =>
          Otel.context.with(Otel.context.active().setValue(key, "red"), async () => {
            await delay(1)
            assert.strictEqual(Otel.context.active().getValue(key), "red")
            assert.strictEqual(activeName(), "outer")
          })
        ).pipe(Effect.withSpan("outer")),
        ["outer"]
      )
    })
  })

  describe("tracer.startActiveSpan", () => {
    it.live("makes the parent of what Effect.runPromise runs inside it", () =>
      Effect.gen(function*() {
        const run = Effect.runPromiseWith(contextWithoutSpan(yield* Effect.context()))
        yield* Effect.promise(() =>
          Otel.context.with(Otel.ROOT_CONTEXT, () =>
            library().startActiveSpan("handler", async (span) => {
              await run(Effect.andThen(Effect.sleep(1), Effect.withSpan(Effect.void, "at once")))
              await delay(1)
              await run(Effect.void.pipe(Effect.withSpan("after an await")))
              span.end()
            }))
        )
        const spans = yield* RecordedSpans
        assert.deepStrictEqual(yield* spans.tree, ["handler", "  at once", "  after an await"])
      }).pipe(Effect.provide(TestTracing.layer())))

    it.live("takes options and a context, and hands on what the function returns", () =>
      gives(
        Effect.sync(() => {
          const result = library().startActiveSpan(
            "all arguments",
            { kind: Otel.SpanKind.PRODUCER, attributes: { a: 1 } },
            Otel.ROOT_CONTEXT,
            (span) => {
              span.end()
              return 42
            }
          )
          assert.strictEqual(result, 42)
          library().startActiveSpan("root by option", { root: true }, (span) => span.end())
        }).pipe(Effect.withSpan("outer")),
        ["outer", "all arguments", "root by option"]
      ))
  })

  describe("context.bind", () => {
    it.live("gives an event emitter's listeners the context they were bound in", () =>
      gives(
        Effect.gen(function*() {
          const emitter = yield* Effect.sync(() => {
            const bound = Otel.context.bind(Otel.context.active(), new EventEmitter())
            bound.on("data", () => byHand("listener"))
            return bound
          }).pipe(Effect.withSpan("binding"))
          yield* Effect.promise(() => delay(1).then(() => emitter.emit("data"))).pipe(Effect.withSpan("emitting"))
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  binding", "    listener", "  emitting"]
      ))
  })

  describe("AsyncLocalStorage", () => {
    it.live("of another library stays as that library set it, before and after awaits and forks", () => {
      const storage = new AsyncLocalStorage<string>()
      return gives(
        Effect.gen(function*() {
          const run = Effect.runPromiseWith(yield* Effect.context())
          const seen = yield* Effect.promise(() =>
            storage.run("request 1", () =>
              run(
                Effect.gen(function*() {
                  const before = yield* Effect.sync(() => storage.getStore())
                  const after = yield* Effect.promise(async () => {
                    await delay(1)
                    return storage.getStore()
                  })
                  yield* Effect.sleep(1)
                  const later = yield* Effect.sync(() => storage.getStore())
                  return [before, after, later]
                }).pipe(Effect.withSpan("inner"))
              ))
          )
          assert.deepStrictEqual(seen, ["request 1", "request 1", "request 1"])
        }).pipe(Effect.withSpan("outer")),
        ["outer", "  inner"]
      )
    })
  })

  describe("an instrumentation from npm (undici)", () => {
    it.live("makes its spans below the Effect span, for fetch at once and after an await", () =>
      Effect.scoped(Effect.gen(function*() {
        const { headers, url } = yield* server
        yield* undiciInstrumentation
        const spans = yield* RecordedSpans
        yield* Effect.promise(() => fetch(url).then((response) => response.text())).pipe(Effect.withSpan("at once"))
        yield* Effect.promise(async () => {
          await delay(1)
          await fetch(url).then((response) => response.text())
        }).pipe(Effect.withSpan("after an await"))
        assert.deepStrictEqual(yield* spans.tree, ["at once", "  GET", "after an await", "  GET"])
        const client = (yield* spans.all).find((span) => span.name === "GET")
        assert.isDefined(client)
        assert.strictEqual(client.scope.name, "@opentelemetry/instrumentation-undici")
        assert.strictEqual(client.kind, "client")
        assert.strictEqual(client.attributes.get("http.response.status_code"), 200)
        assert.strictEqual(client.statusCode, "unset")
        assert.include(String(headers[0]?.traceparent), client.traceId)
        assert.include(String(headers[0]?.traceparent), client.spanId)
      })).pipe(Effect.provide(TestTracing.layer())))

    it.live("makes its span below that of Effect's own client, which keeps its attributes", () =>
      Effect.scoped(Effect.gen(function*() {
        const { url } = yield* server
        yield* undiciInstrumentation
        const spans = yield* RecordedSpans
        const response = yield* HttpClient.get(url)
        yield* response.text
        assert.deepStrictEqual(yield* spans.tree, ["GET", "  GET"])
        const all = yield* spans.all
        const effects = all.find((span) => span.parentSpanId === undefined)
        const undicis = all.find((span) => span.parentSpanId !== undefined)
        assert.isDefined(effects)
        assert.strictEqual(effects.scope.name, "effect-tracing")
        assert.strictEqual(effects.attributes.get("http.response.status_code"), 200)
        assert.strictEqual(undicis?.scope.name, "@opentelemetry/instrumentation-undici")
      })).pipe(Effect.provide(Layer.merge(TestTracing.layer(), FetchHttpClient.layer))))
  })

  describe("a span by hand", () => {
    it.live("says what it was told: kind, attributes, events, status, exceptions, links, times, name", () =>
      Effect.gen(function*() {
        const spans = yield* RecordedSpans
        yield* Effect.sync(() => {
          const other = library().startSpan("other")
          const span = library().startSpan("first name", { kind: Otel.SpanKind.CLIENT, startTime: [1000, 5] })
          span.updateName("by hand").setAttribute("a", 1).setAttributes({ b: [true], c: "x" })
          span.addEvent("plain").addEvent("with attributes", { d: 1 }).addEvent("at a time", [1000, 7])
          span.addLink({ context: other.spanContext(), attributes: { e: 1 } })
          span.recordException(new TypeError("bad"))
          span.setStatus({ code: Otel.SpanStatusCode.ERROR, message: "it failed" })
          assert.isTrue(span.isRecording())
          span.end([1001, 0])
          assert.isFalse(span.isRecording())
          other.end()
        })
        const span = spanNamed(yield* spans.all, "by hand")
        const other = spanNamed(yield* spans.all, "other")
        assert.strictEqual(span.kind, "client")
        assert.deepStrictEqual(span.attributes.toRecord(), { a: 1, b: [true], c: "x" })
        assert.deepStrictEqual(span.events.map((event) => event.name), [
          "plain",
          "with attributes",
          "at a time",
          "exception"
        ])
        assert.strictEqual(span.events[2]?.time, 1_000_000_000_007n)
        assert.deepStrictEqual(span.events[1]?.attributes?.toRecord(), { d: 1 })
        assert.strictEqual(span.events[3]?.attributes?.get("exception.type"), "TypeError")
        assert.strictEqual(span.events[3]?.attributes?.get("exception.message"), "bad")
        assert.strictEqual(span.links[0]?.spanId, other.spanId)
        assert.deepStrictEqual([span.statusCode, span.statusMessage], ["error", "it failed"])
        assert.deepStrictEqual([span.startTime, span.endTime], [1_000_000_000_005n, 1_001_000_000_000n])
        assert.strictEqual(span.scope.name, "library")
      }).pipe(Effect.provide(TestTracing.layer())))

    it.live("that was said to be ok stays ok", () =>
      Effect.gen(function*() {
        const spans = yield* RecordedSpans
        yield* Effect.sync(() =>
          library().startSpan("ok").setStatus({ code: Otel.SpanStatusCode.OK }).setStatus({
            code: Otel.SpanStatusCode.ERROR
          }).end()
        )
        assert.strictEqual((yield* spans.named("ok")).statusCode, "ok")
      }).pipe(Effect.provide(TestTracing.layer())))

    it.live("is not made where tracing is suppressed", () =>
      gives(
        Effect.sync(() =>
          Otel.context.with(
            Otel.ROOT_CONTEXT.setValue(Otel.createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING"), true),
            () => byHand("by hand")
          )
        ).pipe(Effect.withSpan("outer")),
        ["outer"]
      ))

    it.live("with a tracer that was got before this layer goes where its parent went", () =>
      Effect.gen(function*() {
        const early = yield* Effect.sync(library).pipe(Effect.provide(TestTracing.layer()))
        yield* Effect.sync(() => early.startSpan("first").end()).pipe(Effect.provide(TestTracing.layer()))
        yield* gives(
          Effect.sync(() => early.startSpan("by hand").end()).pipe(Effect.withSpan("outer")),
          ["outer", "  by hand"]
        )
      }))

    it.live("goes where its parent went when two pipelines live side by side", () =>
      Effect.gen(function*() {
        const program = (name: string) =>
          Effect.gen(function*() {
            yield* Effect.promise(async () => {
              byHand("before")
              await delay(2)
              byHand("after")
            }).pipe(Effect.withSpan(name))
            return yield* (yield* RecordedSpans).tree
          }).pipe(Effect.provide(TestTracing.layer()))
        const trees = yield* Effect.all([program("one"), program("two")], { concurrency: 2 })
        assert.deepStrictEqual(trees, [["one", "  before", "  after"], ["two", "  before", "  after"]])
      }))
  })
})
