import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as http from "node:http"
import * as https from "node:https"
import * as net from "node:net"
import { setAlarm } from "../backgroundClock.ts"
import { quietly } from "../untraced.ts"
import type { Certificates } from "./certificates.ts"
import type { ReceiverAddress } from "./endpoint.ts"
import type { Proxy } from "./proxy.ts"
import { basicCredentials, hostOf, portOf, proxyAuthorization } from "./proxy.ts"
import type { Connected } from "./tunnel.ts"
import { connectToProxy, openTunnel, ProxyError, startTls } from "./tunnel.ts"

/**
 * What a server answered.
 */
export interface HttpAnswer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  /** As much as came, and no more than {@link longestAnswer}. */
  readonly body: Uint8Array
  /** Whether that is all of it: an answer can be torn off, take too long, or be too long. */
  readonly isComplete: boolean
  /** Whether the body went out twice: over a connection that turned out to be closed, and over a new one. */
  readonly isRepeated: boolean
}

/**
 * Where requests go and how.
 */
export interface HttpTarget {
  /** Makes a request for a body of so many bytes, which is still to be written to it. */
  readonly request: (length: number) => http.ClientRequest
  readonly timeoutMillis: number
  /** Lets its connections go, also those that are not made yet. */
  readonly close: () => void
}

/** Headers by their names in lower case. */
export type Headers = Readonly<Record<string, string>>

/** How much of an answer is read, in bytes: OTLP answers with a few. */
export const longestAnswer = 64 * 1024

const ownAgents = new WeakSet<object>()

/** The name by which TLS asks for a host: addresses have none. */
const serverNameOf = (host: string): string => {
  const name = host.replace(/:\d+$/, "")
  return net.isIP(name) === 0 && !name.startsWith("[") ? name : ""
}

/**
 * Says how requests are made, once for all of them. They differ in the length of their bodies alone.
 *
 * **Details**
 *
 * Headers as a flat list are written as they are, at a fraction of the cost, and whoever adds headers to the requests of a program
 * leaves these alone.
 */
const requesterFor = (
  { socketPath, url }: ReceiverAddress,
  proxy: Proxy | undefined,
  headers: Headers,
  agent: http.Agent
): HttpTarget["request"] => {
  const isSecure = url.protocol === "https:"
  // A proxy is told the whole address, unless it hands on bytes.
  const isForwarded = proxy !== undefined && !isSecure
  const path = `${url.pathname}${url.search}`
  const authorization = basicCredentials(url)
  const all: Headers = {
    host: url.host,
    ...(authorization === undefined ? undefined : { authorization }),
    ...headers,
    ...(isForwarded ? proxyAuthorization(proxy) : undefined)
  }
  const options: https.RequestOptions = {
    method: "POST",
    agent,
    path: isForwarded ? url.origin + path : path,
    // The certificate has to be of the host that is asked for.
    ...(headers["host"] === undefined ? undefined : { servername: serverNameOf(headers["host"]) }),
    ...(socketPath === undefined ? { host: hostOf(url), port: portOf(url) } : { socketPath })
  }
  const list = Object.entries(all).filter(([name]) => name !== "content-length").flat()
  const { request } = isSecure ? https : http
  return (length) => quietly(() => request({ ...options, headers: [...list, "content-length", String(length)] }))
}

/**
 * Makes a target that keeps its connection open for the next batch.
 *
 * **Details**
 *
 * Proxies are gone through by hand: the agents of Node 22.19, the oldest one that is supported, know none.
 */
export const makeTarget = (
  address: ReceiverAddress,
  proxy: Proxy | undefined,
  certificates: Certificates,
  headers: Headers,
  timeoutMillis: number
): HttpTarget => {
  const { url } = address
  const closing = new AbortController()
  const patience = { timeoutMillis, signal: closing.signal }
  const isSecure = url.protocol === "https:"
  // In turn: one that idles while others are used is closed by the server at just the moment it is used again.
  const kept = { keepAlive: true, scheduling: "fifo" } as const
  const agent = isSecure ? new https.Agent({ ...certificates, ...kept }) : new http.Agent(kept)
  if (proxy !== undefined) {
    agent.createConnection = (_options, connected) => {
      const hear: Connected = (result) => {
        // Of a failure Node takes the error alone.
        if (result instanceof ProxyError) return (connected as ((error: Error) => void) | undefined)?.(result)
        connected?.(null, isSecure ? startTls(result, url, { ...certificates, ALPNProtocols: ["http/1.1"] }) : result)
      }
      if (isSecure) openTunnel(proxy, url, patience, hear)
      else connectToProxy(proxy, patience, hear)
      return undefined
    }
  }
  ownAgents.add(agent)
  return {
    request: requesterFor(address, proxy, headers, agent),
    timeoutMillis,
    close: () => {
      closing.abort()
      agent.destroy()
    }
  }
}

/**
 * Says whether a request of `node:http` is one by which spans are exported: such a request is not traced, and gets no
 * trace header.
 *
 * **Details**
 *
 * Known by its agent, so the answer is right as soon as the request exists: in a subscriber of the diagnostics channel
 * `http.client.request.created`, too.
 *
 * @category accessors
 * @since 0.1.0
 */
export const isOwnRequest = (request: http.ClientRequest): boolean => {
  const { agent } = request as { readonly agent?: unknown }
  return typeof agent === "object" && agent !== null && ownAgents.has(agent)
}

/** An answer while it comes in. */
class IncomingAnswer {
  private readonly response: http.IncomingMessage
  private readonly chunks: Array<Uint8Array> = []
  private length = 0

  constructor(response: http.IncomingMessage) {
    this.response = response
  }

  /** Whether there is room for more. */
  add(chunk: Uint8Array): boolean {
    const part = chunk.subarray(0, longestAnswer - this.length)
    this.chunks.push(part)
    this.length += part.length
    return part.length === chunk.length
  }

  asFarAs(isComplete: boolean): HttpAnswer {
    const { headers, statusCode = 0 } = this.response
    return { status: statusCode, headers, body: Buffer.concat(this.chunks), isComplete, isRepeated: false }
  }
}

/**
 * Why no answer came.
 */
export interface HttpFailure {
  /** Whether it was the connection kept from the last request: servers close those at any time. */
  readonly isStaleConnection: boolean
  /** Whether all of the request had gone out, so that the server may have taken it. */
  readonly wasSent: boolean
  /** `undefined`: the time was up. */
  readonly error: NodeJS.ErrnoException | undefined
}

const postOnce = (
  { request: begin, timeoutMillis }: HttpTarget,
  body: Uint8Array,
  clock: Clock.Clock
): Effect.Effect<HttpAnswer, HttpFailure> =>
  Effect.callback((resume) => {
    let incoming: IncomingAnswer | undefined
    const request = begin(body.length)
    const fail = (error: NodeJS.ErrnoException | undefined, isStaleConnection: boolean): void =>
      resume(Effect.fail({ isStaleConnection, wasSent: request.writableFinished, error }))
    const endAlarm = setAlarm(clock, timeoutMillis, () => {
      // The status has come, and with it the decision: what is slow is only the rest.
      if (incoming === undefined) fail(undefined, false)
      else resume(Effect.succeed(incoming.asFarAs(false)))
      request.destroy()
    })
    // An export that is under way is no reason for the process to go on living: who waits for it keeps it alive.
    request.on("socket", (socket) => socket.unref())
    request.on("error", (error: NodeJS.ErrnoException) => {
      if (incoming !== undefined) return
      endAlarm()
      fail(error, request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE"))
    })
    request.on("response", (response) => {
      const answer = new IncomingAnswer(response)
      incoming = answer
      response.on("data", (chunk: Uint8Array) => {
        if (!answer.add(chunk)) response.destroy()
      })
      response.on("error", () => response.destroy())
      response.on("close", () => {
        endAlarm()
        resume(Effect.succeed(answer.asFarAs(response.complete)))
      })
    })
    request.end(body)
    return Effect.sync(() => {
      endAlarm()
      request.destroy()
    })
  })

/**
 * Posts a body and waits for the answer, whatever it is. Where the connection kept from the last time turns out to be
 * closed, the request goes out again at once on a new one.
 */
export const post = (
  target: HttpTarget,
  body: Uint8Array,
  clock: Clock.Clock
): Effect.Effect<HttpAnswer, HttpFailure> =>
  Effect.catchIf(
    postOnce(target, body, clock),
    (failure) => failure.isStaleConnection,
    ({ wasSent }) =>
      Effect.mapBoth(postOnce(target, body, clock), {
        onSuccess: (answer) => ({ ...answer, isRepeated: wasSent }),
        onFailure: (failure) => ({ ...failure, wasSent: wasSent || failure.wasSent })
      })
  )
