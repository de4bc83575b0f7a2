import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schedule, Schema } from "effect"
import { Conventions } from "effect-tracing/conventions"
import type { EndedSpan } from "effect-tracing/model"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpMiddleware, HttpRouter } from "effect/http"
import { Rpc, RpcClient, RpcGroup, RpcSerialization, RpcServer } from "effect/rpc"
import { createServer } from "node:http"
import { port } from "./blog.ts"

class NoSuchPost extends Schema.TaggedError<NoSuchPost>()("NoSuchPost", { id: Schema.Finite }) {}

const Posts = RpcGroup.make(
  Rpc.make("title", { payload: { id: Schema.Finite }, success: Schema.String, error: NoSuchPost })
)

const handlers = Posts.toLayer({
  title: ({ id }) =>
    id === 7 ? Effect.withSpan(Effect.succeed("seven"), "look up") : Effect.fail(new NoSuchPost({ id }))
})

const served = (env: Record<string, string> = {}) =>
  HttpRouter.serve(
    RpcServer.layerHttp({ group: Posts, path: "/rpc", protocol: "http" }).pipe(
      Layer.provide([handlers, RpcSerialization.layerNdjson])
    ),
    { disableLogger: true, disableListenLog: true }
  ).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
    ),
    Layer.orDie,
    Layer.provideMerge(Layer.merge(FetchHttpClient.layer, TestTracing.layer({ env })))
  )

const title = Effect.fn("caller")(function*(id: number) {
  const url = `http://127.0.0.1:${yield* port}/rpc`
  return yield* Effect.gen(function*() {
    const client = yield* RpcClient.make(Posts)
    return yield* client.title({ id })
  }).pipe(
    Effect.scoped,
    Effect.provide(RpcClient.layerProtocolHttp({ url }).pipe(Layer.provide(RpcSerialization.layerNdjson)))
  )
})

const spansOf = (count: number) =>
  Effect.gen(function*() {
    const { all } = yield* RecordedSpans
    return yield* all.pipe(
      Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: (spans) => spans.length >= count, times: 400 })
    )
  })

const rpcSpans = (spans: ReadonlyArray<EndedSpan>) =>
  spans.filter(({ attributes }) => attributes.has("rpc.method")).map((span) => ({
    name: span.name,
    kind: span.kind,
    status: span.statusCode,
    system: span.attributes.get("rpc.system.name"),
    method: span.attributes.get("rpc.method"),
    errorType: span.attributes.get("error.type")
  }))

const ofTitle = { name: "title", status: "unset", system: "effect_rpc", method: "title", errorType: undefined } as const

describe("a procedure of effect/rpc over HTTP", () => {
  it.live("has a span with its method's name on both sides, in the caller's trace", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* title(7), "seven")
      const spans = yield* spansOf(6)
      assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, [
        "caller",
        "  title",
        "    POST",
        "      POST /rpc",
        "        title",
        "          look up"
      ])
      assert.deepStrictEqual(rpcSpans(spans), [{ ...ofTitle, kind: "server" }, { ...ofTitle, kind: "client" }])
      assert.deepStrictEqual(Conventions.check(spans), [])
    }).pipe(Effect.provide(served())))

  it.live("is not part of the trace of a caller that is only worth a link", () =>
    Effect.gen(function*() {
      yield* title(7)
      yield* spansOf(6)
      assert.deepStrictEqual(yield* (yield* RecordedSpans).tree, [
        "caller",
        "  title",
        "    POST",
        "POST /rpc",
        "  title",
        "    look up"
      ])
    }).pipe(Effect.provide(served({ TRACING_TRUST_INCOMING: "link" }))))

  it.live("fails by the name of its error, and the request that carried it does not", () =>
    Effect.gen(function*() {
      yield* Effect.exit(title(8))
      const spans = yield* spansOf(5)
      const failed = { ...ofTitle, status: "error", errorType: "NoSuchPost" } as const
      assert.deepStrictEqual(rpcSpans(spans), [{ ...failed, kind: "server" }, { ...failed, kind: "client" }])
      assert.strictEqual(spans.find(({ name }) => name === "POST /rpc")?.statusCode, "unset")
    }).pipe(Effect.provide(served())))
})

describe("a procedure of effect/rpc over a WebSocket", () => {
  const strangersTrace = "a".repeat(32)

  const overSocket = (env: Record<string, string>, services: Layer.Layer<never> = Layer.empty) =>
    HttpRouter.serve(
      RpcServer.layerHttp({ group: Posts, path: "/rpc", protocol: "websocket" }).pipe(
        Layer.provide([handlers, RpcSerialization.layerJson])
      ),
      { disableLogger: true, disableListenLog: true }
    ).pipe(
      Layer.provideMerge(
        NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
      ),
      Layer.orDie,
      Layer.provide(services),
      Layer.provideMerge(TestTracing.layer({ env }))
    )

  /** Calls with trace ids of one's own making, as anybody can who may connect. */
  const call = Effect.fnUntraced(function*(traceId: string, spans: number = 3) {
    const socket = new WebSocket(`ws://127.0.0.1:${yield* port}/rpc`)
    const ids = { traceId, spanId: "b".repeat(16), sampled: true }
    const message = { _tag: "Request", id: "1", tag: "title", payload: { id: 7 }, headers: [], ...ids }
    yield* Effect.callback<void>((resume) => {
      socket.addEventListener("open", () => socket.send(JSON.stringify(message)))
      socket.addEventListener("message", () => socket.close())
      socket.addEventListener("close", () => resume(Effect.void))
    })
    yield* spansOf(spans)
    const { named, tree } = yield* RecordedSpans
    return { span: yield* named("title"), tree: yield* tree }
  })

  it.live("is part of the trace its message names, where the peer is believed", () =>
    Effect.gen(function*() {
      const { span } = yield* call(strangersTrace)
      assert.strictEqual(span.traceId, strangersTrace)
      assert.strictEqual(span.parentSpanId, "b".repeat(16))
    }).pipe(Effect.provide(overSocket({}))))

  it.live("is part of its request, with a link to what its message names, where the peer is only worth that", () =>
    Effect.gen(function*() {
      const { span, tree } = yield* call(strangersTrace)
      assert.deepStrictEqual(tree, ["GET /rpc", "  title", "    look up"])
      assert.notStrictEqual(span.traceId, strangersTrace)
      assert.deepStrictEqual(span.links.map(({ traceId }) => traceId), [strangersTrace])
    }).pipe(Effect.provide(overSocket({ TRACING_TRUST_INCOMING: "link" }))))

  it.live.each([["none", strangersTrace], ["parent", "no trace id"]] as const)(
    "is part of its request alone with TRACING_TRUST_INCOMING=%s and a message that names %s",
    ([trust, traceId]) =>
      Effect.gen(function*() {
        const { span } = yield* call(traceId)
        assert.notStrictEqual(span.traceId, traceId)
        assert.deepStrictEqual(span.links, [])
      }).pipe(Effect.provide(overSocket({ TRACING_TRUST_INCOMING: trust })))
  )

  it.live("is judged where the request itself is not traced, too", () =>
    Effect.gen(function*() {
      const { span } = yield* call(strangersTrace, 2)
      assert.notStrictEqual(span.traceId, strangersTrace)
      assert.deepStrictEqual(span.links.map(({ traceId }) => traceId), [strangersTrace])
    }).pipe(Effect.provide(
      overSocket({ TRACING_TRUST_INCOMING: "link" }, Layer.succeed(HttpMiddleware.TracerDisabledWhen, () => true))
    )))
})
