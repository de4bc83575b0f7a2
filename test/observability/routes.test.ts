import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema } from "effect"
import { Tracing } from "effect-tracing"
import { ComponentStatuses, Observability, SystemOverview, TracingStatus } from "effect-tracing/observability"
import type { RoutesOptions } from "effect-tracing/observability"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"
import { get, served, type Setup, watched } from "./support.ts"

const app = (options: RoutesOptions = {}) =>
  Layer.mergeAll(
    HttpRouter.add("GET", "/posts/:id", HttpServerResponse.text("a post")),
    Observability.routes(options)
  )

/** A server with the routes, watched. */
const serving = (options: RoutesOptions = {}, setup: Setup = {}) =>
  served(app(options)).pipe(Layer.provideMerge(watched(setup)))

const detailed = ["/observability/overview", "/observability/components", "/observability/tracing", "/metrics"]

const statuses = Effect.forEach(
  [...detailed, "/healthz", "/readyz"],
  (path) => Effect.map(get(path), ({ status }) => status)
)

const componentsOf = Effect.flatMap(
  get("/observability/components"),
  ({ body }) => Schema.decodeEffect(Schema.fromJsonString(ComponentStatuses))(body)
)

const overviewOf = Effect.flatMap(
  get("/observability/overview"),
  ({ body }) => Schema.decodeEffect(Schema.fromJsonString(SystemOverview))(body)
)

const tracingOf = Effect.flatMap(
  get("/observability/tracing"),
  ({ body }) => Schema.decodeEffect(Schema.fromJsonString(TracingStatus))(body)
)

describe("Observability.routes", () => {
  it.live("answers in JSON by its schemas", () =>
    Effect.gen(function*() {
      yield* get("/posts/1")
      const decode = Schema.decodeEffect
      const overview = yield* decode(Schema.fromJsonString(SystemOverview))(
        (yield* get("/observability/overview")).body
      )
      assert.deepStrictEqual(overview.operations.map(({ count, name }) => [name, count]), [["GET /posts/:id", 1]])
      yield* decode(Schema.fromJsonString(TracingStatus))((yield* get("/observability/tracing")).body)
      yield* componentsOf
      const { headers } = yield* get("/observability/overview", { accept: "*/*" })
      assert.strictEqual(headers["content-type"], "application/json")
      assert.strictEqual(headers["cache-control"], "no-store")
    }).pipe(Effect.provide(serving())))

  it.live("answers with a page where HTML is preferred, and nothing in it is markup of others", () =>
    Effect.gen(function*() {
      const span = "<script>alert(1)</script>"
      yield* Effect.void.pipe(Effect.withSpan(span))
      const { body, headers } = yield* get("/observability/overview", {
        accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
      })
      assert.strictEqual(headers["content-type"], "text/html; charset=utf-8")
      assert.include(body, "&lt;script&gt;")
      assert.notInclude(body, span)
    }).pipe(Effect.provide(serving())))

  it.live("weighs what is accepted", () =>
    Effect.gen(function*() {
      for (
        const [accept, type] of [
          ["text/html;q=0.5, application/json", "application/json"],
          ["text/*", "text/html; charset=utf-8"],
          ["application/json, text/html", "application/json"],
          ["image/png", "application/json"]
        ] as const
      ) assert.strictEqual((yield* get("/observability/tracing", { accept })).headers["content-type"], type, accept)
    }).pipe(Effect.provide(serving())))

  it.live("is not traced, and leaves other routes traced", () =>
    Effect.gen(function*() {
      for (const path of [...detailed, "/healthz", "/readyz"]) assert.strictEqual((yield* get(path)).status, 200, path)
      yield* get("/posts/1")
      const { started } = yield* Effect.flatMap(Tracing, ({ ledger }) => ledger)
      assert.strictEqual(started, 1)
    }).pipe(Effect.provide(serving())))

  it.live("stands below a prefix", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* get("/internal/healthz")).status, 200)
      assert.strictEqual((yield* get("/healthz")).status, 404)
      assert.include((yield* get("/internal/observability/tracing", { accept: "text/html" })).body, "\"/internal/obs")
    }).pipe(Effect.provide(serving({ prefix: "/internal" }))))

  it.live("shows details to this machine only, and health to all", () =>
    Effect.gen(function*() {
      for (
        const headers of [
          { "x-forwarded-for": "203.0.113.7" },
          { forwarded: "for=203.0.113.7" },
          { host: "evil.example" }
        ]
      ) {
        for (const path of detailed) assert.strictEqual((yield* get(path, headers)).status, 403, path)
        assert.strictEqual((yield* get("/healthz", headers)).status, 200)
        assert.strictEqual((yield* get("/readyz", headers)).status, 200)
      }
    }).pipe(Effect.provide(serving())))

  it.live("shows details to who has the token", () =>
    Effect.gen(function*() {
      for (const path of detailed) {
        assert.strictEqual((yield* get(path)).status, 401)
        assert.strictEqual((yield* get(path, { authorization: "Bearer wrong" })).status, 401)
        assert.strictEqual((yield* get(path, { authorization: "Bearer right" })).status, 200)
      }
    }).pipe(Effect.provide(serving({ access: { token: Redacted.make("right") } }))))

  it.live("tells nothing secret", () =>
    Effect.gen(function*() {
      for (const path of detailed) assert.notInclude((yield* get(path)).body, "s3cret")
    }).pipe(Effect.provide(serving({}, {
      env: {
        OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer s3cret",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://user:s3cret@127.0.0.1:9/?key=s3cret",
        TRACING_SHUTDOWN_TIMEOUT_MS: "0"
      }
    }))))

  it.live("tells that the collector is down, with cause and count, and that it is back; the count stands", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const name = `exporter otlp ${receiver.url}`
      yield* Effect.gen(function*() {
        const { flush } = yield* Tracing
        yield* get("/posts/1")
        yield* flush.pipe(Effect.timeoutOption(200))
        const down = (yield* componentsOf)[name]!
        assert.strictEqual(down.status, "degraded")
        assert.include(down.why, "connection refused")
        assert.strictEqual(down.counts["waiting"], 1)
        assert.deepStrictEqual(yield* statuses, [200, 200, 200, 200, 200, 200])
        assert.strictEqual((yield* overviewOf).status, "degraded")
        const tracing = yield* tracingOf
        assert.include(tracing.last_error?.message, "connection refused")
        assert.strictEqual(tracing.ledger.in_flight + tracing.ledger.queued, 1)
        assert.match((yield* get("/metrics")).body, /^otel_sdk_exporter_span_inflight\{.*\} 1$/m)
        yield* receiver.start
        yield* flush
        assert.deepStrictEqual(yield* statuses, [200, 200, 200, 200, 200, 200])
        const after = yield* overviewOf
        assert.strictEqual(after.status, "healthy")
        assert.strictEqual(after.tracing.spans_exported, 1)
        assert.match((yield* get("/metrics")).body, /^otel_sdk_exporter_span_exported_total\{[^}]*\} 1$/m)
        const back = (yield* componentsOf)[name]!
        assert.strictEqual(back.status, "healthy")
        assert.deepStrictEqual(back.counts, { delivered: 1, waiting: 0, rejected: 0, dropped: 0 })
        assert.isNull(back.what_to_do)
      }).pipe(
        Effect.provide(serving({}, { env: { TRACING_OTLP_ENDPOINT: receiver.url, TRACING_ENVIRONMENT: "test" } }))
      )
    }))

  it.live("is unready while the collector is down for too long, if so chosen", () =>
    Effect.gen(function*() {
      const { flush } = yield* Tracing
      assert.strictEqual((yield* get("/readyz")).status, 200)
      yield* get("/posts/1")
      yield* flush.pipe(Effect.timeoutOption(100))
      const { body, status } = yield* get("/readyz")
      assert.strictEqual(status, 503)
      assert.include(body, "unready")
      assert.strictEqual((yield* get("/healthz")).status, 200)
    }).pipe(Effect.provide(serving({ unreadyAfter: "10 millis" }, {
      env: { TRACING_OTLP_ENDPOINT: "http://127.0.0.1:9", TRACING_SHUTDOWN_TIMEOUT_MS: "0" }
    }))))
})
