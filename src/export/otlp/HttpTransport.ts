import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as fs from "node:fs/promises"
import type { OutgoingHttpHeaders } from "node:http"
import * as http from "node:http"
import type * as https from "node:https"
import * as zlib from "node:zlib"
import { packageVersion } from "../../model/index.ts"
import { ExportError } from "../SpanExporter.ts"
import { failureOf } from "./failureOf.ts"
import type { HttpTarget } from "./httpRequest.ts"
import { makeAgent, post } from "./httpRequest.ts"
import type { OtlpTransport, OtlpTransportOptions } from "./OtlpTransport.ts"
import { outcomeOf } from "./outcomeOf.ts"

const contentTypes = { "http/protobuf": "application/x-protobuf", "http/json": "application/json" } as const

/** The endpoint as it may be shown: credentials and query may be secrets. */
const shown = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`

const readCertificate = (path: string | undefined): Effect.Effect<Buffer | undefined, ExportError> =>
  path === undefined
    ? Effect.undefined
    : Effect.tryPromise({
      try: () => fs.readFile(path),
      catch: (cause) =>
        new ExportError({
          reason: "certificate file",
          message: `Spans cannot be exported: the file ${path}, named as a certificate or key for it, cannot be read (${
            String(cause)
          }).`,
          retryable: true,
          retryAfterMillis: undefined,
          cause
        })
    })

/** Compresses a body. */
export const gzip = (body: Uint8Array): Effect.Effect<Uint8Array> =>
  Effect.callback((resume) => {
    zlib.gzip(body, (error, zipped) => resume(error === null ? Effect.succeed(zipped) : Effect.die(error)))
  })

// Node throws while a request is made, and the message would repeat the value, which is a secret.
const checkHeaders = (headers: Readonly<Record<string, Redacted.Redacted>>): Effect.Effect<void, ExportError> =>
  Effect.forEach(Object.entries(headers), ([name, value]) =>
    Effect.try({
      try: () => {
        http.validateHeaderName(name)
        http.validateHeaderValue(name, Redacted.value(value))
      },
      catch: () =>
        new ExportError({
          reason: "header",
          message:
            `Spans cannot be exported: the header ${JSON.stringify(name)} has characters that headers cannot have. ` +
            "Check OTEL_EXPORTER_OTLP_HEADERS.",
          retryable: false,
          retryAfterMillis: undefined
        })
    }), { discard: true })

/** The address to send to; fails where the endpoint is none, or a header cannot be sent. */
export const readEndpoint = Effect.fnUntraced(function*(
  { headers = {}, tracesEndpoint }: OtlpTransportOptions
): Effect.fn.Return<URL, ExportError> {
  const url = URL.parse(tracesEndpoint)
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return yield* new ExportError({
      reason: "endpoint",
      message: `Spans cannot be exported: "${tracesEndpoint}" is not the address of an OTLP receiver. ` +
        "Set TRACING_OTLP_ENDPOINT to one that begins with http:// or https://.",
      retryable: false,
      retryAfterMillis: undefined
    })
  }
  yield* checkHeaders(headers)
  return url
})

/** The certificates and the key the options name, read from their files. */
export const readCertificates = (
  options: OtlpTransportOptions
): Effect.Effect<Pick<https.AgentOptions, "ca" | "key" | "cert">, ExportError> =>
  Effect.all({
    ca: readCertificate(options.certificate),
    key: readCertificate(options.clientKey),
    cert: readCertificate(options.clientCertificate)
  })

/** The variables that name proxies, and what goes past them, as Node's agents take them; in lower case they win, as usual. */
const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()])

const readProxies: Effect.Effect<Record<string, string>> = Effect.map(
  Effect.forEach(
    proxyVariables,
    (name) =>
      Effect.map(
        Effect.option(Config.String(name)),
        (found): ReadonlyArray<readonly [string, string]> => Option.isSome(found) ? [[name, found.value]] : []
      )
  ),
  (found) => Object.fromEntries(found.flat())
)

/**
 * Makes a transport by HTTP/1.1. One connection is kept and used again; certificates are read when it is first needed.
 */
export const make: (
  options: OtlpTransportOptions,
  protocol: keyof typeof contentTypes
) => Effect.Effect<OtlpTransport, never, Scope.Scope> = Effect.fnUntraced(function*(options, protocol) {
  const { compression = "none" } = options
  const url = URL.parse(options.tracesEndpoint)
  const endpoint = url === null ? options.tracesEndpoint : shown(url)
  const headers: OutgoingHttpHeaders = {
    "user-agent": `effect-tracing/${packageVersion}`,
    ...Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), Redacted.value(value)])
    ),
    "content-type": contentTypes[protocol],
    ...(compression === "gzip" ? { "content-encoding": "gzip" } : undefined)
  }
  const proxyEnv = yield* readProxies
  let target: HttpTarget | undefined
  const close = Effect.sync(() => target?.agent.destroy())
  yield* Effect.addFinalizer(() => close)
  const connect = Effect.fnUntraced(function*() {
    if (target !== undefined) return target
    const url = yield* readEndpoint(options)
    const certificates = yield* readCertificates(options)
    return target = {
      url,
      agent: makeAgent(url, { ...certificates, proxyEnv }),
      timeoutMillis: options.timeoutMillis ?? 10_000
    }
  })
  return {
    name: `otlp ${endpoint}`,
    endpoint,
    send: Effect.fnUntraced(function*(plain) {
      const connected = yield* connect()
      const body = compression === "gzip" ? yield* gzip(plain) : plain
      const answer = yield* Effect.mapError(
        post(connected, headers, body),
        (failure) => failureOf(endpoint, connected.timeoutMillis, failure)
      )
      const outcome = yield* outcomeOf(endpoint, answer, yield* Clock.currentTimeMillis)
      return answer.isRepeated ? { ...outcome, mayBeDoubled: true } : outcome
    }),
    shutdown: close
  }
})
