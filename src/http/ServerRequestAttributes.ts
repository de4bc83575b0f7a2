import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { HttpMethod, HttpUrl, NetworkAddress } from "../conventions/index.ts"

/** The part of Node's `IncomingMessage` that is read here; a web `Request` has nothing of it. */
interface NodeRequest {
  readonly httpVersion?: unknown
  readonly socket?: { readonly remotePort?: unknown } | null
}

const versionOf = ({ httpVersion: version }: NodeRequest): string | undefined => {
  if (typeof version !== "string") return undefined
  return version.endsWith(".0") && version !== "1.0" ? version.slice(0, -2) : version
}

const peerPortOf = ({ socket }: NodeRequest): number | undefined => {
  const port = socket?.remotePort
  return typeof port === "number" ? port : undefined
}

/** The address of the peer the connection is with, whatever headers say. */
export const peerAddressOf = (request: HttpServerRequest): string | undefined => {
  const peer = request.peerAddress
  return peer._tag === "Some" ? NetworkAddress.cleanAddress(peer.value) : undefined
}

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
    const port = peerPortOf(source)
    if (port !== undefined) attributes["network.peer.port"] = port
  }
  const version = versionOf(source)
  if (version !== undefined) attributes["network.protocol.version"] = version
  return attributes
}
