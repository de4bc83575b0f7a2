import * as Effect from "effect/Effect"
import { readMessage, readOutcome } from "../../export/index.ts"
import type { Check } from "./Check.ts"
import { failed, ok, warning } from "./Check.ts"
import type { Finding } from "./probe.ts"
import { certificateOf, speaksHttp2 } from "./probe.ts"

/**
 * What is known of the request besides what came of it.
 */
export interface ProbeContext {
  readonly name: string
  readonly url: URL
  /** The variable that set the endpoint, or would set it. */
  readonly endpointVariable: string
  /** Names of the headers that were sent and set by the user. */
  readonly headerNames: ReadonlyArray<string>
  readonly protocol: string
  readonly timeoutMillis: number
}

// What listens on a port by custom: the likely reason why it is not a receiver of OTLP.
const customs: ReadonlyMap<string, string> = new Map([
  ["4317", "port 4317 is gRPC's"],
  ["4318", "port 4318 is that of OTLP over HTTP"],
  ["6831", "port 6831 is that of Jaeger's agent (UDP)"],
  ["9411", "port 9411 is that of Zipkin's protocol"],
  ["14250", "port 14250 is that of Jaeger's old gRPC"],
  ["14268", "port 14268 is that of Jaeger's old protocol"],
  ["16686", "port 16686 is Jaeger's web page"]
])

type Failure = Extract<Finding, { readonly _tag: "Failure" }>
type Answer = Extract<Finding, { readonly _tag: "Answer" }>

/** The port that receivers have for the protocol that spans are sent by. */
const usualPort = ({ protocol }: ProbeContext): string => protocol === "grpc" ? "4317" : "4318"

/** What is known of a port that is not the usual one. */
const customOf = (context: ProbeContext): string | undefined =>
  context.url.port === usualPort(context) ? undefined : customs.get(context.url.port)

const custom = (context: ProbeContext): string => {
  const known = customOf(context)
  const protocol = context.protocol === "grpc" ? "gRPC" : "HTTP"
  return known === undefined ? "" : `; ${known}; OTLP over ${protocol} is on port ${usualPort(context)}`
}

const setEndpoint = (context: ProbeContext): string =>
  `Set ${context.endpointVariable}=${context.url.protocol}//${context.url.hostname}:${usualPort(context)}`

/** Adds to what was found what is known of the port. */
export const withCustom = (context: ProbeContext, check: Check): Check =>
  customOf(context) === undefined || check.status === "ok"
    ? check
    : { ...check, message: check.message + custom(context), mend: setEndpoint(context) }

const withScheme = ({ endpointVariable, url }: ProbeContext, scheme: "http" | "https"): string =>
  `Set ${endpointVariable}=${scheme}://${url.host}`

const http2Only = (context: ProbeContext): Check =>
  failed(
    context.name,
    `${context.url.host} speaks HTTP/2 only, as gRPC does, and spans are sent over HTTP/1.1${custom(context)}`,
    setEndpoint(context)
  )

const certificate = (context: ProbeContext, { code }: Failure): Effect.Effect<Check> =>
  Effect.map(certificateOf(context.url), (shown) => {
    const { name, url } = context
    const authority = "Set OTEL_EXPORTER_OTLP_CERTIFICATE to the PEM file of the authority that signed it"
    const of = shown === undefined ? "" : ` (${shown.subject}, issued by ${shown.issuer}, names ${shown.names})`
    switch (code) {
      case "ERR_TLS_CERT_ALTNAME_INVALID":
        return failed(
          name,
          `the certificate is not for ${url.hostname}${of}`,
          `Set ${context.endpointVariable} to a URL with one of the names of the certificate`
        )
      case "CERT_HAS_EXPIRED":
        return failed(name, `the certificate expired on ${shown?.validTo}${of}`, "Renew the collector's certificate")
      case "CERT_NOT_YET_VALID":
        return failed(
          name,
          `the certificate is valid only from ${shown?.validFrom}${of}`,
          "Set the clock of this machine, or renew the collector's certificate"
        )
      case "DEPTH_ZERO_SELF_SIGNED_CERT":
        return failed(name, `the certificate is signed by itself, which nobody trusts${of}`, authority)
      default:
        return failed(name, `the certificate is not trusted: ${code}${of}`, authority)
    }
  })

/** A connection that broke without an answer of HTTP: what does the server speak? */
const spoken = Effect.fnUntraced(function*(context: ProbeContext, failure: Failure): Effect.fn.Return<Check> {
  const { name, url } = context
  if (yield* speaksHttp2(url)) return http2Only(context)
  if (url.protocol === "http:" && (yield* certificateOf(url)) !== undefined) {
    return failed(name, `${url.host} speaks TLS, and the endpoint says http`, withScheme(context, "https"))
  }
  return failure.code.startsWith("HPE_")
    ? failed(
      name,
      `what answers at ${url.host} does not speak HTTP (${failure.code})${custom(context)}`,
      setEndpoint(context)
    )
    : failed(
      name,
      `${url.host} closed the connection without an answer (${failure.code})${custom(context)}`,
      `Read the collector's log; check that ${context.endpointVariable} names its port for OTLP over HTTP`
    )
})

const diagnoseFailure = (context: ProbeContext, failure: Failure): Effect.Effect<Check> => {
  const { endpointVariable, name, url } = context
  const { code, message } = failure
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return Effect.succeed(failed(
        name,
        `the name ${url.hostname} is not resolved (${code})`,
        `Set ${endpointVariable} to a host that this machine knows`
      ))
    case "ECONNREFUSED":
      return Effect.succeed(failed(
        name,
        `nothing listens at ${url.host} (connection refused)${custom(context)}`,
        customOf(context) !== undefined && url.port !== "4317"
          ? setEndpoint(context)
          : `Start the collector, or set ${endpointVariable} to where it is; inside a container, localhost is the container`
      ))
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return Effect.succeed(failed(
        name,
        `${url.hostname} cannot be reached (${code})`,
        `Check the network and its firewalls, or set ${endpointVariable} to where the collector is`
      ))
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return Effect.succeed(failed(
        name,
        `${url.host} does not speak TLS, and the endpoint says https`,
        withScheme(context, "http")
      ))
  }
  if (/CERT|SIGNATURE|ISSUER/.test(code)) return certificate(context, failure)
  if (isBroken(failure)) return spoken(context, failure)
  return Effect.succeed(failed(name, `${code} ${message}`.trim(), `Check ${endpointVariable}`))
}

const isPage = ({ headers }: Answer): boolean => (headers["content-type"] ?? "").includes("html")

const isOfProxy = ({ headers, status }: Answer): boolean =>
  status === 407 || headers["via"] !== undefined || headers["x-squid-error"] !== undefined ||
  headers["proxy-authenticate"] !== undefined

const sentHeaders = ({ headerNames }: ProbeContext): string =>
  headerNames.length === 0 ? "no header was set" : `headers sent: ${headerNames.join(", ")}`

const headersVariable = "OTEL_EXPORTER_OTLP_HEADERS"

const diagnoseRefusal = (context: ProbeContext, answer: Answer): Check => {
  const { endpointVariable, name, protocol, url } = context
  const { headers, status } = answer
  const said = readMessage(headers["content-type"] ?? "", answer.body)
  const says = said === undefined ? "" : `; it says: ${said}`
  if (isOfProxy(answer)) {
    return failed(
      name,
      `a proxy answers with ${status}, not a collector${says}`,
      `Let ${url.hostname} pass the proxy, or set ${endpointVariable} to an address that needs none`
    )
  }
  if (status >= 300 && status < 400) {
    return failed(
      name,
      `it redirects (${status}) to ${headers.location ?? "nowhere"}, and redirects are not followed`,
      `Set ${endpointVariable} to the final address`
    )
  }
  const wrongProtocol = customOf(context) !== undefined
    ? failed(name, `it does not take OTLP (${status})${says}${custom(context)}`, setEndpoint(context))
    : failed(
      name,
      `it does not take ${protocol} (${status})${says}`,
      `Set OTEL_EXPORTER_OTLP_PROTOCOL=${protocol === "http/json" ? "http/protobuf" : "http/json"}`
    )
  switch (status) {
    case 401:
      return failed(name, `it wants credentials (401); ${sentHeaders(context)}${says}`, `Set ${headersVariable}`)
    case 403:
      return failed(
        name,
        `the credentials are not enough (403); ${sentHeaders(context)}${says}`,
        `Check the key in ${headersVariable}, and what it may do`
      )
    case 404:
    case 405:
      return failed(
        name,
        `there is no receiver of OTLP at ${url.pathname} (${status})${custom(context)}`,
        customOf(context) !== undefined
          ? setEndpoint(context)
          : `Set ${endpointVariable} to the right path, usually /v1/traces`
      )
    case 413:
      return failed(name, `even one span is too large for it (413)${says}`, "Raise the collector's limit of a request")
    case 400:
      return /HTTPS|TLS|SSL/i.test(said ?? "")
        ? failed(name, `${url.host} speaks TLS, and the endpoint says http`, withScheme(context, "https"))
        : wrongProtocol
    case 415:
      return wrongProtocol
    case 429:
    case 503:
      return warning(
        name,
        `it has no room for now (${status})${says}; spans wait and are sent again`,
        "Look at its load"
      )
    case 502:
    case 504:
      return failed(
        name,
        `a gateway has no collector behind it (${status})${says}`,
        "Start the collector behind it, or mend the gateway"
      )
    default:
      return failed(name, `it answers with ${status}${says}`, `Read the collector's log; check ${endpointVariable}`)
  }
}

const diagnoseAnswer = (context: ProbeContext, answer: Answer): Check => {
  const { endpointVariable, name, timeoutMillis, url } = context
  if (answer.status < 200 || answer.status >= 300) return diagnoseRefusal(context, answer)
  if (isPage(answer)) {
    return failed(name, `a web page answers, not a receiver of OTLP${custom(context)}`, setEndpoint(context))
  }
  const outcome = readOutcome(answer.headers["content-type"] ?? "", answer.body)
  if (outcome === undefined) {
    return warning(
      name,
      `it answers with ${answer.status}, but not as receivers of OTLP do`,
      `Check that ${endpointVariable} is the address of a collector`
    )
  }
  if (outcome.rejected > 0) {
    return failed(name, `it refused the span: ${outcome.message}`, "Ask who runs it what it takes")
  }
  const slow = timeoutMillis === 0 ? 1000 : Math.min(1000, timeoutMillis / 2)
  if (answer.millis > slow) {
    return warning(
      name,
      `it took a span, after ${Math.round(answer.millis)} ms of ${timeoutMillis} allowed`,
      "Look at its load, or raise OTEL_EXPORTER_OTLP_TIMEOUT"
    )
  }
  return ok(
    name,
    `${url.host} took a span in ${Math.round(answer.millis)} ms${
      outcome.message === undefined ? "" : `, and says: ${outcome.message}`
    }`
  )
}

/** Clocks further apart than this mix up the order of spans; `Date` has whole seconds, and the way takes its time. */
const skewMillis = 30_000

/** Compares the clock of who answered with ours. */
export const clockCheck = (answer: Answer): Check | undefined => {
  const theirs = Date.parse(answer.headers.date ?? "")
  if (Number.isNaN(theirs)) return undefined
  const ahead = answer.time - theirs
  return Math.abs(ahead) <= skewMillis
    ? ok("clock", "agrees with the collector's")
    : warning(
      "clock",
      `this machine's clock is ${Math.round(Math.abs(ahead) / 1000)} s ${
        ahead > 0 ? "ahead of" : "behind"
      } the collector's; ` +
        "traces show up at the wrong time, or not at all",
      "Synchronise both clocks (NTP)"
    )
}

/** Whether the connection was there and broke, as servers of HTTP/2 do to who greets them in HTTP/1.1. */
const isBroken = (finding: Finding): boolean =>
  finding._tag === "Failure" &&
  (finding.code === "ECONNRESET" || finding.code === "EPIPE" || finding.code.startsWith("HPE_"))

/** With gRPC, what does not understand HTTP/1.1 is what is looked for. */
const diagnoseGrpc = (context: ProbeContext, finding: Finding): Effect.Effect<Check> => {
  const { endpointVariable, name, url } = context
  if (finding._tag !== "Answer" && !isBroken(finding)) return diagnoseHttp(context, finding)
  return Effect.flatMap(speaksHttp2(url), (isHttp2) => {
    if (isHttp2) return Effect.succeed(ok(name, `${url.host} speaks HTTP/2, as gRPC does`))
    if (finding._tag !== "Answer") return diagnoseHttp(context, finding)
    return Effect.succeed(failed(
      name,
      `${url.host} speaks HTTP/1.1 only, and spans are sent over gRPC`,
      `Set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or ${endpointVariable} to the collector's port of gRPC, usually 4317`
    ))
  })
}

/**
 * Says what the outcome of a probe over HTTP/1.1 means, and what mends it. May look again: at the certificate, or for HTTP/2.
 */
export const diagnose = (context: ProbeContext, finding: Finding): Effect.Effect<Check> =>
  context.protocol === "grpc" ? diagnoseGrpc(context, finding) : diagnoseHttp(context, finding)

const diagnoseHttp = (context: ProbeContext, finding: Finding): Effect.Effect<Check> => {
  switch (finding._tag) {
    case "Answer":
      // Node's own HTTP/2 servers say so in HTTP/1.1, over TLS.
      return context.url.protocol === "https:" && finding.status === 403 &&
          Buffer.from(finding.body).includes("ALPN")
        ? Effect.succeed(http2Only(context))
        : Effect.succeed(diagnoseAnswer(context, finding))
    case "Failure":
      return diagnoseFailure(context, finding)
    case "Timeout":
      return Effect.succeed(failed(
        context.name,
        `${context.url.host} gave no answer within ${context.timeoutMillis} ms${custom(context)}`,
        "Check firewalls and the collector's log; raise OTEL_EXPORTER_OTLP_TIMEOUT if it is only slow"
      ))
  }
}
