import * as Predicate from "effect/Predicate"
import { subscribe as subscribeChannel, unsubscribe as unsubscribeChannel } from "node:diagnostics_channel"
import { NetworkAddress } from "../conventions/index.ts"

/**
 * A request as it is about to leave: one hop, so a redirect is a request of its own.
 *
 * @category models
 * @since 0.1.0
 */
export interface OutgoingRequest {
  /** `http:` or `https:`. */
  readonly protocol: string
  /** The host's name or address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Whether a header of this name (in lower case) is there. */
  readonly has: (name: string) => boolean
}

/**
 * Decides which headers a request is to carry; `undefined` for none, as for a stranger's host or a request the exporter
 * makes.
 *
 * @category models
 * @since 0.1.0
 */
export type Inject = (request: OutgoingRequest) => ReadonlyArray<readonly [name: string, value: string]> | undefined

const defaultPort = (protocol: string): number => protocol === "https:" ? 443 : 80

const textOf = (object: object, key: string): string | undefined => {
  const value: unknown = Predicate.hasProperty(object, key) ? object[key] : undefined
  return typeof value === "string" ? value : undefined
}

/** Names in the flat list of undici 6 and later, the text of undici 5. */
const hasUndiciHeader = (headers: unknown, name: string): boolean => {
  if (typeof headers === "string") {
    return headers.toLowerCase().split("\r\n").some((line) => line.startsWith(`${name}:`))
  }
  if (!Array.isArray(headers)) return false
  for (let i = 0; i < headers.length; i += 2) {
    if (String(headers[i]).toLowerCase() === name) return true
  }
  return false
}

const requestOfMessage = (message: unknown): object | undefined =>
  Predicate.hasProperty(message, "request") && typeof message.request === "object" && message.request !== null
    ? message.request
    : undefined

const onUndici = (inject: Inject) => (message: unknown): void => {
  const request = requestOfMessage(message)
  if (request === undefined) return
  const origin: unknown = Predicate.hasProperty(request, "origin") ? request.origin : undefined
  const url = origin instanceof URL ? origin : typeof origin === "string" ? URL.parse(origin) : null
  if (url === null) return
  const has = (name: string) =>
    hasUndiciHeader(Predicate.hasProperty(request, "headers") ? request.headers : undefined, name)
  const headers = inject({
    protocol: url.protocol,
    host: NetworkAddress.cleanAddress(url.hostname),
    port: url.port === "" ? defaultPort(url.protocol) : Number(url.port),
    method: textOf(request, "method") ?? "GET",
    path: textOf(request, "path") ?? "/",
    has
  })
  if (headers === undefined) return
  const add: unknown = Predicate.hasProperty(request, "addHeader") ? request.addHeader : undefined
  if (typeof add !== "function") return
  for (const [name, value] of headers) if (!has(name)) add.call(request, name, value)
}

/** The parts of Node's `ClientRequest` that are read here. */
interface NodeRequest {
  readonly protocol: string
  readonly host: string
  readonly method: string
  readonly path: string
  readonly headersSent: boolean
  readonly getHeader: (name: string) => unknown
  readonly setHeader: (name: string, value: string) => unknown
}

const isNodeRequest = (request: object): request is NodeRequest =>
  Predicate.hasProperty(request, "setHeader") && typeof request.setHeader === "function" &&
  Predicate.hasProperty(request, "getHeader") && typeof request.getHeader === "function" &&
  textOf(request, "host") !== undefined && textOf(request, "protocol") !== undefined

const portOf = (request: NodeRequest): number => {
  const header = request.getHeader("host")
  const authority = typeof header === "string" ? NetworkAddress.parseAuthority(header) : undefined
  return authority?.port ?? defaultPort(request.protocol)
}

const onNode = (inject: Inject) => (message: unknown): void => {
  const request = requestOfMessage(message)
  // Headers given as a list are written at once and cannot be added to.
  if (request === undefined || !isNodeRequest(request) || request.headersSent) return
  const has = (name: string) => request.getHeader(name) !== undefined
  const headers = inject({
    protocol: request.protocol,
    host: NetworkAddress.cleanAddress(request.host),
    port: portOf(request),
    method: request.method,
    path: request.path,
    has
  })
  if (headers === undefined) return
  for (const [name, value] of headers) if (!has(name)) request.setHeader(name, value)
}

const undiciChannel = "undici:request:create"
const nodeChannel = "http.client.request.created"

/**
 * Adds headers to every HTTP request of the process as it leaves: those of `fetch`, of undici from npm and of
 * `node:http` and `node:https`, each hop of a redirect by itself. Gives back what ends it.
 *
 * **Details**
 *
 * Rides on Node's diagnostics channels `undici:request:create` and `http.client.request.created`, so nothing is patched.
 * `inject` runs where the request is made: the active span is the one that makes it. A header that is there already is
 * left alone. `onError` is told what `inject` throws; the request goes out without headers of ours.
 *
 * **Gotchas**
 *
 * Requests of `node:http` whose headers are given as a flat list are sent before anybody can add to them. Other transports
 * (HTTP/2 sessions, WebSocket libraries, a `Fetch` of one's own) do not pass here.
 *
 * @category injection
 * @since 0.1.0
 */
export const subscribe = (inject: Inject, onError: (error: unknown) => void): () => void => {
  // What a subscriber throws Node makes an uncaught exception, which ends the program.
  const safely = (handle: (message: unknown) => void) => (message: unknown): void => {
    try {
      handle(message)
    } catch (error) {
      onError(error)
    }
  }
  const undici = safely(onUndici(inject))
  const node = safely(onNode(inject))
  subscribeChannel(undiciChannel, undici)
  subscribeChannel(nodeChannel, node)
  return () => {
    unsubscribeChannel(undiciChannel, undici)
    unsubscribeChannel(nodeChannel, node)
  }
}
