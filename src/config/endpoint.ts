import * as Result from "effect/Result"
import type { Kind, Parser } from "./Kind.ts"
import type { TracingSettings } from "./TracingSettings.ts"

type Protocol = TracingSettings["otlp"]["protocol"]

/**
 * What decides how an endpoint is read, besides its own text.
 *
 * @category models
 * @since 0.1.0
 */
export interface EndpointRules {
  /** The protocol, where one is set. */
  readonly protocol: Protocol | undefined
  /** What an endpoint of gRPC without a scheme is taken for; `undefined` where a scheme is asked for. */
  readonly bareScheme: "http" | "https" | undefined
}

const tracesPath = "/v1/traces"
const expected = "an http or https URL such as http://localhost:4318, or unix:/path of a socket"
const expectedTraces = "an http or https URL such as http://localhost:4318/v1/traces, or unix:/path of a socket"

/**
 * Says whether spans go to an endpoint by gRPC where no protocol is set: to port 4317, and to a Unix socket, since that is
 * gRPC's way of naming one.
 *
 * @category predicates
 * @since 0.1.0
 */
export const impliesGrpc = (endpoint: string): boolean => {
  const { port, protocol } = new URL(endpoint)
  return port === "4317" || protocol === "unix:"
}

const speaksGrpc = (endpoint: string, { protocol }: EndpointRules): boolean =>
  protocol === undefined ? impliesGrpc(endpoint) : protocol === "grpc"

// oxlint-disable-next-line no-control-regex -- control characters are what it refuses
const socketPath = /^unix:(?:\/\/(?=\/))?((?!\/\/)[^\u0000-\u001f\u007f]+)$/i

/** A URL without its scheme, as gRPC names servers: `host:port`, `dns:host:port` or `dns:///host:port`. */
const bareUrl = (text: string, scheme: string): string | undefined => {
  const url = `${scheme}://${text.replace(/^dns:(?:\/\/\/)?/i, "")}`
  return /^[^/]*:\/\/[^/\s]+$/.test(url) && URL.canParse(url) ? url : undefined
}

/** Reads the address of a receiver, or says what is wrong with it and what to write. */
const readAddress = (text: string, rules: EndpointRules): Result.Result<string, string> => {
  const path = socketPath.exec(text)?.[1]
  if (path !== undefined) return Result.succeed(`unix:${path}`)
  const bare = rules.bareScheme === undefined ? undefined : bareUrl(text, rules.bareScheme)
  if (bare !== undefined && speaksGrpc(bare, rules)) return Result.succeed(new URL(bare).href)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) {
    const withScheme = `http://${text}`
    const hint = !text.includes("://") && URL.canParse(withScheme)
    return Result.fail(hint ? `${expected}; the scheme is missing, write ${hideUrlSecrets(withScheme)}` : expected)
  }
  if (scheme !== "http" && scheme !== "https") {
    return Result.fail(`${expected}; the scheme ${scheme} is not one that spans are sent over`)
  }
  const port = /^[^/]*:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^/?#:]*):(\d+)(?:[/?#]|$)/.exec(text)?.[1]
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535)) {
    return Result.fail(`${expected}; the port ${port} is not from 1 to 65535`)
  }
  // The URL parser drops tabs and line breaks without a word.
  return !/\s/.test(text) && URL.canParse(text) ? Result.succeed(new URL(text).href) : Result.fail(expected)
}

const withTracesPath = (endpoint: string): string => {
  const url = new URL(endpoint)
  const path = url.pathname.replace(/\/+$/, "")
  url.pathname = path.endsWith(tracesPath) ? path : path + tracesPath
  return url.href
}

/**
 * The address that spans are sent to, taken as it is.
 *
 * @category parsers
 * @since 0.1.0
 */
export const tracesEndpoint = (rules: EndpointRules): Parser<string> => ({
  allowed: `${expectedTraces}; for gRPC also host:port`,
  parse: (text) => readAddress(text, rules)
})

/**
 * The base that `/v1/traces` is added to, unless it ends in it already, or needs none: for gRPC, and for a socket.
 *
 * @category parsers
 * @since 0.1.0
 */
export const baseEndpoint = (rules: EndpointRules): Parser<string> => ({
  allowed: `${expected}, to which ${tracesPath} is added${
    rules.bareScheme === undefined ? "" : "; for gRPC also host:port"
  }`,
  parse: (text) =>
    Result.map(
      readAddress(text, rules),
      (address) => address.startsWith("unix:") || speaksGrpc(address, rules) ? address : withTracesPath(address)
    )
})

/**
 * The address that spans are sent to, as it is given in code: with its scheme.
 *
 * @category kinds
 * @since 0.1.0
 */
export const endpointKind: Kind<string> = {
  allowed: expectedTraces,
  parse: (text) => readAddress(text, { protocol: undefined, bareScheme: undefined }),
  accept: (value) => typeof value === "string" ? Result.getOrUndefined(endpointKind.parse(value, () => {})) : undefined
}

/**
 * Hides what may be secret in a URL, be it well formed or not: user, password and the query.
 *
 * @category formatting
 * @since 0.1.0
 */
export const hideUrlSecrets = (text: string): string =>
  text.replace(/[?#].*$/s, "?[hidden]").replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1[hidden]@")

/** What listens on ports of Jaeger that take no OTLP. */
const portsOfJaeger: ReadonlyMap<string, string> = new Map([
  ["14250", "Jaeger's old gRPC"],
  ["14268", "Jaeger's old protocol"],
  ["16686", "Jaeger's web page"]
])

/** What an address is of that takes no OTLP, and who does. */
const otherThanOtlp = ({ pathname, port }: URL): readonly [address: string, taker: string] | undefined => {
  const ofJaeger = pathname.startsWith("/api/traces") ? "Jaeger's old protocol" : portsOfJaeger.get(port)
  if (ofJaeger !== undefined) return [ofJaeger, "Jaeger"]
  return port === "9411" || pathname.startsWith("/api/v2/spans") ? ["Zipkin's protocol", "a collector"] : undefined
}

/**
 * Says what is odd about an endpoint that spans are sent to by that protocol, in words that follow its name.
 *
 * @category formatting
 * @since 0.1.0
 */
export const endpointRemarks = (endpoint: string, protocol: Protocol): ReadonlyArray<string> => {
  const url = new URL(endpoint)
  if (url.protocol === "unix:") return []
  const remarks: Array<string> = []
  if (protocol !== "grpc" && url.port === "4317") {
    remarks.push("port 4317 is gRPC's, and spans are sent over HTTP; a collector takes them on port 4318")
  }
  if (protocol === "grpc" && url.port === "4318") {
    remarks.push(
      "port 4318 is that of OTLP over HTTP, and spans are sent over gRPC; a collector takes them on port 4317"
    )
  }
  const other = otherThanOtlp(url)
  if (other !== undefined) {
    const [address, taker] = other
    remarks.push(`this is the address of ${address}; ${taker} takes OTLP, at http://${url.hostname}:4318${tracesPath}`)
  } else if (protocol !== "grpc" && url.pathname === "/") {
    remarks.push(`the path is taken as it is and is empty; a collector takes spans at ${tracesPath}`)
  }
  return remarks
}
