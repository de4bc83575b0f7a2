import { Effect } from "effect"
import type { Scope } from "effect"
import * as http from "node:http"
import * as https from "node:https"
import type { AddressInfo, Socket } from "node:net"
import * as net from "node:net"
import { encodePartialSuccess } from "../support/otlpMessages.ts"
import { selfSigned } from "../support/selfSigned.ts"
import type { Collector, CollectorRequest } from "./Collector.ts"
import { CollectorLog } from "./Collector.ts"
import { spanNumbers } from "./spanNumbers.ts"

const protobuf = { "content-type": "application/x-protobuf" }
const junk = "\u0000\u0000\u0012\u0004\u0000\u0000"

const pauseMillis = (retryAfter: string): number =>
  /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now()

const respond = (
  log: CollectorLog,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  received: CollectorRequest
): void => {
  const { socket } = request
  const { numbers, reaction } = received
  const answered = (): void => {
    received.isAnswered = !socket.destroyed
  }
  switch (reaction._tag) {
    case "hang":
      return
    case "reset":
      socket.resetAndDestroy()
      return
    case "tear":
      response.writeHead(200, { ...protobuf, "content-length": 100 })
      response.write(Buffer.alloc(50), () => {
        answered()
        setTimeout(() => socket.destroy(), 20)
      })
      return
    case "garble":
      socket.end(junk)
      return
    case "refuse":
      if (reaction.retryAfter !== undefined) log.askForPause(pauseMillis(reaction.retryAfter))
      response.writeHead(reaction.status, {
        ...reaction.headers,
        ...(reaction.retryAfter === undefined ? {} : { "retry-after": reaction.retryAfter })
      })
      response.end(reaction.body, answered)
      return
    case "take": {
      const refused = Math.min(reaction.refused ?? 0, numbers.length)
      const answer = (): void => {
        if (socket.destroyed) return
        response.writeHead(200, reaction.headers ?? protobuf)
        response.end(refused > 0 ? encodePartialSuccess(refused, "refused for the test") : reaction.body, answered)
      }
      // At once, so that a collector that is stopped has answered what it has stored.
      if (reaction.delayMillis === undefined) answer()
      else setTimeout(answer, reaction.delayMillis)
    }
  }
}

/** A collector that speaks OTLP over HTTP on a free port of the loopback interface. Closed with the scope. */
export const makeHttpCollector = (
  { isTls = false, raceMillis = 0 }: { readonly isTls?: boolean; readonly raceMillis?: number } = {}
): Effect.Effect<Collector, never, Scope.Scope> =>
  Effect.gen(function*() {
    const log = new CollectorLog(raceMillis)
    const sockets = new Set<Socket>()
    let isBroken = false
    const listener: http.RequestListener = (request, response) => {
      log.begin()
      const chunks: Array<Buffer> = []
      request.on("error", () => {})
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        respond(log, request, response, log.add(spanNumbers(Buffer.concat(chunks))))
      })
    }
    const inner = isTls ? https.createServer(selfSigned, listener) : http.createServer(listener)
    inner.keepAliveTimeout = 0
    // In front of the server that understands, so that connections can be spoilt before anything is understood.
    const front = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      sockets.add(socket)
      socket.on("error", () => socket.destroy())
      socket.on("close", () => sockets.delete(socket))
      if (isBroken) socket.end(junk)
      else inner.emit("connection", socket)
    })
    const listen = (port: number): Effect.Effect<void> =>
      Effect.callback((resume) => {
        front.listen(port, "127.0.0.1", () => resume(Effect.void))
      })
    const stop = Effect.callback<void>((resume) => {
      if (!front.listening) return resume(Effect.void)
      front.close(() => resume(Effect.void))
      for (const socket of sockets) socket.destroy()
    })
    yield* Effect.acquireRelease(listen(0), () => stop)
    const { port } = front.address() as AddressInfo
    return {
      environment: { TRACING_OTLP_ENDPOINT: `${isTls ? "https" : "http"}://127.0.0.1:${port}` },
      requests: log.requests,
      get early() {
        return log.early
      },
      reactTo: (decide) => log.reactTo(decide),
      stop,
      start: Effect.suspend(() => listen(port)),
      breakConnections: (broken) => {
        isBroken = broken
        if (broken) { for (const socket of sockets) socket.destroy() }
      }
    }
  })
