import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Tracing } from "effect-tracing"
import { metricsDocumentation } from "effect-tracing/observability"
import { Scraper } from "effect-tracing/scraper"
import { OtlpExporter, OtlpMetrics, OtlpSerialization } from "effect/observability"
import * as http from "node:http"
import protobuf from "protobufjs"
import { watched } from "./support.ts"

// The messages of an OTLP metrics request, with the field numbers of opentelemetry/proto 1.x.
const { root } = protobuf.parse(`
syntax = "proto3";
message Request { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric { string name = 1; string description = 2; string unit = 3; Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; }
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Histogram { repeated HistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
message NumberDataPoint { repeated KeyValue attributes = 7; double as_double = 4; sfixed64 as_int = 6; }
message HistogramDataPoint {
  repeated KeyValue attributes = 9; fixed64 count = 4; double sum = 5;
  repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { string string_value = 1; }
`)

const Point = Schema.Struct({
  attributes: Schema.Array(Schema.Struct({ key: Schema.String, value: Schema.Struct({ stringValue: Schema.String }) })),
  asDouble: Schema.optionalKey(Schema.Finite),
  asInt: Schema.optionalKey(Schema.Finite),
  count: Schema.optionalKey(Schema.Finite),
  explicitBounds: Schema.optionalKey(Schema.Array(Schema.Finite))
})
const Points = Schema.Struct({ dataPoints: Schema.Array(Point), isMonotonic: Schema.optionalKey(Schema.Boolean) })
const Decoded = Schema.Struct({
  resourceMetrics: Schema.Array(Schema.Struct({
    scopeMetrics: Schema.Array(Schema.Struct({
      metrics: Schema.Array(Schema.Struct({
        name: Schema.String,
        description: Schema.String,
        unit: Schema.String,
        gauge: Schema.optionalKey(Points),
        sum: Schema.optionalKey(Points),
        histogram: Schema.optionalKey(Points)
      }))
    }))
  }))
})

/** A receiver of metrics over HTTP; gives the metrics of the last request it was sent. */
const makeReceiver = Effect.gen(function*() {
  const bodies: Array<Uint8Array> = []
  const server = yield* Effect.acquireRelease(
    Effect.callback<http.Server>((resume) => {
      const server = http.createServer((request, response) => {
        const chunks: Array<Uint8Array> = []
        request.on("data", (chunk: Uint8Array) => chunks.push(chunk))
        request.on("end", () => {
          bodies.push(Buffer.concat(chunks))
          response.end()
        })
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
  )
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/v1/metrics`,
    metrics: Effect.suspend(() => {
      const type = root.lookupType("Request")
      const decoded = type.toObject(type.decode(bodies.at(-1)!), { longs: Number, arrays: true })
      return Effect.map(
        Schema.decodeUnknownEffect(Decoded)(decoded),
        ({ resourceMetrics }) =>
          resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      )
    })
  }
})

describe("the metrics over OTLP, sent by Effect's own exporter", () => {
  it.live("arrive with names, units, kinds, buckets and attributes as documented", () =>
    Effect.gen(function*() {
      const receiver = yield* makeReceiver
      yield* Effect.gen(function*() {
        yield* Effect.void.pipe(
          Effect.withSpan("GET /", {
            kind: "server",
            attributes: { "http.request.method": "GET", "http.route": "/", "http.response.status_code": 200 }
          }),
          Effect.repeat({ times: 2 })
        )
        yield* Effect.void.pipe(
          Effect.withSpan("GET", { kind: "client", attributes: { "http.request.method": "GET", "server.port": 443 } })
        )
        yield* Effect.void.pipe(
          Effect.withSpan("SELECT posts", { kind: "client", attributes: { "db.system.name": "postgresql" } })
        )
        yield* Scraper.outcome("scraped").pipe(
          Effect.withSpan("scrape", { attributes: Scraper.item({ url: "https://blog.example/1", type: "post" }) })
        )
        const { flush } = yield* Tracing
        yield* flush
        yield* Effect.flatMap(OtlpExporter.Flusher, (flusher) => flusher.flush)
        const metrics = yield* receiver.metrics
        const sent = metrics.map(({ gauge, name, sum, unit }) => ({
          name,
          unit,
          type: sum !== undefined
            ? sum.isMonotonic === true ? "counter" : "updowncounter"
            : gauge !== undefined
            ? "gauge"
            : "histogram"
        }))
        const documented = metricsDocumentation().map(({ name, type, unit }) => ({ name, unit, type }))
        const byName = (all: ReadonlyArray<{ readonly name: string }>) =>
          all.toSorted((a, b) => a.name.localeCompare(b.name))
        assert.deepStrictEqual(byName(sent), byName(documented))

        for (const { description, gauge, histogram, name, sum } of metrics) {
          const { attributes } = metricsDocumentation().find((instrument) => instrument.name === name)!
          assert.isNotEmpty(description, name)
          for (const point of (sum ?? gauge ?? histogram)!.dataPoints) {
            const keys = point.attributes.map(({ key }) => key).filter((key) => key !== "unit")
            assert.includeMembers([...attributes], keys, name)
          }
        }
        const [server, ...others] = metrics.find(({ name }) => name === "http.server.request.duration")?.histogram
          ?.dataPoints ?? []
        assert.strictEqual(others.length, 0)
        assert.strictEqual(server?.count, 3)
        assert.deepStrictEqual(server?.explicitBounds?.slice(), [
          0.005,
          0.01,
          0.025,
          0.05,
          0.075,
          0.1,
          0.25,
          0.5,
          0.75,
          1,
          2.5,
          5,
          7.5,
          10
        ])
        const started = metrics.find(({ name }) => name === "otel.sdk.span.started")?.sum?.dataPoints[0]
        assert.strictEqual(started?.asDouble ?? started?.asInt, 6)
      }).pipe(
        Effect.provide(
          OtlpMetrics.layer({ url: receiver.url, exportInterval: "1 hour", resource: { serviceName: "shop" } }).pipe(
            Layer.provide([NodeHttpClient.layerUndici, OtlpSerialization.layerProtobuf]),
            Layer.provideMerge(watched({ env: { TRACING_EXPORT_TO_FILE: "/dev/null" } }))
          )
        )
      )
    }).pipe(Effect.scoped))
})
