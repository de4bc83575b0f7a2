import * as Effect from "effect/Effect"
import * as net from "node:net"
import * as querystring from "node:querystring"
import { readVariable } from "../../config/index.ts"
import { ExportError } from "../SpanExporter.ts"

/**
 * A proxy that requests go through.
 */
export interface Proxy {
  readonly url: URL
  /** The variable that names it. */
  readonly variable: string
}

/**
 * What the environment says of proxies: by variable, what it names.
 */
export type ProxyVariables = ReadonlyMap<string, string>

/**
 * Reads the variables of proxies. In lower case they win, as is the custom.
 */
export const readProxyVariables: Effect.Effect<ProxyVariables> = Effect.map(
  Effect.forEach(
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"],
    (name) => Effect.map(readVariable(name), (value = "") => [name, value] as const)
  ),
  (found) => new Map(found.filter(([, value]) => value.trim() !== ""))
)

/** The host of a URL as sockets take it: IPv6 without brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "")

/** The port of a URL, also where it is its scheme's. */
export const portOf = ({ port, protocol }: URL): number =>
  port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)

const isInNetwork = (host: string, network: string): boolean => {
  const family = net.isIP(host)
  const [address = "", prefix = family === 4 ? "32" : "128"] = network.split("/", 2)
  if (family === 0 || net.isIP(address) !== family || !/^\d{1,3}$/.test(prefix)) return false
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false
  const type = family === 4 ? "ipv4" : "ipv6"
  const list = new net.BlockList()
  list.addSubnet(address, Number(prefix), type)
  return list.check(host, type)
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || isInNetwork(host, "127.0.0.0/8") || host === "::1"

/** Whether an entry of `NO_PROXY` is of that host: a name and all below it, a suffix, an address, a network, or `*`. */
const names = (entry: string, host: string): boolean => {
  if (entry === "*") return true
  const name = entry.replace(/^\[(.*)\]$/, "$1").replace(/^\*(?=\.)/, "").replace(/\.$/, "")
  if (name.startsWith(".")) return host.endsWith(name)
  return host === name || host.endsWith(`.${name}`) || isInNetwork(host, name)
}

/**
 * Says whether requests to an address need no proxy: those of this machine, and those that `NO_PROXY` lists.
 */
export const needsNoProxy = (target: URL, list: string): boolean => {
  const host = hostOf(target).replace(/\.$/, "")
  return isLoopback(host) || list.toLowerCase().split(/[\s,]+/).some((entry) => {
    // In `fd00::1` the colon separates no port.
    const [, name = entry, port] = /^([^:]*|\[.*\]):(\d+)$/.exec(entry) ?? []
    return name !== "" && (port === undefined || Number(port) === portOf(target)) && names(name, host)
  })
}

/** The proxy's address as it may be shown: its credentials are secret. */
export const showProxy = ({ url, variable }: Proxy): string => `${url.protocol}//${url.host} (${variable})`

/** User and password of a URL as the value of a header. */
export const basicCredentials = ({ password, username }: URL): string | undefined => {
  if (username === "" && password === "") return undefined
  const plain = `${querystring.unescape(username)}:${querystring.unescape(password)}`
  return `Basic ${Buffer.from(plain).toString("base64")}`
}

/**
 * The credentials of a proxy as a header.
 */
export const proxyAuthorization = ({ url }: Proxy): { readonly "proxy-authorization"?: string } => {
  const credentials = basicCredentials(url)
  return credentials === undefined ? {} : { "proxy-authorization": credentials }
}

/**
 * Finds the proxy of an address, `undefined` where it needs none; fails where the variable does not name one.
 *
 * **Details**
 *
 * Addresses of this machine need none, whatever the variables say: proxies are on others.
 */
export const findProxy = (target: URL, variables: ProxyVariables): Effect.Effect<Proxy | undefined, ExportError> => {
  const [lower, upper] = target.protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"]
  const variable = variables.has(lower) ? lower : upper
  const address = variables.get(variable)?.trim()
  if (address === undefined || needsNoProxy(target, variables.get("no_proxy") ?? variables.get("NO_PROXY") ?? "")) {
    return Effect.undefined
  }
  const url = URL.parse(address.includes("://") ? address : `http://${address}`)
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== ""
    ? Effect.succeed({ url, variable })
    : Effect.fail(
      new ExportError({
        reason: "proxy",
        message:
          `Spans cannot be exported to ${target.protocol}//${target.host}: ${variable} does not name a proxy that can ` +
          "be used. Set it to an address such as http://proxy:3128, or add the host to NO_PROXY.",
        retryable: false,
        retryAfterMillis: undefined
      })
    )
}
