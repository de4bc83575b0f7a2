import { Effect } from "effect"
import type { Scope } from "effect"
import * as http from "node:http"
import * as http2 from "node:http2"
import * as https from "node:https"
import * as net from "node:net"

interface Listener extends net.Server {
  closeAllConnections?(): void
}

/** Listens on a free port of this machine until the scope closes, and breaks off every connection then. */
const listening = (server: Listener, host = "127.0.0.1"): Effect.Effect<number, never, Scope.Scope> => {
  const sockets = new Set<net.Socket>()
  server.on("connection", (socket: net.Socket) => {
    sockets.add(socket)
    socket.on("error", () => socket.destroy())
    socket.on("close", () => sockets.delete(socket))
  })
  return Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, host, () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      })
  )
}

type Address = Effect.Effect<string, never, Scope.Scope>

const at = (scheme: string, port: Effect.Effect<number, never, Scope.Scope>, host = "127.0.0.1"): Address =>
  Effect.map(port, (port) => `${scheme}://${host}:${port}`)

/** A server that answers every request in the same way. */
export const answering = (
  status: number,
  headers: http.OutgoingHttpHeaders = {},
  body = "",
  delayMillis = 0
): Address =>
  at(
    "http",
    listening(http.createServer((request, response) => {
      request.resume()
      request.on("end", () =>
        setTimeout(() => {
          response.writeHead(status, headers)
          response.end(body)
        }, delayMillis))
    }))
  )

interface Pair {
  readonly key: string
  readonly cert: string
}

/** A receiver over TLS. */
export const overTls = (pair: Pair, host?: string): Address =>
  at(
    "https",
    listening(https.createServer(pair, (request, response) => request.resume().on("end", () => response.end())), host),
    host
  )

/** A server of HTTP/2 alone, as those of gRPC are. */
export const http2Only: Address = at("http", listening(http2.createServer()))

/** The same over TLS. */
export const http2OnlyOverTls = (pair: Pair): Address =>
  at("https", listening(http2.createSecureServer({ ...pair, allowHTTP1: false })))

/** Takes connections and never says a word. */
export const hanging: Address = at("http", listening(net.createServer((socket) => socket.resume())))

/** Ends every connection as soon as something comes. */
export const closing: Address = at(
  "http",
  listening(net.createServer((socket) => socket.once("data", () => socket.resetAndDestroy())))
)

/** Says something that is not HTTP. */
export const garbling: Address = at(
  "http",
  listening(net.createServer((socket) => socket.once("data", () => socket.end("220 mail.example ESMTP\r\n"))))
)

/** A port nobody listens on. */
export const refusing: Address = Effect.scoped(at("http", listening(net.createServer())))

/** A receiver behind a Unix socket. */
export const receivingAt = (socket: string): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<http.Server>((resume) => {
      const server = http.createServer((request, response) => request.resume().on("end", () => response.end()))
      server.listen(socket, () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  ).pipe(Effect.asVoid)
