import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Resource } from "../../model/index.ts"
import type { SpanExporter } from "../SpanExporter.ts"
import { ExportError } from "../SpanExporter.ts"
import type { Spool, SpoolOptions } from "../spool/Spool.ts"
import { heedRetryAfter } from "./heedRetryAfter.ts"
import * as OtlpJson from "./OtlpJson.ts"
import * as OtlpProtobuf from "./OtlpProtobuf.ts"
import type { OtlpTransport, OtlpTransportOptions } from "./OtlpTransport.ts"
import { makeTransport } from "./transport.ts"

/**
 * Where spans are sent and how, and where they wait meanwhile.
 *
 * @category models
 * @since 0.1.0
 */
export interface OtlpExporterOptions extends OtlpTransportOptions {
  readonly resource: Resource
  /** `http/protobuf` if left out. */
  readonly protocol?: "http/protobuf" | "http/json" | "grpc" | undefined
  /** Keeps on disk what cannot be sent, or everything; then spans are encoded in protobuf, also for `http/json`. */
  readonly spool?: SpoolOptions | undefined
}

/** Receivers refuse requests over 4 MiB, unless they are told otherwise: what is larger is not even tried. */
const longestRequest = 4 * 1024 * 1024

const tooLarge = (endpoint: string, bytes: number): ExportError =>
  new ExportError({
    reason: "too large",
    message: `Spans are too large to be exported to ${endpoint}: they make a request of ${bytes} bytes, and ` +
      `receivers take ${longestRequest}.`,
    retryable: false,
    retryAfterMillis: undefined,
    fault: "size"
  })

/** Tries nothing that receivers refuse for its size, whoever sends it. */
const heedSize = (transport: OtlpTransport): OtlpTransport => ({
  ...transport,
  send: (body) =>
    body.length <= longestRequest ? transport.send(body) : Effect.fail(tooLarge(transport.endpoint, body.length))
})

const whereEncodingFails = (endpoint: string, cause: unknown): ExportError =>
  new ExportError({
    reason: "encoding",
    message: `A span cannot be encoded for ${endpoint}: ${String(cause)}`,
    retryable: false,
    retryAfterMillis: undefined,
    fault: "encoding",
    cause
  })

const makeSpool = (options: SpoolOptions, transport: OtlpTransport): Effect.Effect<Spool, never, Scope.Scope> =>
  Effect.flatMap(Effect.promise(() => import("../spool/Spool.ts")), ({ Spool }) => Spool.make(options, transport))

/**
 * Makes an exporter that sends spans by OTLP over HTTP or gRPC.
 *
 * **Details**
 *
 * Answers are judged as the OpenTelemetry protocol says: 429, 502, 503, 504 and failures of the connection heal, with
 * `Retry-After` handed on; anything else but a good status is final. One connection is kept and used again. It does not
 * keep the process alive, is not traced, and carries no trace header.
 *
 * Certificates are read when the first batch is sent, and again with the next one if that fails.
 *
 * The proxies of `HTTP_PROXY` and `HTTPS_PROXY` (by the endpoint's scheme, in either case; lower case wins) are gone through,
 * for https and for gRPC by a tunnel (`CONNECT`), save for this machine and for what `NO_PROXY` lists: names with all below
 * them, suffixes, addresses and networks, each with or without a port, or `*`.
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
    const { resource } = options
    const protocol = options.spool !== undefined && options.protocol === "http/json"
      ? "http/protobuf"
      : options.protocol ?? "http/protobuf"
    const { encode, encodingFor } = protocol === "http/json" ? OtlpJson : OtlpProtobuf
    const transport = heedSize(heedRetryAfter(yield* makeTransport(options, protocol)))
    const { endpoint } = transport
    const spool = options.spool === undefined ? undefined : yield* makeSpool(options.spool, transport)
    const exporter: SpanExporter = {
      name: transport.name,
      encoded: { encoding: encodingFor(resource), send: transport.send, spool },
      export: Effect.fnUntraced(function*(spans) {
        const body = yield* Effect.catchDefect(
          encode(resource, spans),
          (cause) => Effect.fail(whereEncodingFails(endpoint, cause))
        )
        return yield* transport.send(body)
      }),
      shutdown: spool === undefined ? transport.shutdown : Effect.andThen(spool.shutdown, transport.shutdown)
    }
    return exporter
  })
