import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Metadata, status } from "@grpc/grpc-js"
import { ConfigProvider, Effect, FileSystem } from "effect"
import type { Scope } from "effect"
import type { Check } from "../../src/cli/doctor/Check.ts"
import { diagnose } from "../../src/cli/doctor/diagnose.ts"
import { diagnoseEnvironment } from "../../src/cli/doctor/doctorCommand.ts"
import { machineChecks, nodeCheck } from "../../src/cli/doctor/machineChecks.ts"
import { send } from "../../src/cli/doctor/probe.ts"
import { type GrpcReaction, makeGrpcReceiver } from "../export/fixtures/GrpcReceiver.ts"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"
import { selfSigned } from "../support/selfSigned.ts"
import {
  answering,
  closing,
  garbling,
  hanging,
  http2Only,
  http2OnlyOverTls,
  overTls,
  receivingAt,
  refusing
} from "./broken.ts"
import { expired } from "./expired.ts"

const checksIn = (env: Record<string, string>) =>
  diagnoseEnvironment.pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))
  )

const show = ({ mend, message, name, status }: Check): string => `${status} ${name}: ${message} → ${mend ?? ""}`

interface Expected {
  readonly status: Check["status"]
  /** What the cause is called. */
  readonly cause: RegExp
  readonly mend: RegExp
  readonly env?: Record<string, string>
}

/** Holds the diagnosis of an endpoint to what is expected of it, and to be the only one that is not well. */
const diagnosed = (address: Effect.Effect<string, never, Scope.Scope>, expected: Expected) =>
  Effect.gen(function*() {
    const endpoint = yield* address
    const checks = yield* checksIn({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...expected.env })
    const told = checks.filter(({ name, status }) => status !== "ok" && name !== "settings")
    assert.strictEqual(told.length, 1, checks.map(show).join("\n"))
    const [check] = told
    assert.strictEqual(check!.status, expected.status, show(check!))
    assert.match(check!.message, expected.cause)
    assert.match(check!.mend!, expected.mend)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

const endpoint = /^Set OTEL_EXPORTER_OTLP_ENDPOINT/

const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }

const grpcFailing = (code: status, details: string): Effect.Effect<string, never, Scope.Scope> =>
  Effect.map(makeGrpcReceiver(), (receiver) => {
    const react: GrpcReaction = (_, callback) => callback({ code, details, metadata: new Metadata() })
    receiver.react(react, react, react)
    return receiver.url
  })

const broken: Readonly<Record<string, readonly [Effect.Effect<string, never, Scope.Scope>, Expected]>> = {
  "a name that is not resolved": [Effect.succeed("http://collector.invalid:4318"), {
    status: "failed",
    cause: /collector\.invalid is not resolved/,
    mend: endpoint
  }],
  "a refused connection": [refusing, {
    status: "failed",
    cause: /nothing listens at 127\.0\.0\.1:\d+ \(connection refused\)/,
    mend: /Start the collector, or set OTEL_EXPORTER_OTLP_ENDPOINT/
  }],
  "Jaeger's old port": [Effect.succeed("http://127.0.0.1:14268"), {
    status: "failed",
    cause: /port 14268 is that of Jaeger's old protocol; OTLP over HTTP is on port 4318$/,
    mend: /ENDPOINT=http:\/\/127\.0\.0\.1:4318$/
  }],
  "a server that never answers": [hanging, {
    status: "failed",
    cause: /no answer within 150 ms/,
    mend: /OTEL_EXPORTER_OTLP_TIMEOUT/,
    env: { OTEL_EXPORTER_OTLP_TIMEOUT: "150" }
  }],
  "a server that closes the connection": [closing, {
    status: "failed",
    cause: /closed the connection without an answer \(ECONNRESET\)/,
    mend: /collector's log/
  }],
  "a server of something else": [garbling, { status: "failed", cause: /does not speak HTTP/, mend: endpoint }],
  "a certificate signed by itself": [overTls(selfSigned), {
    status: "failed",
    cause: /signed by itself.*CN=127\.0\.0\.1.*DNS:localhost/,
    mend: /OTEL_EXPORTER_OTLP_CERTIFICATE/
  }],
  "a certificate of another name": [overTls(selfSigned, "127.0.0.2"), {
    status: "failed",
    cause: /not for 127\.0\.0\.2 .*DNS:localhost/,
    mend: endpoint,
    env: { OTEL_EXPORTER_OTLP_CERTIFICATE: "own" }
  }],
  "a certificate that has expired": [overTls(expired), {
    status: "failed",
    cause: /expired on Feb.*2020/,
    mend: /Renew/,
    env: { OTEL_EXPORTER_OTLP_CERTIFICATE: "expired" }
  }],
  "https to plain HTTP": [Effect.map(answering(200), (url) => url.replace("http:", "https:")), {
    status: "failed",
    cause: /does not speak TLS, and the endpoint says https/,
    mend: /=http:\/\/127/
  }],
  "http to TLS": [Effect.map(overTls(selfSigned), (url) => url.replace("https:", "http:")), {
    status: "failed",
    cause: /speaks TLS, and the endpoint says http/,
    mend: /=https:\/\/127/
  }],
  "http to TLS, as nginx says it": [
    answering(400, { "content-type": "text/plain" }, "The plain HTTP request was sent to HTTPS port"),
    { status: "failed", cause: /speaks TLS/, mend: /=https:/ }
  ],
  "a port of gRPC": [http2Only, { status: "failed", cause: /speaks HTTP\/2 only, as gRPC does/, mend: /:4318$/ }],
  "a port of gRPC over TLS": [http2OnlyOverTls(selfSigned), {
    status: "failed",
    cause: /speaks HTTP\/2 only/,
    mend: /:4318$/,
    env: { OTEL_EXPORTER_OTLP_CERTIFICATE: "own" }
  }],
  "a web page": [answering(200, { "content-type": "text/html" }, "<h1>Welcome</h1>"), {
    status: "failed",
    cause: /a web page answers/,
    mend: endpoint
  }],
  "a proxy": [answering(503, { "content-type": "text/html", via: "1.1 squid" }, "<h1>Denied</h1>"), {
    status: "failed",
    cause: /a proxy answers with 503/,
    mend: /pass the proxy/
  }],
  "a proxy that wants credentials": [answering(407), {
    status: "failed",
    cause: /a proxy answers with 407/,
    mend: /proxy/
  }],
  "400": [answering(400, { "content-type": "text/plain" }, "bad"), {
    status: "failed",
    cause: /does not take http\/protobuf \(400\); it says: bad/,
    mend: /OTEL_EXPORTER_OTLP_PROTOCOL=http\/json/
  }],
  "401 without credentials": [answering(401), {
    status: "failed",
    cause: /wants credentials \(401\); no header was set/,
    mend: /Set OTEL_EXPORTER_OTLP_HEADERS/
  }],
  "401 with wrong ones": [answering(401), {
    status: "failed",
    cause: /headers sent: x-api-key(?!.*s3cret)/,
    mend: /OTEL_EXPORTER_OTLP_HEADERS/,
    env: { OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=s3cret" }
  }],
  "403": [answering(403), { status: "failed", cause: /not enough \(403\)/, mend: /OTEL_EXPORTER_OTLP_HEADERS/ }],
  "404": [answering(404), { status: "failed", cause: /no receiver of OTLP at \/v1\/traces/, mend: /right path/ }],
  "413": [answering(413), { status: "failed", cause: /too large/, mend: /limit/ }],
  "415": [answering(415), {
    status: "failed",
    cause: /does not take http\/json \(415\)/,
    mend: /PROTOCOL=http\/protobuf/,
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }
  }],
  "a redirect": [answering(308, { location: "https://collector.example/v1/traces" }), {
    status: "failed",
    cause: /redirects \(308\) to https:\/\/collector\.example/,
    mend: /final address/
  }],
  "502": [answering(502), { status: "failed", cause: /gateway has no collector/, mend: /Start the collector/ }],
  "503": [answering(503), { status: "warning", cause: /no room for now \(503\)/, mend: /load/ }],
  "500": [answering(500, { "content-type": "text/plain" }, "oh"), {
    status: "failed",
    cause: /500; it says: oh/,
    mend: /log/
  }],
  "a receiver that is slow": [answering(200, {}, "", 250), {
    status: "warning",
    cause: /took a span, after \d+ ms of 400 allowed/,
    mend: /TIMEOUT/,
    env: { OTEL_EXPORTER_OTLP_TIMEOUT: "400" }
  }],
  "a receiver that refuses spans": [
    answering(
      200,
      { "content-type": "application/json" },
      "{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":\"quota\"}}"
    ),
    { status: "failed", cause: /refused the span: quota/, mend: /Ask/ }
  ],
  "an answer of something else": [answering(200, { "content-type": "application/json" }, "[1]"), {
    status: "warning",
    cause: /not as receivers of OTLP do/,
    mend: /address of a collector/
  }],
  "a clock that is wrong": [answering(200, { date: "Thu, 01 Jan 2026 00:00:00 GMT" }), {
    status: "warning",
    cause: /\d+ s (ahead of|behind) the collector's/,
    mend: /NTP/
  }],
  "a receiver over HTTP, where gRPC is spoken": [answering(200), {
    status: "failed",
    cause: /speaks HTTP\/1\.1 only, and spans are sent over gRPC/,
    mend: /OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf, or OTEL_EXPORTER_OTLP_ENDPOINT to .*4317/,
    env: grpc
  }],
  "a refused connection of gRPC": [refusing, {
    status: "failed",
    cause: /nothing listens at 127\.0\.0\.1:\d+ \(connection refused\)$/,
    mend: /Start the collector/,
    env: grpc
  }],
  "Jaeger's old port of gRPC": [Effect.succeed("http://127.0.0.1:14250"), {
    status: "failed",
    cause: /; port 14250 is that of Jaeger's old gRPC; OTLP over gRPC is on port 4317$/,
    mend: /ENDPOINT=http:\/\/127\.0\.0\.1:4317$/,
    env: grpc
  }],
  "a name that gRPC cannot resolve": [Effect.succeed("http://collector.invalid:4317"), {
    status: "failed",
    cause: /collector\.invalid is not resolved/,
    mend: endpoint,
    env: grpc
  }],
  "a certificate that gRPC does not trust": [http2OnlyOverTls(selfSigned), {
    status: "failed",
    cause: /signed by itself.*CN=127\.0\.0\.1/,
    mend: /OTEL_EXPORTER_OTLP_CERTIFICATE/,
    env: grpc
  }],
  "gRPC in clear to TLS": [Effect.map(overTls(selfSigned), (url) => url.replace("https:", "http:")), {
    status: "failed",
    cause: /speaks TLS, and the endpoint says http/,
    mend: /=https:\/\/127/,
    env: grpc
  }],
  "gRPC over TLS to a server in clear": [Effect.map(http2Only, (url) => url.replace("http:", "https:")), {
    status: "failed",
    cause: /does not speak TLS, and the endpoint says https/,
    mend: /=http:\/\/127/,
    env: grpc
  }],
  "a receiver of gRPC that wants credentials": [grpcFailing(status.UNAUTHENTICATED, "no key"), {
    status: "failed",
    cause: /UNAUTHENTICATED: it wants credentials/,
    mend: /OTEL_EXPORTER_OTLP_HEADERS/,
    env: grpc
  }],
  "a server of gRPC that is no receiver": [grpcFailing(status.UNIMPLEMENTED, "unknown service"), {
    status: "failed",
    cause: /UNIMPLEMENTED: it speaks gRPC, but takes no traces by OTLP/,
    mend: /TRACING_OTLP_ENDPOINT/,
    env: grpc
  }],
  "a proxy that is not there": [Effect.succeed("http://collector.example:4318"), {
    status: "failed",
    cause: /the proxy http:\/\/127\.0\.0\.1:9 \(http_proxy\) cannot be reached \(ECONNREFUSED\)/,
    mend: /correct its variable, or add the collector to NO_PROXY/,
    env: { http_proxy: "http://127.0.0.1:9" }
  }],
  "a variable that names no proxy": [Effect.succeed("http://collector.example:4318"), {
    status: "failed",
    cause: /HTTP_PROXY does not name a proxy/,
    mend: /http:\/\/proxy:3128, or add collector\.example to NO_PROXY/,
    env: { HTTP_PROXY: "socks5://127.0.0.1" }
  }],
  "a file of certificates that is not there": [answering(200), {
    status: "failed",
    cause: /\/nowhere\.pem cannot be read \(NotFound\)/,
    mend: /Set OTEL_EXPORTER_OTLP_CERTIFICATE/,
    env: { OTEL_EXPORTER_OTLP_CERTIFICATE: "/nowhere.pem" }
  }]
}

/** Puts the certificates that the set-ups name in files. */
const withFiles = (expected: Expected) =>
  Effect.gen(function*() {
    const certificates: Readonly<Record<string, string>> = { own: selfSigned.cert, expired: expired.cert }
    const certificate = certificates[expected.env?.["OTEL_EXPORTER_OTLP_CERTIFICATE"] ?? ""]
    if (certificate === undefined) return expected
    const fileSystem = yield* FileSystem.FileSystem
    const file = yield* fileSystem.makeTempFileScoped()
    yield* fileSystem.writeFileString(file, certificate)
    return { ...expected, env: { ...expected.env, OTEL_EXPORTER_OTLP_CERTIFICATE: file } }
  }).pipe(Effect.provide(NodeServices.layer))

describe("effect-tracing doctor", () => {
  for (const [name, [address, expected]] of Object.entries(broken)) {
    it.live(`diagnoses ${name}`, () =>
      Effect.flatMap(withFiles(expected), (expected) => diagnosed(address, expected)).pipe(Effect.scoped))
  }

  it.live("finds nothing wrong where nothing is, over TLS and gzip too", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const file = yield* fileSystem.makeTempFileScoped()
      yield* fileSystem.writeFileString(file, selfSigned.cert)
      const receiver = yield* makeOtlpReceiver({ tls: selfSigned })
      const checks = yield* checksIn({
        TRACING_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_CERTIFICATE: file,
        OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
        OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=s3cret"
      })
      assert.deepStrictEqual(checks.filter(({ status }) => status !== "ok").map(show), [])
      assert.deepStrictEqual(receiver.spans.map(({ name }) => name), ["effect-tracing doctor"])
      assert.strictEqual(receiver.requests[0]?.headers["x-api-key"], "s3cret")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.live("finds nothing wrong with a receiver of gRPC, and with one behind a Unix socket", () =>
    Effect.gen(function*() {
      const grpcReceiver = yield* makeGrpcReceiver()
      const checks = yield* checksIn({ TRACING_OTLP_ENDPOINT: grpcReceiver.url, ...grpc })
      assert.deepStrictEqual(checks.filter(({ status }) => status !== "ok").map(show), [])
      assert.deepStrictEqual(grpcReceiver.calls.flatMap(({ names }) => names), ["effect-tracing doctor"])
      const fileSystem = yield* FileSystem.FileSystem
      const socket = `${yield* fileSystem.makeTempDirectoryScoped()}/otlp.sock`
      yield* receivingAt(socket)
      const behindSocket = yield* checksIn({
        TRACING_OTLP_ENDPOINT: `unix:${socket}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf"
      })
      assert.deepStrictEqual(behindSocket.filter(({ status }) => status !== "ok").map(show), [])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  const disk: Readonly<Record<string, readonly [(folder: string) => Record<string, string>, RegExp]>> = {
    "a file of spans that is a folder": [
      (folder) => ({ TRACING_EXPORT_TO_FILE: folder }),
      /^failed file: .*it is a folder → Mend that, or set TRACING_EXPORT_TO_FILE/
    ],
    "a file of spans below a file": [
      (folder) => ({ TRACING_EXPORT_TO_FILE: `${folder}/a-file/traces.jsonl` }),
      /^failed file: .*a part of the path is a file → Mend/
    ],
    "a spool that is a file": [
      (folder) => ({ TRACING_SPOOL_DIR: `${folder}/a-file`, TRACING_EXPORT_TO_FILE: `${folder}/traces.jsonl` }),
      /^failed spool: .*a-file cannot be used: .* → Set TRACING_SPOOL_DIR/
    ],
    "a spool that cannot be made": [
      (folder) => ({ TRACING_SPOOL_DIR: `${folder}/a-file/spool`, TRACING_EXPORT_TO_FILE: `${folder}/traces.jsonl` }),
      /^failed spool: .*spool is not there and cannot be made → Set TRACING_SPOOL_DIR/
    ],
    "a spool with files of somebody else": [
      (folder) => ({ TRACING_SPOOL_DIR: `${folder}/foreign`, TRACING_EXPORT_TO_FILE: `${folder}/traces.jsonl` }),
      /^warning spool: .*foreign holds what is not the spool's: notes\.txt; it is left alone → Set TRACING_SPOOL_DIR/
    ],
    "a spool that is nearly full": [
      (folder) => ({
        TRACING_SPOOL_DIR: `${folder}/full`,
        TRACING_SPOOL_MAX_BYTES: "2000",
        TRACING_EXPORT_TO_FILE: `${folder}/traces.jsonl`
      }),
      /^warning spool: 1990 bytes wait in .*full, of 2000 that may.* → Mend the export, or raise TRACING_SPOOL_MAX_BYTES/
    ]
  }
  for (const [name, [env, expected]] of Object.entries(disk)) {
    it.live(`diagnoses ${name}, and nothing else`, () =>
      Effect.gen(function*() {
        const fileSystem = yield* FileSystem.FileSystem
        const folder = yield* fileSystem.makeTempDirectoryScoped()
        yield* fileSystem.writeFileString(`${folder}/a-file`, "")
        yield* fileSystem.makeDirectory(`${folder}/foreign`)
        yield* fileSystem.writeFileString(`${folder}/foreign/notes.txt`, "mine")
        yield* fileSystem.makeDirectory(`${folder}/full`)
        yield* fileSystem.writeFile(`${folder}/full/20260101000000-0123456789abcdef-1.spool`, new Uint8Array(1990))
        const told = (yield* checksIn(env(folder))).filter(({ status }) => status !== "ok").map(show)
        assert.strictEqual(told.length, 1, told.join("\n"))
        assert.match(told[0]!, expected)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
  }

  it.live("writes a span to the file, leaves the spool as it is, and is content with both", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const folder = yield* fileSystem.makeTempDirectoryScoped()
      const file = `${folder}/traces.jsonl`
      const checks = yield* checksIn({ TRACING_EXPORT_TO_FILE: file, TRACING_SPOOL_DIR: `${folder}/spool` })
      assert.deepStrictEqual(checks.map(({ name, status }) => `${status} ${name}`), [
        "ok settings",
        "ok file",
        "ok spool"
      ])
      assert.include(yield* fileSystem.readFileString(file), "effect-tracing doctor")
      assert.isFalse(yield* fileSystem.exists(`${folder}/spool`))
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  const settings: Readonly<Record<string, readonly [Record<string, string>, RegExp]>> = {
    "a value that cannot be used": [
      { TRACING_SAMPLING_RATE: "7" },
      /failed settings: TRACING_SAMPLING_RATE="7": expected/
    ],
    "a list that the layer does not understand": [
      { TRACING_TRUSTED_PEERS: "proxy,10.0.0.1", TRACING_EXPORT_TO_CONSOLE: "true" },
      /failed settings: TRACING_TRUSTED_PEERS: Not understood: "proxy" .* → Correct or remove TRACING_TRUSTED_PEERS/
    ],
    "a kind of secrets that only the program may know": [
      { TRACING_REDACT_EXCEPT_KINDS: "visit", TRACING_EXPORT_TO_CONSOLE: "true" },
      /warning settings: .*there is no kind visit; .*, unless the program has patterns of that kind$/
    ],
    "a misspelt name": [
      { OTEL_SERVICE_NAM: "x", TRACING_EXPORT_TO_CONSOLE: "true" },
      /warning settings: OTEL_SERVICE_NAM .*did you mean OTEL_SERVICE_NAME/
    ],
    "an endpoint whose export is off": [
      { TRACING_OTLP_ENDPOINT: "http://127.0.0.1:1", TRACING_EXPORT_TO_OTLP: "false" },
      /TRACING_OTLP_ENDPOINT names an endpoint, but TRACING_EXPORT_TO_OTLP turns the export to it off/
    ],
    "no exporter": [{}, /exported nowhere → Set TRACING_OTLP_ENDPOINT/],
    "tracing that is off": [{ TRACING_ENABLED: "false" }, /tracing is off \(TRACING_ENABLED\)/],
    "a sampler that keeps nothing": [
      { OTEL_TRACES_SAMPLER: "always_off", TRACING_EXPORT_TO_CONSOLE: "true" },
      /no trace is kept \(OTEL_TRACES_SAMPLER: always_off\)/
    ]
  }
  for (const [name, [env, expected]] of Object.entries(settings)) {
    it.live(`tells ${name}, and nothing else`, () =>
      Effect.gen(function*() {
        const told = (yield* checksIn(env)).filter(({ status }) => status !== "ok")
        assert.strictEqual(told.length, 1, told.map(show).join("\n"))
        assert.match(show(told[0]!), expected)
      }).pipe(Effect.provide(NodeServices.layer)))
  }
})

/** What is said of the server, had it answered at that port. */
const diagnosisOf = (address: Effect.Effect<string, never, Scope.Scope>, protocol: string, port?: string) =>
  Effect.gen(function*() {
    const url = new URL(yield* address)
    const finding = yield* send({ url, tls: {}, headers: {}, body: new Uint8Array(), timeoutMillis: 5000 })
    url.port = port ?? url.port
    return show(
      yield* diagnose({
        name: "otlp",
        url,
        endpointVariable: "OTEL_EXPORTER_OTLP_ENDPOINT",
        headerNames: [],
        protocol,
        timeoutMillis: 5000
      }, finding)
    )
  }).pipe(Effect.scoped)

describe("diagnose", () => {
  it.live("takes who refuses spans at the port of another protocol for that, whatever the status", () =>
    Effect.gen(function*() {
      for (const status of [400, 404, 415]) {
        assert.match(
          yield* diagnosisOf(answering(status, {}, "invalid TraceID"), "http/protobuf", "9411"),
          /^failed otlp: .*port 9411 is that of Zipkin's protocol; OTLP over HTTP is on port 4318 → Set .*:4318$/
        )
      }
    }))
})

describe("diagnose, with gRPC", () => {
  const check = (address: Effect.Effect<string, never, Scope.Scope>) => diagnosisOf(address, "grpc")

  it.live("takes a server of HTTP/2 for the right one, and one of HTTP/1.1 for the wrong one", () =>
    Effect.gen(function*() {
      assert.match(yield* check(http2Only), /^ok otlp: .*speaks HTTP\/2/)
      assert.match(
        yield* check(answering(200)),
        /^failed otlp: .*HTTP\/1\.1 only.*OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf/
      )
      assert.match(yield* check(garbling), /^failed otlp: .*does not speak HTTP/)
      assert.match(yield* check(refusing), /^failed otlp: .*connection refused/)
    }))
})

describe("the machine", () => {
  it("has a Node that is too old before 22.19", () => {
    assert.deepStrictEqual(
      ["20.19.0", "22.18.9", "22.19.0", "24.0.0"].map((version) => nodeCheck(version).status),
      ["failed", "failed", "ok", "ok"]
    )
  })

  it.live("has two versions of a package of which there must be one, and another SDK", () =>
    Effect.gen(function*() {
      const fileSystem = yield* FileSystem.FileSystem
      const directory = yield* fileSystem.makeTempDirectoryScoped()
      const install = (path: string, manifest: object) =>
        Effect.gen(function*() {
          yield* fileSystem.makeDirectory(`${directory}/${path}`, { recursive: true })
          yield* fileSystem.writeFileString(`${directory}/${path}/package.json`, JSON.stringify(manifest))
        })
      yield* install("", { dependencies: { "dd-trace": "5.0.0" } })
      yield* install("node_modules/@opentelemetry/api", { version: "1.9.0" })
      yield* install("node_modules/@acme/client/node_modules/@opentelemetry/api", { version: "1.4.1" })
      const told = (yield* machineChecks(directory)).filter(({ status }) => status !== "ok").map(show)
      assert.strictEqual(told.length, 2)
      assert.match(told[0]!, /@opentelemetry\/api is installed in 2 versions \(1\.9\.0, 1\.4\.1\)/)
      assert.match(told[1]!, /another tracing SDK is a dependency: dd-trace/)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
