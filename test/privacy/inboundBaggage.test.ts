import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Console, Context, Effect, Layer, Logger } from "effect"
import { Trace } from "effect-tracing"
import { ConsoleExporter } from "effect-tracing/export"
import { noAttributes } from "effect-tracing/model"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import { inspect } from "node:util"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"
import { kinds, seeded } from "./secrets.ts"

class Printed extends Context.Service<Printed, Array<string>>()("test/Printed") {}

/** The headers that the last of the servers was sent. */
class Received extends Context.Service<Received, Array<string>>()("test/Received") {}

/** A server that logs the baggage it was sent, puts it on its span, and asks another one, which keeps the headers. */
const routes = Layer.mergeAll(
  HttpRouter.add(
    "GET",
    "/",
    Effect.fnUntraced(function*({ headers }) {
      const baggage = yield* Trace.baggage
      yield* Effect.log("asked with", baggage)
      yield* Effect.annotateCurrentSpan({ baggage, ...baggage })
      yield* Trace.event("asked", baggage)
      yield* HttpClient.get(`http://${headers["host"]}/behind`).pipe(Effect.orDie)
      return HttpServerResponse.text(Object.keys(baggage).toSorted().join())
    })
  ),
  HttpRouter.add("GET", "/behind", ({ headers }) =>
    Effect.map(Received, (received) => {
      received.push(JSON.stringify(headers))
      return HttpServerResponse.empty()
    }))
)

const served = Layer.unwrap(Effect.gen(function*() {
  const printed = yield* Printed
  const output: Console.Console = Object.assign(Object.create(console), {
    log: (...parts: ReadonlyArray<unknown>) => void printed.push(inspect(parts, { depth: 10 }))
  })
  return HttpRouter.serve(routes, { disableListenLog: true }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
    ),
    Layer.provide([
      Logger.layer([Logger.consoleJson, Logger.consoleStructured]),
      Layer.succeed(Console.Console, output)
    ]),
    Layer.orDie
  )
}))

describe("the baggage of a request", () => {
  it.live(
    "is handed to the program as it came, and no secret in it gets into spans, logs or further requests",
    () =>
      Effect.gen(function*() {
        const random = seeded(1147)
        const secrets = Object.entries(kinds).map(([kind, make]) => {
          const { secret, text } = make(random)
          return { kind, secret, text }
        })
          // What a header of 8,192 bytes has room for.
          .filter(({ text }) => encodeURIComponent(text).length < 2048)
        assert.isAbove(secrets.length, 20)
        const receiver = yield* makeOtlpReceiver()
        const written: Array<string> = []
        const exporter = yield* ConsoleExporter.make({
          format: "json",
          resource: { attributes: noAttributes, schemaUrl: undefined },
          stream: { write: (text: string) => written.push(text) },
          width: 4000
        })
        yield* Effect.gen(function*() {
          const { address } = yield* HttpServer.HttpServer
          const url = `http://127.0.0.1:${"port" in address ? address.port : 0}/`
          for (const { secret, text } of secrets) {
            const response = yield* HttpClientRequest.get(url).pipe(
              HttpClientRequest.setHeaders({
                baggage: `note=${encodeURIComponent(text)},token=${encodeURIComponent(secret)};private`,
                "uberctx-session": encodeURIComponent(secret)
              }),
              HttpClient.execute,
              Effect.withTracerEnabled(false)
            )
            assert.strictEqual(yield* response.text, "note,session,token")
          }
          const { all } = yield* RecordedSpans
          const recorded = inspect((yield* all).map(({ attributes, events, name }) => [name, attributes, events]), {
            depth: 10,
            maxArrayLength: null,
            maxStringLength: null
          })
          const received = (yield* Received).join("\n")
          const places = {
            recorded,
            received,
            decoded: decodeURIComponent(received),
            logs: (yield* Printed).join("\n"),
            console: written.join("\n"),
            otlp: JSON.stringify(receiver.requests.map(({ body }) => body))
          }
          const leaks = Object.entries(places).flatMap(([place, text]) => {
            assert.include(text, "redacted:token", place)
            return secrets.filter(({ secret }) =>
              text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1))
            ).map(({ kind }) => `${place}: ${kind}`)
          })
          assert.deepStrictEqual(leaks, [])
        }).pipe(Effect.provide(served.pipe(
          Layer.provideMerge(FetchHttpClient.layer),
          Layer.provideMerge([Layer.succeed(Printed, []), Layer.succeed(Received, [])]),
          Layer.provideMerge(TestTracing.layer({
            env: { TRACING_OTLP_ENDPOINT: receiver.url, OTEL_PROPAGATORS: "tracecontext,baggage,jaeger" },
            exporters: [exporter]
          }))
        )))
      }).pipe(Effect.scoped),
    60_000
  )
})
