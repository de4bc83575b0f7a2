import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { HttpMethod, HttpUrl, NetworkAddress } from "../conventions/index.ts"

const socketOf = (source: object): object | undefined => {
  const socket: unknown = Predicate.hasProperty(source, "socket") ? source.socket : undefined
  return typeof socket === "object" && socket !== null ? socket : undefined
}

const numberOf = (object: object | undefined, key: string): number | undefined => {
  const value: unknown = object !== undefined && Predicate.hasProperty(object, key) ? object[key] : undefined
  return typeof value === "number" ? value : undefined
}

const versionOf = (source: object): string | undefined => {
  const version: unknown = Predicate.hasProperty(source, "httpVersion") ? source.httpVersion : undefined
  if (typeof version !== "string") return undefined
  return version.endsWith(".0") && version !== "1.0" ? version.slice(0, -2) : version
}

/** The address of the peer the connection is with, whatever headers say. */
export const peerAddressOf = (request: HttpServerRequest): string | undefined =>
  Option.match(request.peerAddress, { onNone: () => undefined, onSome: NetworkAddress.cleanAddress })

/**
 * Reads from a request what a sampler may want to know of a server span before it starts.
 */
export const serverRequestAttributes = (
  request: HttpServerRequest,
  peerAddress: string | undefined,
  clientAddress: string | undefined,
  knownMethods: ReadonlySet<string> | undefined
): Record<string, unknown> => {
  const { headers, source, url } = request
  const method = HttpMethod.methodOf(request.method, knownMethods)
  const mark = url.indexOf("?")
  const scheme = request.protocol ?? (request.originalUrl.startsWith("https:") ? "https" : "http")
  const attributes: Record<string, unknown> = {
    "http.request.method": method,
    "url.path": mark < 0 ? url : url.slice(0, mark),
    "url.scheme": scheme
  }
  if (method !== request.method) attributes["http.request.method_original"] = request.method
  if (mark >= 0 && mark + 1 < url.length) attributes["url.query"] = HttpUrl.redactQuery(url.slice(mark + 1))
  const server = headers.host === undefined ? undefined : NetworkAddress.parseAuthority(headers.host)
  if (server !== undefined) {
    attributes["server.address"] = server.address
    attributes["server.port"] = server.port ?? (scheme === "https" ? 443 : 80)
  }
  if (clientAddress !== undefined) attributes["client.address"] = clientAddress
  const userAgent = headers["user-agent"]
  if (userAgent !== undefined) attributes["user_agent.original"] = userAgent
  if (peerAddress !== undefined) {
    attributes["network.peer.address"] = peerAddress
    const port = numberOf(socketOf(source), "remotePort")
    if (port !== undefined) attributes["network.peer.port"] = port
  }
  const version = versionOf(source)
  if (version !== undefined) attributes["network.protocol.version"] = version
  return attributes
}
