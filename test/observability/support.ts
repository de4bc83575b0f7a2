import { NodeHttpServer } from "@effect/platform-node"
import { ConfigProvider, Effect, Layer, Metric } from "effect"
import type { TracingOptions } from "effect-tracing"
import { Tracing } from "effect-tracing"
import { Observability } from "effect-tracing/observability"
import { HttpRouter, HttpServer } from "effect/http"
import * as http from "node:http"

export interface Setup extends TracingOptions {
  readonly env?: Record<string, string>
  readonly observability?: Parameters<typeof Observability.layerWith>[0]
}

/** Tracing in an environment of its own, watched, with a registry of metrics of its own. */
export const watched = ({ env = {}, observability = {}, ...options }: Setup = {}) =>
  Observability.layerWith(observability).pipe(
    Layer.provideMerge(Tracing.layerWith(options)),
    Layer.provideMerge(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
    Layer.provideMerge(Layer.succeed(Metric.MetricRegistry)(new Map()))
  )

/** Serves an application on a free port of this machine. */
export const served = <E, R>(app: Layer.Layer<never, E, R>) =>
  HttpRouter.serve(app, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => http.createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
    )
  )

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** Asks the server that is around, as `curl` does: no tracing, no defaults. */
export const get = (
  path: string,
  headers: http.OutgoingHttpHeaders = {}
): Effect.Effect<Answer, never, HttpServer.HttpServer> =>
  Effect.flatMap(HttpServer.HttpServer, ({ address }) =>
    Effect.callback((resume) => {
      const port = "port" in address ? address.port : 0
      http.get({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
        const chunks: Array<Buffer> = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () =>
          resume(Effect.succeed({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString()
          })))
      })
    }))
