import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as fs from "node:fs/promises"
import type { OutgoingHttpHeaders } from "node:http"
import * as http from "node:http"
import * as zlib from "node:zlib"
import type { Resource } from "../../model/index.ts"
import { packageVersion } from "../../model/index.ts"
import type { SpanExporter } from "../SpanExporter.ts"
import { ExportError } from "../SpanExporter.ts"
import { failureOf } from "./failureOf.ts"
import type { HttpTarget } from "./httpRequest.ts"
import { makeAgent, post } from "./httpRequest.ts"
import * as OtlpJson from "./OtlpJson.ts"
import * as OtlpProtobuf from "./OtlpProtobuf.ts"
import { outcomeOf } from "./outcomeOf.ts"

/**
 * Where spans are sent and how.
 *
 * @category models
 * @since 0.1.0
 */
export interface OtlpExporterOptions {
  readonly resource: Resource
  /** The whole address, path included: usually `http://localhost:4318/v1/traces`. */
  readonly tracesEndpoint: string
  /** `http/protobuf` if left out. */
  readonly protocol?: "http/protobuf" | "http/json" | undefined
  readonly headers?: Readonly<Record<string, Redacted.Redacted>> | undefined
  /** How long one request may take, in milliseconds; 10,000 if left out, `Infinity` is no limit. */
  readonly timeoutMillis?: number | undefined
  readonly compression?: "gzip" | "none" | undefined
  /** Path of the certificates (PEM) of the authorities that are trusted instead of the usual ones. */
  readonly certificate?: string | undefined
  /** Path of the private key (PEM) this process shows itself with. */
  readonly clientKey?: string | undefined
  /** Path of the certificate (PEM) this process shows itself with. */
  readonly clientCertificate?: string | undefined
}

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

const gzip = (body: Uint8Array): Effect.Effect<Uint8Array> =>
  Effect.callback((resume) => {
    zlib.gzip(body, (error, zipped) => resume(error === null ? Effect.succeed(zipped) : Effect.die(error)))
  })

// Node throws while a request is made, and the message would repeat the value, which is a secret.
const checkHeaders = (headers: OutgoingHttpHeaders): Effect.Effect<void, ExportError> =>
  Effect.forEach(Object.entries(headers), ([name, value]) =>
    Effect.try({
      try: () => {
        http.validateHeaderName(name)
        http.validateHeaderValue(name, String(value))
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

const makeTarget = Effect.fnUntraced(function*(options: OtlpExporterOptions, headers: OutgoingHttpHeaders) {
  const url = URL.parse(options.tracesEndpoint)
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return yield* new ExportError({
      reason: "endpoint",
      message: `Spans cannot be exported: "${options.tracesEndpoint}" is not the address of an OTLP receiver. ` +
        "Set TRACING_OTLP_ENDPOINT to one that begins with http:// or https://.",
      retryable: false,
      retryAfterMillis: undefined
    })
  }
  yield* checkHeaders(headers)
  const [ca, key, cert] = yield* Effect.all([
    readCertificate(options.certificate),
    readCertificate(options.clientKey),
    readCertificate(options.clientCertificate)
  ])
  const target: HttpTarget = {
    url,
    agent: makeAgent(url, { ca, key, cert }),
    timeoutMillis: options.timeoutMillis ?? 10_000
  }
  return target
})

/**
 * Makes an exporter that sends spans by OTLP over HTTP.
 *
 * **Details**
 *
 * Answers are judged as the OpenTelemetry protocol says: 429, 502, 503, 504 and failures of the connection heal, with
 * `Retry-After` handed on; anything else but a good status is final. One connection is kept and used again. It does not
 * keep the process alive, is not traced, and carries no trace header.
 *
 * Certificates are read when the first batch is sent, and again with the next one if that fails.
 *
 * **Example** (Exporting to a collector on this machine)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { OtlpExporter } from "effect-tracing/export"
 * import { Attributes } from "effect-tracing/model"
 *
 * const program = Effect.gen(function*() {
 *   const exporter = yield* OtlpExporter.make({
 *     resource: { attributes: Attributes.fromRecord({ "service.name": "blog" }), schemaUrl: undefined },
 *     tracesEndpoint: "http://localhost:4318/v1/traces",
 *     compression: "gzip"
 *   })
 *   return exporter.name // => "otlp http://localhost:4318/v1/traces"
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: (options: OtlpExporterOptions) => Effect.Effect<SpanExporter, never, Scope.Scope> = Effect
  .fnUntraced(function*(options) {
    const { compression = "none", protocol = "http/protobuf", resource } = options
    const url = URL.parse(options.tracesEndpoint)
    const endpoint = url === null ? options.tracesEndpoint : shown(url)
    const encode = protocol === "http/json" ? OtlpJson.encode : OtlpProtobuf.encode
    const headers: OutgoingHttpHeaders = {
      "user-agent": `effect-tracing/${packageVersion}`,
      ...Object.fromEntries(
        Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), Redacted.value(value)])
      ),
      "content-type": contentTypes[protocol],
      ...(compression === "gzip" ? { "content-encoding": "gzip" } : undefined)
    }
    let target: HttpTarget | undefined
    const close = Effect.sync(() => target?.agent.destroy())
    yield* Effect.addFinalizer(() => close)
    const connect = Effect.suspend(() =>
      target === undefined
        ? Effect.tap(makeTarget(options, headers), (made) => Effect.sync(() => target = made))
        : Effect.succeed(target)
    )
    const exporter: SpanExporter = {
      name: `otlp ${endpoint}`,
      export: Effect.fnUntraced(function*(spans) {
        const connected = yield* connect
        const encoded = yield* encode(resource, spans)
        const body = compression === "gzip" ? yield* gzip(encoded) : encoded
        const answer = yield* Effect.mapError(
          post(connected, headers, body),
          (failure) => failureOf(endpoint, connected.timeoutMillis, failure)
        )
        return yield* outcomeOf(endpoint, answer, yield* Clock.currentTimeMillis)
      }),
      shutdown: close
    }
    return exporter
  })
