import * as Result from "effect/Result"
import type { Kind, Parser } from "./Kind.ts"

const tracesPath = "/v1/traces"
const example = "http://localhost:4318"

/** Reads an absolute http or https URL, or says what is wrong with it and what to write. */
const readUrl = (text: string): Result.Result<URL, string> => {
  const expected = `an http or https URL such as ${example}`
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
  return !/\s/.test(text) && URL.canParse(text) ? Result.succeed(new URL(text)) : Result.fail(expected)
}

const withTracesPath = (url: URL): string => {
  const path = url.pathname.replace(/\/+$/, "")
  url.pathname = path.endsWith(tracesPath) ? path : path + tracesPath
  return url.href
}

/**
 * The URL that spans are posted to, taken as it is.
 *
 * @category kinds
 * @since 0.1.0
 */
export const tracesEndpoint: Kind<string> = {
  allowed: `an http or https URL such as ${example}${tracesPath}`,
  parse: (text) => Result.map(readUrl(text), (url) => url.href),
  accept: (value) =>
    typeof value === "string" ? Result.getOrUndefined(Result.map(readUrl(value), (url) => url.href)) : undefined
}

/**
 * The base that `/v1/traces` is added to, unless it ends in it already.
 *
 * @category parsers
 * @since 0.1.0
 */
export const baseEndpoint: Parser<string> = {
  allowed: `an http or https URL such as ${example}, to which ${tracesPath} is added`,
  parse: (text) => Result.map(readUrl(text), withTracesPath)
}

/**
 * Hides what may be secret in a URL, be it well formed or not: user, password and the query.
 *
 * @category formatting
 * @since 0.1.0
 */
export const hideUrlSecrets = (text: string): string =>
  text.replace(/[?#].*$/s, "?[hidden]").replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1[hidden]@")

/**
 * Says what is odd about an endpoint that spans are sent to by that protocol, in words that follow its name.
 *
 * @category formatting
 * @since 0.1.0
 */
export const endpointRemarks = (
  endpoint: string,
  protocol: "http/protobuf" | "http/json" | "grpc"
): ReadonlyArray<string> => {
  const url = new URL(endpoint)
  const remarks: Array<string> = []
  if (protocol !== "grpc" && url.port === "4317") {
    remarks.push("port 4317 is gRPC's, and spans are sent over HTTP; a collector takes them on port 4318")
  }
  if (protocol === "grpc" && url.port === "4318") {
    remarks.push(
      "port 4318 is that of OTLP over HTTP, and spans are sent over gRPC; a collector takes them on port 4317"
    )
  }
  if (url.pathname.startsWith("/api/traces")) {
    remarks.push(
      `this is the address of Jaeger's old protocol; Jaeger takes OTLP, at http://${url.hostname}:4318${tracesPath}`
    )
  } else if (protocol !== "grpc" && url.pathname === "/") {
    remarks.push(`the path is taken as it is and is empty; a collector takes spans at ${tracesPath}`)
  }
  return remarks
}
