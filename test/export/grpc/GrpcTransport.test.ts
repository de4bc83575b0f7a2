import { assert, describe, it } from "@effect/vitest"
import { Metadata, status } from "@grpc/grpc-js"
import { Effect, Redacted } from "effect"
import type { Scope } from "effect"
import type { ExportError, ExportOutcome } from "effect-tracing/export"
import { OtlpExporter } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import * as http2 from "node:http2"
import type { AddressInfo } from "node:net"
import { endedSpan } from "../../support/endedSpan.ts"
import { encodePartialSuccess } from "../../support/otlpMessages.ts"
import { makeGrpcReceiver } from "../fixtures/GrpcReceiver.ts"

const resource = { attributes: new Attributes(), schemaUrl: undefined }
const spans = [endedSpan({ name: "GET" }), endedSpan({ name: "INSERT posts" })]

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
    const receiver = yield* makeGrpcReceiver()
    receiver.react((_, callback) => callback({ code, details, metadata }))
    return yield* Effect.flip(exportTo(receiver.url))
  })

/** A port that speaks HTTP/2 and does this with each request. */
const answering = (react: (stream: http2.ServerHttp2Stream) => void): Effect.Effect<string, never, Scope.Scope> =>
  Effect.gen(function*() {
    const server = http2.createServer()
    server.on("stream", (stream) => {
      stream.on("error", () => {})
      react(stream)
    })
    yield* Effect.acquireRelease(
      Effect.callback<void>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.void))
      }),
      () => Effect.sync(() => server.close())
    )
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
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
      const receiver = yield* makeGrpcReceiver()
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
      const receiver = yield* makeGrpcReceiver()
      receiver.react((_, callback) => callback(null, Buffer.from(encodePartialSuccess(1, "too old"))))
      assert.deepStrictEqual(yield* exportTo(receiver.url), { rejected: 1, message: "too old" })
    }))

  it.live("gives a call no more than its time, and says that the spans may have arrived", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver()
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
      const port = yield* Effect.scoped(Effect.map(makeGrpcReceiver(), ({ url }) => url))
      const error = yield* Effect.flip(exportTo(port))
      assert.strictEqual(error.reason, "unreachable")
      assert.isTrue(error.retryable)
    }))

  it.live("says that a call was refused for its size, by the server's own words", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver({ options: { "grpc.max_receive_message_length": 16 } })
      const error = yield* Effect.flip(exportTo(receiver.url))
      assert.strictEqual(error.reason, "RESOURCE_EXHAUSTED")
      assert.strictEqual(error.fault, "size")
      assert.isFalse(error.retryable)
      assert.include(error.message, "larger than max")
    }))

  it.live("tells the server how long it waits, and says that DEADLINE_EXCEEDED may have taken the spans", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver()
      const deadlines: Array<number> = []
      receiver.react((call, callback) => {
        deadlines.push(Number(call.getDeadline()) - Date.now())
        callback({ code: status.DEADLINE_EXCEEDED, details: "slow disk" })
      })
      const error = yield* Effect.flip(exportTo(receiver.url, { timeoutMillis: 60_000 }))
      assert.isAbove(deadlines[0]!, 50_000)
      assert.isAtMost(deadlines[0]!, 60_000)
      assert.strictEqual(error.reason, "DEADLINE_EXCEEDED")
      assert.isTrue(error.retryable)
      assert.isTrue(error.mayHaveArrived)
    }))

  it.live.each(
    [
      [status.CANCELLED, true],
      [status.UNKNOWN, false],
      [status.DEADLINE_EXCEEDED, true],
      [status.NOT_FOUND, false],
      [status.ABORTED, true],
      [status.OUT_OF_RANGE, true],
      [status.INTERNAL, false],
      [status.UNAVAILABLE, true],
      [status.DATA_LOSS, true]
    ] as const
  )("says of code %d by the specification whether it heals: %s", ([code, heals]) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* failureOn(code, "")).retryable, heals)
    }))

  it.live("holds spans that are refused for want of credentials, and names the setting", () =>
    Effect.gen(function*() {
      for (const code of [status.UNAUTHENTICATED, status.PERMISSION_DENIED]) {
        const error = yield* failureOn(code, "no key")
        assert.isTrue(error.retryable)
        assert.include(error.message, "OTEL_EXPORTER_OTLP_HEADERS")
      }
    }))

  it.live("honours RetryInfo of UNAVAILABLE", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* failureOn(status.UNAVAILABLE, "", retryInfo())).retryAfterMillis, 1500)
    }))

  it.live("calls over one connection, also many at once and first of all", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver()
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url, protocol: "grpc" })
      yield* Effect.all(Array.from({ length: 5 }, () => exporter.export(spans)), { concurrency: "unbounded" })
      yield* exporter.export(spans)
      assert.lengthOf(receiver.calls, 6)
      assert.strictEqual(new Set(receiver.calls.map(({ peer }) => peer)).size, 1)
    }))

  it.live("goes on over a new connection where the server says goodbye, and finishes what it has begun", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver()
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url, protocol: "grpc" })
      yield* exporter.export(spans)
      receiver.react((_, callback) => {
        receiver.drain()
        setTimeout(() => callback(null, Buffer.alloc(0)), 50)
      })
      assert.deepStrictEqual(yield* exporter.export(spans), { rejected: 0, message: undefined })
      yield* exporter.export(spans)
      assert.strictEqual(new Set(receiver.calls.map(({ peer }) => peer)).size, 2)
      assert.lengthOf(receiver.calls, 3)
    }))

  it.live("goes on where the server was gone and is back", () =>
    Effect.gen(function*() {
      const first = yield* makeGrpcReceiver()
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: first.url, protocol: "grpc" })
      yield* exporter.export(spans)
      first.stop()
      const error = yield* Effect.flip(exporter.export(spans))
      assert.isTrue(error.retryable)
      const second = yield* makeGrpcReceiver({ address: `127.0.0.1:${first.port}` })
      yield* exporter.export(spans)
      assert.lengthOf(second.calls, 1)
    }))

  it.live("says that a connection broke under a call, and that the spans may have arrived", () =>
    Effect.gen(function*() {
      const receiver = yield* makeGrpcReceiver()
      receiver.react(receiver.stop)
      const error = yield* Effect.flip(exportTo(receiver.url))
      assert.isTrue(error.retryable)
      assert.isTrue(error.mayHaveArrived)
    }))

  it.live.each(
    [
      [503, "text/plain", "UNAVAILABLE"],
      [429, "text/html", "UNAVAILABLE"],
      [401, "text/plain", "UNAUTHENTICATED"],
      [404, "text/html", "UNIMPLEMENTED"],
      [200, "text/html", "not grpc"],
      [302, "text/html", "not grpc"]
    ] as const
  )(
    "reads status %d (%s) of a proxy in its place as %s, which may be mended",
    ([code, contentType, reason]) =>
      Effect.gen(function*() {
        const server = http2.createServer()
        server.on("stream", (stream) => {
          stream.resume()
          stream.respond({ ":status": code, "content-type": contentType })
          stream.end("no")
        })
        yield* Effect.acquireRelease(
          Effect.callback<void>((resume) => {
            server.listen(0, "127.0.0.1", () => resume(Effect.void))
          }),
          () => Effect.sync(() => server.close())
        )
        const error = yield* Effect.flip(exportTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
        assert.strictEqual(error.reason, reason)
        assert.isTrue(error.retryable)
      })
  )

  it.live("does not take for sent what the server refuses unread", () =>
    Effect.gen(function*() {
      const url = yield* answering((stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM))
      const error = yield* Effect.flip(exportTo(url))
      assert.isTrue(error.retryable)
      assert.isFalse(error.mayHaveArrived)
    }))
})
