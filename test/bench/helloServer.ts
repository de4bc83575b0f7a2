import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { createServer } from "node:http"

const hello = HttpRouter.add(
  "GET",
  "/hello/:name",
  Effect.suspend(() => Effect.withSpan(Effect.succeed(HttpServerResponse.text("hello")), "greet"))
)

/** Serves `GET /hello/:name` on a free port of loopback, in the context of a tracer, until the process ends; gives the port. */
export const serveHello = async (context: Context.Context<never>): Promise<number> => {
  const layer = HttpRouter.serve(hello, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1" })),
    Layer.provideMerge(Layer.succeedContext(context))
  )
  const services = await ManagedRuntime.make(layer).context()
  const { address } = Context.get(services, HttpServer.HttpServer)
  return "port" in address ? address.port : 0
}
