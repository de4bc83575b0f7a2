import { Effect, Layer } from "effect"
import type { Scope } from "effect"
import { Tracing } from "effect-tracing"
import { Observability } from "effect-tracing/observability"
import { HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import * as http from "node:http"
import * as http2 from "node:http2"
import type { Server } from "node:net"
import process from "node:process"
import { served, watched } from "../observability/support.ts"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"

/** What a page says, and what it is here: names of hosts and ports. */
export type Replacements = ReadonlyArray<readonly [shown: string, real: string]>

type Surroundings = Effect.Effect<Replacements, never, Scope.Scope>

const listen = (server: Server, host: string, port: number): Effect.Effect<number, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(port, host, () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : port))
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        if (server instanceof http.Server) server.closeAllConnections()
      })
  )

const answering = (status: number, headers: http.OutgoingHttpHeaders = {}, body = ""): Server =>
  http.createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(status, headers).end(body))
  })

/** A server in place of the collector of the pages. */
const collector = (server: Server): Surroundings =>
  Effect.map(
    listen(server, "127.0.0.1", 0),
    (port) => [["localhost:4318", `127.0.0.1:${port}`], ["localhost", "127.0.0.1"]]
  )

// What a port is known for needs that port: an address of the loopback range that nobody else listens at, a run beside included.
const network = `127.${1 + process.pid % 250}.${Math.floor(process.pid / 250) % 250}`
let addresses = 0

const known = (port: number, server: Server | undefined): Surroundings =>
  Effect.suspend(() => {
    const host = `${network}.${++addresses}`
    const replacements: Replacements = [[`localhost:${port}`, `${host}:${port}`], ["localhost", host]]
    return server === undefined ? Effect.succeed(replacements) : Effect.as(listen(server, host, port), replacements)
  })

const nothing: Surroundings = Effect.scoped(
  Effect.map(listen(http.createServer(), "127.0.0.1", 0), (port) => [["localhost:4318", `127.0.0.1:${port}`]] as const)
)

// It tells its troubles by its routes; its log would go into that of the tests.
const quiet = { OTEL_LOG_LEVEL: "none", TRACING_EXIT_REPORT: "never", TRACING_SHUTDOWN_TIMEOUT_MS: "0" }

/** A program with the routes of status, after it has answered one request. */
const program = (env: Record<string, string>): Surroundings =>
  Effect.gen(function*() {
    const app = Layer.mergeAll(
      HttpRouter.add("GET", "/posts/:id", HttpServerResponse.text("a post")),
      Observability.routes()
    )
    const layer = served(app).pipe(Layer.provideMerge(watched({ env: { ...quiet, ...env } })))
    const context = yield* Effect.orDie(Layer.build(layer))
    return yield* Effect.gen(function*() {
      const { address } = yield* HttpServer.HttpServer
      const port = "port" in address ? address.port : 0
      yield* Effect.promise(() => fetch(`http://127.0.0.1:${port}/posts/1`).then((response) => response.text()))
      yield* Effect.flatMap(Tracing, ({ flush }) => flush).pipe(Effect.timeoutOption("300 millis"))
      return [["localhost:8080", `127.0.0.1:${port}`]] as const
    }).pipe(Effect.provide(context))
  })

/** The surroundings that commands of the pages are run in, by the names the pages give them. */
export const surroundings: Readonly<Record<string, Surroundings>> = {
  "nothing else": Effect.succeed([]),
  "no collector": nothing,
  "a collector": Effect.map(makeOtlpReceiver(), ({ port }) => [["localhost:4318", `127.0.0.1:${port}`]]),
  "a collector that wants a key": collector(answering(401)),
  "a web page": collector(answering(200, { "content-type": "text/html" }, "<h1>Welcome</h1>")),
  "a wrong path": collector(answering(404)),
  "Jaeger's old port": known(14_268, answering(404, { "content-type": "text/plain" }, "404 page not found\n")),
  "Jaeger's page": known(16_686, answering(200, { "content-type": "text/html" }, "<title>Jaeger UI</title>")),
  "a port of gRPC": known(4317, http2.createServer()),
  "a program": Effect.flatMap(makeOtlpReceiver(), ({ url }) => program({ TRACING_OTLP_ENDPOINT: url })),
  "a program that exports nowhere": program({}),
  "a program with tracing off": program({ TRACING_ENABLED: "false" }),
  "a program without its collector": Effect.flatMap(
    nothing,
    ([replacement]) =>
      Effect.map(
        program({ TRACING_OTLP_ENDPOINT: `http://${replacement![1]}` }),
        (replacements) => [...replacements, replacement!]
      )
  )
}
