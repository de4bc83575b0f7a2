import { assert, describe, it } from "@effect/vitest"
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import { isTracingSuppressed } from "@opentelemetry/core"
import { ConfigProvider, Effect, Fiber, Redacted } from "effect"
import type { Scope } from "effect"
import { ExportError, isOwnRequest, OtlpExporter } from "effect-tracing/export"
import type { ExportOutcome } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import { AsyncLocalStorage } from "node:async_hooks"
import * as diagnostics from "node:diagnostics_channel"
import * as fs from "node:fs/promises"
import type { ClientRequest } from "node:http"
import * as os from "node:os"
import * as path from "node:path"
import { endedSpan } from "../../support/endedSpan.ts"
import { encodePartialSuccess, encodeStatus } from "../../support/otlpMessages.ts"
import type { OtlpReceiver, Reaction } from "../../support/OtlpReceiver.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { selfSigned } from "../../support/selfSigned.ts"

const resource = { attributes: Attributes.fromRecord({ "service.name": "blog" }), schemaUrl: undefined }
const spans = [endedSpan({ name: "GET" }), endedSpan({ name: "INSERT posts" })]

type Options = Partial<OtlpExporter.OtlpExporterOptions>

const exportTo = (
  receiver: OtlpReceiver,
  options: Options = {}
): Effect.Effect<ExportOutcome, ExportError, Scope.Scope> =>
  Effect.flatMap(
    OtlpExporter.make({ resource, tracesEndpoint: receiver.url, ...options }),
    (exporter) => exporter.export(spans)
  )

/** Exports to a receiver that reacts in this way, and returns how it failed. */
const failureOn = (reaction: Reaction, options: Options = {}): Effect.Effect<ExportError, ExportOutcome, Scope.Scope> =>
  Effect.gen(function*() {
    const receiver = yield* makeOtlpReceiver()
    // Twice: where the first request is answered over a connection that is closed, the second must be refused as well.
    receiver.react(reaction, reaction)
    return yield* Effect.flip(exportTo(receiver, options))
  })

const outcomeOn = (reaction: Reaction, options: Options = {}): Effect.Effect<ExportOutcome, ExportError, Scope.Scope> =>
  Effect.gen(function*() {
    const receiver = yield* makeOtlpReceiver()
    receiver.react(reaction)
    return yield* exportTo(receiver, options)
  })

const protobuf = { "content-type": "application/x-protobuf" }
const json = { "content-type": "application/json" }

describe("OtlpExporter.make", () => {
  it.live("posts protobuf with the headers of OTLP and those of the user", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* exportTo(receiver, {
        headers: {
          Authorization: Redacted.make("Bearer secret"),
          "content-type": Redacted.make("x"),
          "content-length": Redacted.make("7")
        }
      })
      const request = receiver.requests[0]!
      assert.strictEqual(request.method, "POST")
      assert.strictEqual(request.path, "/v1/traces")
      assert.strictEqual(request.headers["content-type"], "application/x-protobuf")
      assert.strictEqual(request.headers["content-length"], String(request.bytes))
      assert.match(request.headers["user-agent"]!, /^effect-tracing\/\d+\.\d+\.\d+$/)
      assert.strictEqual(request.headers.authorization, "Bearer secret")
      assert.deepStrictEqual(receiver.spans.map((span) => span.name), ["GET", "INSERT posts"])
      assert.deepStrictEqual(request.body.resourceSpans[0]!.resource.attributes, [
        { key: "service.name", value: { stringValue: "blog" } }
      ])
    }))

  it.live("posts JSON where it is asked to", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* exportTo(receiver, { protocol: "http/json" })
      assert.strictEqual(receiver.requests[0]!.headers["content-type"], "application/json")
      assert.deepStrictEqual(receiver.spans.map((span) => span.name), ["GET", "INSERT posts"])
    }))

  it.live("compresses where it is asked to", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* exportTo(receiver, { compression: "gzip" })
      assert.strictEqual(receiver.requests[0]!.headers["content-encoding"], "gzip")
      assert.lengthOf(receiver.spans, 2)
    }))

  it.live("uses one connection for all batches", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url })
      for (let i = 0; i < 3; i++) yield* exporter.export(spans)
      assert.deepStrictEqual(receiver.requests.map((request) => request.connection), [1, 1, 1])
    }))

  it.live("goes on over a new connection where the server has closed the one it kept", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url })
      yield* exporter.export(spans)
      receiver.react({ _tag: "reset" })
      assert.deepStrictEqual(yield* exporter.export(spans), { rejected: 0, message: undefined, mayBeDoubled: true })
      assert.deepStrictEqual(receiver.requests.map((request) => request.connection), [1, 1, 2])
    }))

  it.live("names the host of the address, unless a header of the settings does", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* exportTo(receiver)
      yield* exportTo(receiver, { headers: { Host: Redacted.make("collector.internal") } })
      assert.deepStrictEqual(
        receiver.requests.map(({ headers }) => headers.host),
        [new URL(receiver.url).host, "collector.internal"]
      )
    }))

  it.live("marks its requests as its own from the moment they exist", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const seen: Array<boolean> = []
      const listen = (message: unknown): void => {
        seen.push(isOwnRequest((message as { readonly request: ClientRequest }).request))
      }
      diagnostics.subscribe("http.client.request.created", listen)
      yield* Effect.ensuring(
        exportTo(receiver),
        Effect.sync(() => diagnostics.unsubscribe("http.client.request.created", listen))
      )
      assert.deepStrictEqual(seen, [true])
    }))

  it.live("keeps OpenTelemetry's instrumentations quiet about its requests, and out of the caller's context", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
      yield* Effect.addFinalizer(() => Effect.sync(() => context.disable()))
      const seen: Array<unknown> = []
      const listen = (): void => {
        seen.push(isTracingSuppressed(context.active()), trace.getSpan(context.active()), storage.getStore())
      }
      const storage = new AsyncLocalStorage<string>()
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url })
      const services = yield* Effect.context()
      diagnostics.subscribe("http.client.request.created", listen)
      yield* Effect.promise(() =>
        storage.run("request", () =>
          context.with(
            trace.setSpanContext(ROOT_CONTEXT, { traceId: "1".repeat(32), spanId: "1".repeat(16), traceFlags: 1 }),
            () => Effect.runPromiseWith(services)(exporter.export(spans))
          ))
      ).pipe(Effect.ensuring(Effect.sync(() => diagnostics.unsubscribe("http.client.request.created", listen))))
      assert.deepStrictEqual(seen, [true, undefined, undefined])
    }))

  it.live("goes through the proxy of the environment, save for hosts that need none", () =>
    Effect.gen(function*() {
      const proxy = yield* makeOtlpReceiver()
      const receiver = yield* makeOtlpReceiver()
      const env = { HTTP_PROXY: new URL(proxy.url).origin, NO_PROXY: "127.0.0.1" }
      for (const tracesEndpoint of ["http://collector.invalid/v1/traces", receiver.url]) {
        yield* exportTo(receiver, { tracesEndpoint }).pipe(
          Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))
        )
      }
      assert.deepStrictEqual(proxy.requests.map(({ path }) => path), ["http://collector.invalid/v1/traces"])
      assert.lengthOf(receiver.requests, 1)
    }))

  it.live("sends the credentials of the endpoint as a header", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* exportTo(receiver, { tracesEndpoint: receiver.url.replace("//", "//user:word@") })
      assert.strictEqual(receiver.requests[0]!.headers.authorization, "Basic dXNlcjp3b3Jk")
    }))

  it.live("names the endpoint without what may be secret in it", () =>
    Effect.gen(function*() {
      const { name } = yield* OtlpExporter.make({
        resource,
        tracesEndpoint: "https://user:word@host:1/v1/traces?key=word"
      })
      assert.strictEqual(name, "otlp https://host:1/v1/traces")
    }))
})

describe("OtlpExporter.make, told that some spans were refused", () => {
  it.live("hands on how many and why, read from protobuf", () =>
    Effect.gen(function*() {
      const outcome = yield* outcomeOn({ _tag: "respond", headers: protobuf, body: encodePartialSuccess(1, "too old") })
      assert.deepStrictEqual(outcome, { rejected: 1, message: "too old" })
    }))

  it.live("hands on how many and why, read from JSON with the number as text or number", () =>
    Effect.gen(function*() {
      for (const rejectedSpans of [`"1"`, "1"]) {
        const body = `{"partialSuccess":{"rejectedSpans":${rejectedSpans},"errorMessage":"too old"}}`
        assert.deepStrictEqual(yield* outcomeOn({ _tag: "respond", headers: json, body }), {
          rejected: 1,
          message: "too old"
        })
      }
    }))

  it.live("hands on a warning about spans that were all taken", () =>
    Effect.gen(function*() {
      const outcome = yield* outcomeOn({
        _tag: "respond",
        headers: protobuf,
        body: encodePartialSuccess(0, "use gzip\u001b[31m")
      })
      assert.deepStrictEqual(outcome, { rejected: 0, message: "use gzip [31m" })
    }))
})

describe("OtlpExporter.make, with a good status and a bad answer", () => {
  it.live("takes the batch for delivered where the answer is torn off, since sending it again would double it", () =>
    Effect.gen(function*() {
      const outcome = yield* outcomeOn({ _tag: "tear" })
      assert.strictEqual(outcome.rejected, 0)
      assert.include(outcome.message, "cut short")
    }))

  it.live("takes the batch for delivered where the rest of the answer never comes", () =>
    Effect.gen(function*() {
      const outcome = yield* outcomeOn({ _tag: "hangInBody" }, { timeoutMillis: 100 })
      assert.include(outcome.message, "cut short")
    }))

  it.live("says that it does not understand garbage", () =>
    Effect.gen(function*() {
      for (const headers of [protobuf, json, { "content-type": "text/plain" }]) {
        const outcome = yield* outcomeOn({ _tag: "respond", headers, body: "\u0007\u00ff nonsense" })
        assert.strictEqual(outcome.rejected, 0)
        assert.include(outcome.message, "not one of OTLP")
      }
    }))

  it.live("reads no more than 64 KiB of an endless answer", () =>
    Effect.gen(function*() {
      const outcome = yield* outcomeOn({ _tag: "respond", headers: protobuf, body: Buffer.alloc(50 * 1024 * 1024) })
      assert.include(outcome.message, "cut short")
    }))

  it.live("does not take a web page for a receiver", () =>
    Effect.gen(function*() {
      const error = yield* failureOn({ _tag: "respond", headers: { "content-type": "text/html" }, body: "<h1>Hi</h1>" })
      assert.isTrue(error.retryable)
      assert.include(error.message, "a web page answers")
    }))
})

describe("OtlpExporter.make, refused", () => {
  it.live("says that 429, 502, 503 and 504 heal", () =>
    Effect.gen(function*() {
      for (const status of [429, 502, 503, 504]) {
        const error = yield* failureOn({ _tag: "respond", status })
        assert.isTrue(error.retryable, String(status))
        assert.strictEqual(error.retryAfterMillis, undefined)
        assert.strictEqual(error.reason, `status ${status}`)
      }
    }))

  it.live("says that every other status is final, and what it means", () =>
    Effect.gen(function*() {
      for (const status of [400, 405, 408, 413, 415, 418, 500, 501]) {
        const error = yield* failureOn({ _tag: "respond", status, headers: { "retry-after": "1" } })
        assert.isFalse(error.retryable, String(status))
        assert.include(error.message, `status ${status}: `)
      }
    }))

  it.live("says that 401, 403 and 404 may be mended, and how", () =>
    Effect.gen(function*() {
      for (const status of [401, 403, 404]) {
        const error = yield* failureOn({ _tag: "respond", status, headers: { "retry-after": "1" } })
        assert.isTrue(error.retryable, String(status))
        assert.isUndefined(error.retryAfterMillis)
      }
      assert.include((yield* failureOn({ _tag: "respond", status: 401 })).message, "OTEL_EXPORTER_OTLP_HEADERS")
      assert.include((yield* failureOn({ _tag: "respond", status: 404 })).message, "/v1/traces")
    }))

  it.live("hands on Retry-After in seconds and as a date", () =>
    Effect.gen(function*() {
      const after = (value: string): Effect.Effect<number | undefined, ExportOutcome, Scope.Scope> =>
        Effect.map(
          failureOn({ _tag: "respond", status: 503, headers: { "retry-after": value } }),
          (error) => error.retryAfterMillis
        )
      assert.strictEqual(yield* after("120"), 120_000)
      assert.strictEqual(yield* after("0"), 0)
      assert.strictEqual(yield* after("soon"), undefined)
      const inAnHour = yield* after(new Date(Date.now() + 3_600_000).toUTCString())
      assert.isAbove(inAnHour!, 3_590_000)
      assert.isAtMost(inAnHour!, 3_600_000)
      assert.strictEqual(yield* after("Fri, 31 Dec 1999 23:59:59 GMT"), 0)
    }))

  it.live("repeats what the receiver says, cut, on one line, and never a web page", () =>
    Effect.gen(function*() {
      const said = (
        headers: Record<string, string>,
        body: Uint8Array | string
      ): Effect.Effect<string, ExportOutcome, Scope.Scope> =>
        Effect.map(failureOn({ _tag: "respond", status: 400, headers, body }), (error) => error.message)
      assert.include(yield* said(protobuf, encodeStatus(3, "no such tenant")), "It says: no such tenant")
      assert.include(yield* said(json, `{"code":3,"message":"no such tenant"}`), "It says: no such tenant")
      assert.include(yield* said({ "content-type": "text/plain" }, "no\nsuch\ttenant"), "It says: no such tenant")
      assert.include(yield* said({ "content-type": "text/html" }, "<h1>Hi</h1>"), "It says: a web page")
      assert.isBelow((yield* said({ "content-type": "text/plain" }, "x".repeat(5000))).length, 600)
    }))

  it.live("makes no request before the time a Retry-After named, whoever sends", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.react({ _tag: "respond", status: 503, headers: { "retry-after": "1" } })
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url })
      const first = yield* Effect.flip(exporter.export(spans))
      assert.strictEqual(first.retryAfterMillis, 1000)
      const second = yield* Effect.flip(exporter.export(spans))
      assert.strictEqual(second.reason, first.reason)
      assert.isTrue(second.retryable)
      assert.isAtMost(second.retryAfterMillis ?? Infinity, 1000)
      assert.lengthOf(receiver.requests, 1)
      yield* Effect.sleep(second.retryAfterMillis ?? 0)
      yield* exporter.export(spans)
      assert.lengthOf(receiver.requests, 2)
    }))

  it.live("does not follow a redirect, and says where it leads", () =>
    Effect.gen(function*() {
      const error = yield* failureOn({
        _tag: "respond",
        status: 307,
        headers: { location: "https://elsewhere/v1/traces" }
      })
      assert.isTrue(error.retryable)
      assert.include(error.message, "it redirects (307) to https://elsewhere/v1/traces")
    }))
})

describe("OtlpExporter.make, without an answer", () => {
  it.live("says that nothing listens, that this heals, and what to check", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      yield* receiver.stop
      const error = yield* Effect.flip(exportTo(receiver))
      assert.instanceOf(error, ExportError)
      assert.strictEqual(error.reason, "unreachable")
      assert.isTrue(error.retryable)
      assert.include(error.message, receiver.url)
      assert.include(error.message, "TRACING_OTLP_ENDPOINT")
    }))

  it.live("says that a connection was closed, and that this heals", () =>
    Effect.gen(function*() {
      const error = yield* failureOn({ _tag: "reset" })
      assert.strictEqual(error.reason, "connection closed")
      assert.isTrue(error.retryable)
    }))

  it.live("gives a request that hangs no more than its time", () =>
    Effect.gen(function*() {
      const error = yield* failureOn({ _tag: "hang" }, { timeoutMillis: 50 })
      assert.strictEqual(error.reason, "timeout")
      assert.isTrue(error.retryable)
      assert.include(error.message, "50 ms")
    }))

  it.live("lets its connection go when it is shut down", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url })
      yield* exporter.export(spans)
      yield* exporter.shutdown
      yield* receiver.disconnected
    }))

  it.live("recognises a port that does not speak HTTP/1", () =>
    Effect.gen(function*() {
      const error = yield* failureOn({ _tag: "garble" })
      assert.strictEqual(error.reason, "not http")
      assert.isTrue(error.retryable)
      assert.include(error.message, "4318")
    }))

  it.live("closes the connection when it is interrupted", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      receiver.react({ _tag: "hang" })
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url })
      const fiber = yield* Effect.forkChild(exporter.export(spans))
      yield* receiver.received(1)
      yield* Fiber.interrupt(fiber)
      yield* receiver.disconnected
    }))
})

describe("OtlpExporter.make, set up wrongly", () => {
  it.live("names an endpoint that is none", () =>
    Effect.gen(function*() {
      for (const tracesEndpoint of ["localhost", "ftp://localhost/v1/traces", ""]) {
        const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint })
        const error = yield* Effect.flip(exporter.export(spans))
        assert.strictEqual(error.reason, "endpoint")
        assert.isFalse(error.retryable)
        assert.include(error.message, JSON.stringify(tracesEndpoint))
      }
    }))

  it.live("names a header that cannot be sent, without its value", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const error = yield* Effect.flip(exportTo(receiver, { headers: { "x-key": Redacted.make("secret\r\nx: y") } }))
      assert.strictEqual(error.reason, "header")
      assert.include(error.message, "x-key")
      assert.notInclude(error.message, "secret")
      assert.lengthOf(receiver.requests, 0)
    }))

  it.live("names a certificate file that cannot be read, and reads it again later", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const file = path.join(yield* Effect.promise(() => fs.mkdtemp(path.join(os.tmpdir(), "otlp-"))), "ca.pem")
      yield* Effect.addFinalizer(() => Effect.promise(() => fs.rm(path.dirname(file), { recursive: true })))
      const exporter = yield* OtlpExporter.make({ resource, tracesEndpoint: receiver.url, certificate: file })
      const error = yield* Effect.flip(exporter.export(spans))
      assert.strictEqual(error.reason, "certificate file")
      assert.isTrue(error.retryable)
      assert.include(error.message, file)
      yield* Effect.promise(() => fs.writeFile(file, selfSigned.cert))
      yield* exporter.export(spans)
      assert.lengthOf(receiver.requests, 1)
    }))
})

describe("OtlpExporter.make, over TLS", () => {
  const certificateFile = Effect.gen(function*() {
    const directory = yield* Effect.promise(() => fs.mkdtemp(path.join(os.tmpdir(), "otlp-")))
    yield* Effect.addFinalizer(() => Effect.promise(() => fs.rm(directory, { recursive: true })))
    const write = (name: string, text: string): Effect.Effect<string> =>
      Effect.promise(async () => {
        await fs.writeFile(path.join(directory, name), text)
        return path.join(directory, name)
      })
    return { cert: yield* write("cert.pem", selfSigned.cert), key: yield* write("key.pem", selfSigned.key) }
  })

  it.live("trusts the authority it is given, and shows its own certificate", () =>
    Effect.gen(function*() {
      const files = yield* certificateFile
      const receiver = yield* makeOtlpReceiver({ tls: { ...selfSigned, ca: selfSigned.cert } })
      yield* exportTo(receiver, { certificate: files.cert, clientCertificate: files.cert, clientKey: files.key })
      assert.lengthOf(receiver.spans, 2)
    }))

  it.live("does not trust a stranger, and names the setting", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver({ tls: selfSigned })
      const error = yield* Effect.flip(exportTo(receiver))
      assert.strictEqual(error.reason, "certificate")
      assert.isTrue(error.retryable)
      assert.include(error.message, "OTEL_EXPORTER_OTLP_CERTIFICATE")
      assert.lengthOf(receiver.requests, 0)
    }))

  it.live("recognises a port that does not speak TLS", () =>
    Effect.gen(function*() {
      const receiver = yield* makeOtlpReceiver()
      const error = yield* Effect.flip(exportTo(receiver, { tracesEndpoint: receiver.url.replace("http:", "https:") }))
      assert.strictEqual(error.reason, "tls")
      assert.include(error.message, "http://")
    }))
})
