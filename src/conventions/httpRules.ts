import type { EndedSpan } from "../model/index.ts"
import type { Rule } from "./Deviation.ts"
import { absent, present, rulesFrom } from "./Deviation.ts"
import { methodOf, spanName } from "./HttpMethod.ts"
import { isErrorStatus } from "./HttpStatus.ts"
import { redactQuery, redactUrl } from "./HttpUrl.ts"
import { cleanAddress } from "./NetworkAddress.ts"

const rule = rulesFrom("https://opentelemetry.io/docs/specs/semconv/http/http-spans/")

const text = (span: EndedSpan, key: string): string | undefined => {
  const value = span.attributes.get(key)
  return typeof value === "string" ? value : undefined
}

const isClean = (key: string) => (span: EndedSpan): boolean => {
  const value = text(span, key)
  return value === undefined || cleanAddress(value) === value
}

const statusOf = (span: EndedSpan): number | undefined => {
  const code = span.attributes.get("http.response.status_code")
  return typeof code === "number" ? code : undefined
}

/** A span whose only error is its status code, so that the code says it all. */
const isMereStatus = (span: EndedSpan): boolean => {
  const code = statusOf(span)
  return code !== undefined && text(span, "error.type") === String(code)
}

// Program and settings may know other methods: upper-case ones are believed.
const common: ReadonlyArray<Rule> = [
  rule("method is known", "http.request.method", "a known method or _OTHER", (span) => {
    const method = text(span, "http.request.method")
    return method === "_OTHER" || (method !== undefined && /^[A-Z]+$/.test(method))
  }),
  rule(
    "other method has its original",
    "http.request.method_original",
    "the method as it was sent beside _OTHER",
    (span) => (text(span, "http.request.method") === "_OTHER") === span.attributes.has("http.request.method_original")
  ),
  rule("known method is named", "http.request.method", "_OTHER only for a method that is not known", (span) => {
    const original = text(span, "http.request.method_original")
    return original === undefined || methodOf(original) === "_OTHER"
  }),
  rule("address of server is clean", "server.address", "no brackets, no IPv4 inside IPv6", isClean("server.address")),
  rule(
    "port needs an address",
    "server.port",
    "server.port only with server.address",
    (span) => !span.attributes.has("server.port") || span.attributes.has("server.address")
  ),
  rule(
    "address of peer is clean",
    "network.peer.address",
    "no brackets, no IPv4 inside IPv6",
    isClean("network.peer.address")
  ),
  rule(
    "mere status needs no description",
    undefined,
    "no description where the status code says it",
    (span) => !isMereStatus(span) || span.statusMessage === undefined
  ),
  rule(
    "mere status is no exception",
    undefined,
    "no exception event for a mere status code",
    (span) => !isMereStatus(span) || span.events.every((event) => event.name !== "exception")
  ),
  rule(
    "HTTP is not named",
    "network.protocol.name",
    "network.protocol.name only where it is not http",
    (span) => text(span, "network.protocol.name") !== "http"
  ),
  rule(
    "version is a number",
    "network.protocol.version",
    "1.0, 1.1, 2 or 3",
    (span) => /^(?:1\.0|1\.1|2|3)$/.test(text(span, "network.protocol.version") ?? "1.1")
  )
]

/** What an HTTP server span must say. */
export const httpServerRules: ReadonlyArray<Rule> = [
  ...common,
  rule(
    "name is method and route",
    undefined,
    "{method} {http.route}, or {method} without a route",
    (span) =>
      span.name === spanName(text(span, "http.request.method") ?? "", text(span, "http.route")) ||
      // A name the program gave: anything but the path.
      (!span.name.includes("/") && span.name !== text(span, "http.request.method"))
  ),
  rule("path is there", "url.path", "url.path is required", present("url.path")),
  rule("scheme is there", "url.scheme", "url.scheme is required", present("url.scheme")),
  rule("no full URL", "url.full", "a server says url.path and url.query", absent("url.full")),
  rule("query has no signatures", "url.query", "REDACTED for values that sign", (span) => {
    const query = text(span, "url.query")
    return query === undefined || redactQuery(query) === query
  }),
  rule("address of client is clean", "client.address", "no brackets, no IPv4 inside IPv6", isClean("client.address")),
  rule("status below 500 is no error", undefined, "unset below 500", (span) => {
    const code = statusOf(span)
    return code === undefined || isErrorStatus(code, "server") || span.statusCode === "unset"
  }),
  rule("status from 500 is an error", undefined, "error from 500", (span) => {
    const code = statusOf(span)
    return code === undefined || !isErrorStatus(code, "server") || span.statusCode === "error"
  })
]

/** What an HTTP client span must say. */
export const httpClientRules: ReadonlyArray<Rule> = [
  ...common,
  rule(
    "name has no path",
    undefined,
    "{method}, or {method} {url.template}",
    (span) =>
      span.name === spanName(text(span, "http.request.method") ?? "", text(span, "url.template")) ||
      !span.name.includes("/")
  ),
  rule("URL is there", "url.full", "url.full is required", present("url.full")),
  rule("URL has no secrets", "url.full", "REDACTED for credentials and values that sign", (span) => {
    const url = text(span, "url.full")
    return url === undefined || redactUrl(url) === url
  }),
  rule("server is there", "server.address", "server.address is required", present("server.address")),
  rule("port is there", "server.port", "server.port is required", present("server.port")),
  rule("path is in the URL", "url.path", "a client says url.full", absent("url.path")),
  rule("query is in the URL", "url.query", "a client says url.full", absent("url.query")),
  rule("status below 400 is no error", undefined, "unset below 400", (span) => {
    const code = statusOf(span)
    return code === undefined || isErrorStatus(code, "client") || span.statusCode === "unset"
  }),
  rule("status from 400 is an error", undefined, "error from 400", (span) => {
    const code = statusOf(span)
    return code === undefined || !isErrorStatus(code, "client") || span.statusCode === "error"
  }),
  rule(
    "first sending is not counted",
    "http.request.resend_count",
    "from 1, or absent",
    (span) => span.attributes.get("http.request.resend_count") !== 0
  )
]
