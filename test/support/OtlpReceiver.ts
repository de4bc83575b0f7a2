import { Effect, Latch } from "effect"
import type { Scope } from "effect"
import * as http from "node:http"
import * as https from "node:https"
import type { AddressInfo, Socket } from "node:net"
import * as zlib from "node:zlib"
import type { OtlpRequest, OtlpSpan } from "./otlpMessages.ts"
import { decodeJson, decodeProtobuf, spansOf } from "./otlpMessages.ts"

/**
 * What the receiver does with one request, after it has read and kept it.
 *
 * - `respond`: answers with this status (200), these headers and this body
 * - `hang`: never answers
 * - `hangInBody`: sends status 200 and half a body, and no more
 * - `reset`: closes the connection without an answer
 * - `tear`: sends status 200 and half a body, and closes the connection
 * - `garble`: answers with something that is not HTTP
 */
export type Reaction =
  | {
    readonly _tag: "respond"
    readonly status?: number
    readonly headers?: http.OutgoingHttpHeaders
    readonly body?: Uint8Array | string
    readonly delayMillis?: number
  }
  | { readonly _tag: "hang" | "hangInBody" | "reset" | "tear" | "garble" }

export interface ReceivedRequest {
  /** On the monotonic clock, in milliseconds. */
  readonly arrivedAt: number
  readonly method: string
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  /** Which connection it came over: 1 is the first. */
  readonly connection: number
  readonly body: OtlpRequest
  /** The body's size on the wire. */
  readonly bytes: number
  /** The status it was answered with; `unanswered` where the connection was left or closed without one. */
  answered: number | "unanswered"
}

export interface OtlpReceiver {
  /** `http://127.0.0.1:…/v1/traces` */
  readonly url: string
  readonly port: number
  readonly requests: ReadonlyArray<ReceivedRequest>
  /** Spans of all requests, in order. */
  readonly spans: ReadonlyArray<OtlpSpan>
  /** Waits until no connection is open. */
  readonly disconnected: Effect.Effect<void>
  /** What it does with the next requests; when used up it does as it does by default. */
  readonly react: (...reactions: ReadonlyArray<Reaction>) => void
  /** What it does by default from now on; until told otherwise it takes everything. */
  readonly reactTo: (decide: (request: ReceivedRequest) => Reaction) => void
  /** Waits until that many requests have come, in all. */
  readonly received: (count: number) => Effect.Effect<void>
  /** Closes the port and all connections, as a collector that is shut down. */
  readonly stop: Effect.Effect<void>
  /** Opens the same port again. */
  readonly start: Effect.Effect<void>
}

export interface OtlpReceiverOptions {
  /** Makes it speak TLS with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string } | undefined
}

const decode = (headers: http.IncomingHttpHeaders, body: Uint8Array): OtlpRequest => {
  const plain = headers["content-encoding"] === "gzip" ? zlib.gunzipSync(body) : body
  return headers["content-type"] === "application/json" ? decodeJson(plain) : decodeProtobuf(plain)
}

const act = (reaction: Reaction, request: http.IncomingMessage, response: http.ServerResponse): void => {
  switch (reaction._tag) {
    case "hang":
      return
    case "reset":
      request.socket.resetAndDestroy()
      return
    case "hangInBody":
    case "tear":
      response.writeHead(200, { "content-type": "application/x-protobuf", "content-length": 100 })
      response.write(Buffer.alloc(50), () => {
        if (reaction._tag === "tear") setTimeout(() => request.socket.destroy(), 20)
      })
      return
    case "garble":
      request.socket.end("\u0000\u0000\u0012\u0004\u0000\u0000")
      return
    case "respond":
      setTimeout(() => {
        response.writeHead(reaction.status ?? 200, reaction.headers ?? { "content-type": "application/x-protobuf" })
        response.end(reaction.body)
      }, reaction.delayMillis ?? 0)
  }
}

/**
 * A receiver of OTLP over HTTP on a free port of the loopback interface, which keeps what it gets and does with each
 * request as it is told. Closed with the scope.
 */
export const makeOtlpReceiver = (options: OtlpReceiverOptions = {}): Effect.Effect<OtlpReceiver, never, Scope.Scope> =>
  Effect.gen(function*() {
    const requests: Array<ReceivedRequest> = []
    const reactions: Array<Reaction> = []
    let decide = (_request: ReceivedRequest): Reaction => ({ _tag: "respond" })
    const waiting = new Set<{ readonly count: number; readonly latch: Latch.Latch }>()
    const connections = new Map<Socket, number>()
    let connectionCount = 0

    const listener: http.RequestListener = (request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const body = Buffer.concat(chunks)
        const received: ReceivedRequest = {
          arrivedAt: performance.now(),
          method: request.method ?? "",
          path: request.url ?? "",
          headers: request.headers,
          connection: connections.get(request.socket) ?? 0,
          body: decode(request.headers, body),
          bytes: body.length,
          answered: "unanswered"
        }
        requests.push(received)
        for (const one of waiting) if (requests.length >= one.count) one.latch.openUnsafe()
        const reaction = reactions.shift() ?? decide(received)
        if (reaction._tag === "respond") received.answered = reaction.status ?? 200
        act(reaction, request, response)
      })
    }
    const server = options.tls === undefined
      ? http.createServer(listener)
      : https.createServer({ ...options.tls, requestCert: options.tls.ca !== undefined }, listener)
    server.on(options.tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
      connections.set(socket, ++connectionCount)
      socket.on("error", () => socket.destroy())
      socket.on("close", () => connections.delete(socket))
    })
    const listen = (port: number): Effect.Effect<void> =>
      Effect.callback((resume) => {
        server.listen(port, "127.0.0.1", () => resume(Effect.void))
      })
    const stop = Effect.callback<void>((resume) => {
      if (!server.listening) return resume(Effect.void)
      server.close(() => resume(Effect.void))
      server.closeAllConnections()
    })
    yield* Effect.acquireRelease(listen(0), () => stop)
    const { port } = server.address() as AddressInfo

    return {
      url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}/v1/traces`,
      port,
      requests,
      get spans() {
        return requests.flatMap((request) => spansOf(request.body))
      },
      disconnected: Effect.asVoid(
        Effect.repeat(Effect.delay(Effect.sync(() => connections.size), 5), { until: (open) => open === 0 })
      ),
      react: (...next) => {
        reactions.push(...next)
      },
      reactTo: (next) => {
        decide = next
      },
      received: (count) =>
        Effect.suspend(() => {
          if (requests.length >= count) return Effect.void
          const one = { count, latch: Latch.makeUnsafe() }
          waiting.add(one)
          return Effect.ensuring(one.latch.await, Effect.sync(() => waiting.delete(one)))
        }),
      stop,
      start: Effect.suspend(() => listen(port))
    }
  })
