import { assert, describe, it } from "@effect/vitest"
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js"
import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js"
import { Effect, Redacted } from "effect"
import type { Scope } from "effect"
import type { ExportError, ExportOutcome } from "effect-tracing/export"
import { OtlpExporter } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import { endedSpan } from "../../support/endedSpan.ts"
import { decodeProtobuf, encodePartialSuccess, spansOf } from "../../support/otlpMessages.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"

const resource = { attributes: new Attributes(), schemaUrl: undefined }
const spans = [endedSpan({ name: "GET" }), endedSpan({ name: "INSERT posts" })]

type Call = ServerUnaryCall<Buffer, Buffer>
type Reaction = (call: Call, callback: sendUnaryData<Buffer>) => void

interface GrpcReceiver {
  readonly url: string
  readonly calls: ReadonlyArray<{ readonly names: ReadonlyArray<string>; readonly metadata: Metadata }>
  readonly react: (...reactions: ReadonlyArray<Reaction>) => void
}

/** A trace service of gRPC's own server, on a free port. */
const grpcReceiver: Effect.Effect<GrpcReceiver, never, Scope.Scope> = Effect.gen(function*() {
  const calls: Array<GrpcReceiver["calls"][number]> = []
  const reactions: Array<Reaction> = []
  const server = new Server()
  const bytes = (buffer: Buffer): Buffer => buffer
  server.addService({
    Export: {
      path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes
    }
  }, {
    Export: (call: Call, callback: sendUnaryData<Buffer>) => {
      calls.push({ names: spansOf(decodeProtobuf(call.request)).map(({ name }) => name), metadata: call.metadata })
      const reaction = reactions.shift() ?? ((_call, answer) => answer(null, Buffer.alloc(0)))
      reaction(call, callback)
    }
  })
  const port = yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.bindAsync(
        "127.0.0.1:0",
        ServerCredentials.createInsecure(),
        (error, bound) => resume(error === null ? Effect.succeed(bound) : Effect.die(error))
      )
    }),
    () => Effect.sync(() => server.forceShutdown())
  )
  return { url: `http://127.0.0.1:${port}`, calls, react: (...next) => void reactions.push(...next) }
})

type Options = Partial<OtlpExporter.OtlpExporterOptions>

const exportTo = (url: string, options: Options = {}): Effect.Effect<ExportOutcome, ExportError, Scope.Scope> =>
  Effect.flatMap(
    OtlpExporter.make({ resource, tracesEndpoint: url, protocol: "grpc", ...options }),
    (exporter) => exporter.export(spans)
  )

/** Exports to a receiver that fails with this code, and returns the error. */
const failureOn = (
  code: status,
  details: string,
  metadata = new Metadata()
): Effect.Effect<ExportError, ExportOutcome, Scope.Scope> =>
  Effect.gen(function*() {
    const receiver = yield* grpcReceiver
    receiver.react((_, callback) => callback({ code, details, metadata }))
    return yield* Effect.flip(exportTo(receiver.url))
  })

/** `google.rpc.Status` with a `RetryInfo` of 1.5 s, behind another detail. */
const retryInfo = (): Metadata => {
  const field = (number: number, bytes: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([number << 3 | 2, bytes.length]), bytes])
  const any = (type: string, value: Uint8Array): Buffer =>
    field(3, Buffer.concat([field(1, Buffer.from(`type.googleapis.com/${type}`)), field(2, value)]))
  const duration = Buffer.from([1 << 3, 1, 2 << 3, 0x80, 0xca, 0xb5, 0xee, 0x01])
  const metadata = new Metadata()
  metadata.set(
    "grpc-status-details-bin",
    Buffer.concat([any("google.rpc.RetryInfo", field(1, duration)), any("google.rpc.Help", Buffer.alloc(0))])
  )
  return metadata
}

describe("OtlpExporter.make, by gRPC", () => {
  it.live("delivers spans, with headers as metadata, compressed where it is asked to", () =>
    Effect.gen(function*() {
      const receiver = yield* grpcReceiver
      for (const compression of ["none", "gzip"] as const) {
        const outcome = yield* exportTo(`${receiver.url}/v1/traces`, {
          compression,
          headers: { "X-Tenant": Redacted.make("blog") }
        })
        assert.deepStrictEqual(outcome, { rejected: 0, message: undefined })
      }
      assert.deepStrictEqual(receiver.calls.map(({ names }) => names), [["GET", "INSERT posts"], [
        "GET",
        "INSERT posts"
      ]])
      assert.deepStrictEqual(receiver.calls[0]!.metadata.get("x-tenant"), ["blog"])
    }))

  it.live("hands on what was refused and why", () =>
    Effect.gen(function*() {
      const receiver = yield* grpcReceiver
      receiver.react((_, callback) => callback(null, Buffer.from(encodePartialSuccess(1, "too old"))))
      assert.deepStrictEqual(yield* exportTo(receiver.url), { rejected: 1, message: "too old" })
    }))

  it.live("gives a call no more than its time, and says that the spans may have arrived", () =>
    Effect.gen(function*() {
      const receiver = yield* grpcReceiver
      receiver.react(() => {})
      const error = yield* Effect.flip(exportTo(receiver.url, { timeoutMillis: 200 }))
      assert.include(["timeout", "DEADLINE_EXCEEDED"], error.reason)
      assert.isTrue(error.retryable)
      assert.isTrue(error.mayHaveArrived)
    }))

  it.live("says that UNAVAILABLE heals, and repeats what the server says", () =>
    Effect.gen(function*() {
      const error = yield* failureOn(status.UNAVAILABLE, "restarting: 50%")
      assert.strictEqual(error.reason, "UNAVAILABLE")
      assert.isTrue(error.retryable)
      assert.include(error.message, "restarting: 50%")
    }))

  it.live("says that RESOURCE_EXHAUSTED heals only with RetryInfo, and after how long", () =>
    Effect.gen(function*() {
      assert.isFalse((yield* failureOn(status.RESOURCE_EXHAUSTED, "quota")).retryable)
      const error = yield* failureOn(status.RESOURCE_EXHAUSTED, "quota", retryInfo())
      assert.isTrue(error.retryable)
      assert.strictEqual(error.retryAfterMillis, 1500)
    }))

  it.live("says what is wrong with the spans where it is them", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* failureOn(status.INVALID_ARGUMENT, "bad id")).fault, "content")
      const error = yield* failureOn(status.RESOURCE_EXHAUSTED, "Received message larger than max (5 vs. 4)")
      assert.strictEqual(error.fault, "size")
    }))

  it.live("says that nothing listens, and that this heals", () =>
    Effect.gen(function*() {
      const port = yield* Effect.scoped(Effect.map(grpcReceiver, ({ url }) => url))
      const error = yield* Effect.flip(exportTo(port))
      assert.strictEqual(error.reason, "unreachable")
      assert.isTrue(error.retryable)
    }))

  it.live("recognises a port that speaks HTTP/1, and names the setting", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const error = yield* Effect.flip(exportTo(receiver.url))
      assert.strictEqual(error.reason, "not grpc")
      assert.include(error.message, "OTEL_EXPORTER_OTLP_PROTOCOL")
    }))
})
