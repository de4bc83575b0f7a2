import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Metric } from "effect"
import { Tracing } from "effect-tracing"
import { Observability } from "effect-tracing/observability"
import { Scraper } from "effect-tracing/scraper"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"
import { get, served, type Setup, watched } from "./support.ts"

const serving = (setup: Setup = {}) =>
  served(Layer.mergeAll(
    HttpRouter.add("GET", "/posts/:id", HttpServerResponse.text("a post")),
    HttpRouter.add("GET", "/broken", HttpServerResponse.empty({ status: 503 })),
    Observability.routes()
  )).pipe(Layer.provideMerge(watched(setup)))

const text = (format: "prometheus" | "openmetrics" = "prometheus") =>
  Effect.flatMap(Observability, (observability) => observability.metricsText(format))

/** The value of the one line that begins with the name and has all of the labels. */
const valueOf = (metrics: string, name: string, ...labels: ReadonlyArray<string>): number => {
  const lines = metrics.split("\n").filter((line) =>
    new RegExp(`^${name}[ {]`).test(line) && labels.every((label) => line.includes(label))
  )
  assert.strictEqual(lines.length, 1, `${name} ${labels.join(" ")} in\n${metrics}`)
  return Number(/^\S+(?:\{.*?\})? (\S+)/.exec(lines[0]!.replaceAll(/"[^"]*"/g, "\"\""))?.[1])
}

const promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool", process.env["PROMTOOL"] ?? ""].find((path) =>
  path !== "" && existsSync(path)
)

/** What `promtool check metrics` demands, said again for machines without it; asks promtool itself where there is one. */
const lint = (metrics: string): ReadonlyArray<string> => {
  if (promtool !== undefined) {
    try {
      execFileSync(promtool, ["check", "metrics"], { input: metrics, encoding: "utf8", stdio: "pipe" })
    } catch (error) {
      return [(error as { readonly stderr: string }).stderr]
    }
  }
  const types = new Map(Array.from(metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm), (match) => [match[1]!, match[2]!]))
  const helps = new Set(Array.from(metrics.matchAll(/^# HELP (\S+) \S/gm), (match) => match[1]!))
  return [
    ...[...types.keys()].filter((name) => !helps.has(name)).map((name) => `${name} has no help`),
    ...[...types].filter(([name, type]) => (type === "counter") !== name.endsWith("_total")).map(String),
    ...[...types.keys()].filter((name) => !/^[a-z_][a-z0-9_]*$/.test(name)).map((name) => `${name} is no name`)
  ]
}

describe("the metrics", () => {
  it.live("count every request at a sampling rate of 0.01", () =>
    Effect.gen(function*() {
      yield* Effect.forEach(Array.from({ length: 120 }, (_, id) => id), (id) => get(`/posts/${id}`), { concurrency: 8 })
      for (let i = 0; i < 7; i++) yield* get("/broken")
      const { body } = yield* get("/metrics")
      const count = "http_server_request_duration_seconds_count"
      assert.strictEqual(valueOf(body, count, "http_route=\"/posts/:id\"", "http_response_status_code=\"200\""), 120)
      assert.strictEqual(valueOf(body, count, "http_route=\"/broken\"", "error_type=\"503\""), 7)
      assert.strictEqual(valueOf(body, "otel_sdk_span_started_total"), 127)
      assert.deepStrictEqual(lint(body), [])
    }).pipe(Effect.provide(serving({ env: { TRACING_SAMPLING_RATE: "0.01" } }))))

  it.live("count every request where nothing is kept late", () =>
    Effect.gen(function*() {
      for (let i = 0; i < 20; i++) yield* get("/posts/1")
      const { body } = yield* get("/metrics")
      assert.strictEqual(valueOf(body, "http_server_request_duration_seconds_count", "/posts/:id"), 20)
    }).pipe(Effect.provide(serving({ env: { TRACING_SAMPLING_RATE: "0.01", TRACING_KEEP_ERRORS: "false" } }))))

  it.effect("have the names, buckets and attributes of the conventions", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(Effect.withSpan("SELECT posts", {
        kind: "client",
        attributes: { "db.system.name": "postgresql", "db.operation.name": "SELECT", "db.collection.name": "posts" }
      }))
      yield* Effect.void.pipe(Effect.withSpan("GET", {
        kind: "client",
        attributes: { "http.request.method": "GET", "server.address": "blog.example", "server.port": 443 }
      }))
      yield* Scraper.outcome("scraped").pipe(
        Effect.withSpan("scrape", { attributes: Scraper.item({ url: "https://blog.example/1", type: "post" }) })
      )
      const metrics = yield* text()
      assert.strictEqual(
        valueOf(metrics, "db_client_operation_duration_seconds_bucket", "db_collection_name=\"posts\"", "le=\"0.001\""),
        1
      )
      assert.strictEqual(
        valueOf(
          metrics,
          "http_client_request_duration_seconds_count",
          "server_address=\"blog.example\"",
          "server_port=\"443\""
        ),
        1
      )
      assert.strictEqual(
        valueOf(metrics, "scraper_items_total", "scraper_item_type=\"post\"", "scraper_outcome=\"scraped\""),
        1
      )
      assert.deepStrictEqual(lint(metrics), [])
      const ids = (yield* Metric.snapshot).map(({ id }) => id)
      assert.includeMembers(ids, ["db.client.operation.duration", "http.client.request.duration", "scraper.items"])
    }).pipe(Effect.provide(watched())))

  it.effect("are bounded: what is beyond the limit is one series, marked as overflow", () =>
    Effect.gen(function*() {
      for (let i = 0; i < 50; i++) {
        yield* Effect.void.pipe(Effect.withSpan("GET", {
          kind: "client",
          attributes: { "http.request.method": "GET", "server.address": `${i}.example` }
        }))
      }
      const metrics = yield* text()
      const count = "http_client_request_duration_seconds_count"
      assert.strictEqual(metrics.split("\n").filter((line) => line.startsWith(count)).length, 10)
      assert.strictEqual(valueOf(metrics, count, "otel_metric_overflow=\"true\""), 41)
    }).pipe(Effect.provide(watched({ observability: { cardinalityLimit: 10 } }))))

  it.live("tell of the ledger what stands in it, and are gone with the layer", () =>
    Effect.gen(function*() {
      const registry = yield* Effect.gen(function*() {
        yield* Effect.void.pipe(Effect.withSpan("a"))
        const metrics = yield* text()
        assert.strictEqual(valueOf(metrics, "otel_sdk_span_started_total"), 1)
        assert.strictEqual(valueOf(metrics, "otel_sdk_span_live"), 0)
        assert.strictEqual(valueOf(metrics, "otel_sdk_processor_span_processed_total", "error_type=\"no_exporter\""), 1)
        return yield* Metric.MetricRegistry
      }).pipe(Effect.provide(watched()))
      assert.strictEqual(registry.size, 0)
    }))

  it.live("count what waits once: with the processor, or with the exporter that was passed it", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      yield* Effect.gen(function*() {
        const end = (times: number) => Effect.replicateEffect(Effect.withSpan(Effect.void, "a"), times)
        const counted = Effect.map(text(), (metrics) => ({
          queue: valueOf(metrics, "otel_sdk_processor_span_queue_size"),
          inflight: valueOf(metrics, "otel_sdk_exporter_span_inflight")
        }))
        yield* end(3)
        assert.deepStrictEqual(yield* counted, { queue: 3, inflight: 0 })
        yield* end(7)
        const { exporters } = yield* Tracing
        yield* Effect.repeat(Effect.delay(exporters, 10), {
          until: ([exporter]) => exporter?.state === "failing"
        })
        yield* end(2)
        assert.deepStrictEqual(yield* counted, { queue: 2, inflight: 10 })
        const types = (yield* text()).split("\n").filter((line) =>
          /^# TYPE otel.*(queue_size|inflight|live) /.test(line)
        )
        assert.lengthOf(types, 3)
        for (const type of types) assert.match(type, / gauge$/)
      }).pipe(Effect.provide(watched({
        env: {
          TRACING_OTLP_ENDPOINT: receiver.url,
          OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "10",
          OTEL_BSP_SCHEDULE_DELAY: "60000",
          TRACING_SHUTDOWN_TIMEOUT_MS: "0"
        }
      })))
    }))

  it.live.each(
    [
      ["grpc", undefined, "otlp_grpc_span_exporter"],
      ["http/protobuf", undefined, "otlp_http_span_exporter"],
      ["http/json", undefined, "otlp_http_json_span_exporter"],
      ["http/json", "/dev/null/spool", "otlp_http_span_exporter"]
    ] as const
  )("name the exporter by its protocol, %s with the spool %s: %s", ([protocol, spool, type]) =>
    Effect.gen(function*() {
      assert.include(yield* text(), `otel_sdk_exporter_span_inflight{otel_component_type="${type}"`)
    }).pipe(Effect.provide(watched({
      env: {
        TRACING_OTLP_ENDPOINT: "http://127.0.0.1:1",
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        ...(spool === undefined ? undefined : { TRACING_SPOOL_DIR: spool })
      }
    }))))

  it.live("lead from a bucket to a trace in OpenMetrics", () =>
    Effect.gen(function*() {
      yield* get("/posts/1")
      const { body, headers } = yield* get("/metrics", { accept: "application/openmetrics-text; version=1.0.0" })
      assert.include(headers["content-type"], "application/openmetrics-text")
      const exemplars = body.split("\n").filter((line) => line.includes(" # {trace_id=\""))
      assert.strictEqual(exemplars.length, 1, body)
      assert.match(
        exemplars[0]!,
        /^http_server_request_duration_seconds_bucket\{.*\} 1 # \{trace_id="[0-9a-f]{32}",span_id="[0-9a-f]{16}"\} \d\S* \d+/
      )
      assert.include(body, "# TYPE otel_sdk_span_started counter")
      assert.include(body, "\notel_sdk_span_started_total 1")
      assert.isTrue(body.endsWith("# EOF\n"))
    }).pipe(Effect.provide(serving())))

  it.effect("are left alone by a layer without them", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(Effect.withSpan("GET", { kind: "client", attributes: { "http.request.method": "GET" } }))
      assert.deepStrictEqual(yield* Metric.snapshot, [])
    }).pipe(Effect.provide(watched({ observability: { metrics: false } }))))
})
