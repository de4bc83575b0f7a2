import * as Predicate from "effect/Predicate"
import type * as Tracer from "effect/Tracer"
import { subscribe as subscribeChannel, unsubscribe as unsubscribeChannel } from "node:diagnostics_channel"
import type { Socket } from "node:net"
import { NetworkAddress } from "../conventions/index.ts"
import { ResponseBody, wantsResponseBody } from "./ResponseBody.ts"

/**
 * Finds the client span of the request that is being made right now; `undefined` where it has none that records.
 *
 * @category models
 * @since 0.1.0
 */
export type SpanOfRequest = () => Tracer.Span | undefined

interface UndiciMessage {
  readonly request: object
  readonly socket: unknown
  readonly chunk: unknown
  readonly response: { readonly headers: unknown }
}

interface NodeMessage {
  readonly request: NodeJS.EventEmitter
  readonly response: NodeJS.EventEmitter & {
    readonly httpVersion: string
    readonly headers: Readonly<Record<string, string | undefined>>
  }
}

const writePeer = (span: Tracer.Span, socket: unknown, version: string | undefined): void => {
  if (!Predicate.hasProperty(socket, "remoteAddress") || typeof socket.remoteAddress !== "string") return
  span.attribute("network.peer.address", NetworkAddress.cleanAddress(socket.remoteAddress))
  if (Predicate.hasProperty(socket, "remotePort")) span.attribute("network.peer.port", socket.remotePort)
  if (version !== undefined) span.attribute("network.protocol.version", version)
}

const isHttp2 = (socket: unknown): boolean =>
  Predicate.hasProperty(socket, "alpnProtocol") && socket.alpnProtocol === "h2"

/** The value of a header in undici's flat list of names and values, each of them text or bytes. */
const undiciHeader = (headers: unknown, name: string): string | undefined => {
  if (!Array.isArray(headers)) return undefined
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (String(headers[i]).toLowerCase() === name) return String(headers[i + 1])
  }
  return undefined
}

const sizeOf = (chunk: unknown): number =>
  Predicate.hasProperty(chunk, "byteLength") && typeof chunk.byteLength === "number" ? chunk.byteLength : 0

/**
 * Tells client spans of the connection their request went over: `network.peer.address`, `network.peer.port` and
 * `network.protocol.version`; and, where `HttpTracing.client({ responseBody: true })` asks for it, of the body. Gives back
 * what ends it.
 *
 * **Details**
 *
 * Rides on Node's diagnostics channels for undici, `fetch` and `node:http`; nothing is patched. `spanOf` runs where the
 * request is made. A span is held by its request only, for as long as the request is under way. Of the hops of a redirect
 * that `fetch` follows by itself the last one is told.
 *
 * **Gotchas**
 *
 * A connection that was never made has no peer. undici does not tell which version a server answers with: it is what
 * undici speaks, `1.1` or `2`.
 *
 * @category connections
 * @since 0.1.0
 */
export const subscribe = (spanOf: SpanOfRequest, onError: (error: unknown) => void): () => void => {
  const spans = new WeakMap<object, Tracer.Span>()
  const bodies = new WeakMap<object, ResponseBody>()

  const beganUndici = ({ request }: UndiciMessage): void => {
    const span = spanOf()
    if (span !== undefined) spans.set(request, span)
  }

  const sentUndici = ({ request, socket }: UndiciMessage): void => {
    const span = spans.get(request)
    if (span !== undefined) writePeer(span, socket, isHttp2(socket) ? "2" : "1.1")
  }

  const answeredUndici = ({ request, response }: UndiciMessage): void => {
    const span = spans.get(request)
    if (span === undefined) return
    spans.delete(request)
    if (wantsResponseBody(span)) {
      bodies.set(request, new ResponseBody(span, undiciHeader(response.headers, "content-length")))
    }
  }

  const receivedUndici = ({ chunk, request }: UndiciMessage): void => bodies.get(request)?.add(sizeOf(chunk))

  const endedUndici = ({ request }: UndiciMessage): void => {
    bodies.get(request)?.end(true)
    bodies.delete(request)
  }

  const failedUndici = ({ request }: UndiciMessage): void => {
    spans.delete(request)
    bodies.get(request)?.end(false)
    bodies.delete(request)
  }

  const beganNode = ({ request }: NodeMessage): void => {
    const span = spanOf()
    if (span === undefined) return
    spans.set(request, span)
    request.once("socket", (socket: Socket) => {
      if (socket.connecting) socket.once("connect", () => writePeer(span, socket, undefined))
      else writePeer(span, socket, undefined)
    })
  }

  const answeredNode = ({ request, response }: NodeMessage): void => {
    const span = spans.get(request)
    if (span === undefined) return
    spans.delete(request)
    span.attribute("network.protocol.version", response.httpVersion)
    if (!wantsResponseBody(span)) return
    const body = new ResponseBody(span, response.headers["content-length"])
    response.once("end", () => body.end(true))
    response.once("error", () => body.end(false))
  }

  const subscriptions = [
    ["undici:request:create", beganUndici],
    ["undici:client:sendHeaders", sentUndici],
    ["undici:request:headers", answeredUndici],
    ["undici:request:bodyChunkReceived", receivedUndici],
    ["undici:request:trailers", endedUndici],
    ["undici:request:error", failedUndici],
    ["http.client.request.created", beganNode],
    ["http.client.response.finish", answeredNode]
  ] as const
  const listeners = subscriptions.map(([channel, handle]) => {
    // What a subscriber throws Node makes an uncaught exception, which ends the program.
    const listener = (message: unknown): void => {
      try {
        handle(message as UndiciMessage & NodeMessage)
      } catch (error) {
        onError(error)
      }
    }
    subscribeChannel(channel, listener)
    return [channel, listener] as const
  })
  return () => {
    for (const [channel, listener] of listeners) unsubscribeChannel(channel, listener)
  }
}
