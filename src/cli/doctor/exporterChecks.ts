import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as zlib from "node:zlib"
import type { ResolvedSettings, TracingSettings } from "../../config/index.ts"
import {
  FileExporter,
  findProxy,
  OtlpExporter,
  OtlpJson,
  OtlpProtobuf,
  readProxyVariables,
  showProxy
} from "../../export/index.ts"
import type { Resource } from "../../model/index.ts"
import { Attributes, EndedSpan, packageVersion, TraceId } from "../../model/index.ts"
import type { Check } from "./Check.ts"
import { failed, ok } from "./Check.ts"
import type { ProbeContext } from "./diagnose.ts"
import { clockCheck, diagnose, withCustom } from "./diagnose.ts"
import { spoolChecks } from "./diskChecks.ts"
import { exportCheck } from "./exportProbe.ts"
import { send } from "./probe.ts"

/** The span that is sent: it says what it is, so that whoever finds it knows. */
const probeSpan = (now: bigint): EndedSpan =>
  new EndedSpan({
    trace: TraceId.random(),
    idHigh: 1,
    idLow: 1,
    parentIdHigh: 0,
    parentIdLow: 0,
    parentIsRemote: false,
    traceFlags: 1,
    traceState: undefined,
    name: "effect-tracing doctor",
    kind: "internal",
    startTime: now - 1_000_000n,
    endTime: now,
    endedAttributes: Attributes.fromRecord({ "effect_tracing.probe": true }),
    events: [],
    droppedEvents: 0,
    endedLinks: [],
    droppedLinks: 0,
    statusCode: "unset",
    statusMessage: undefined,
    scope: { name: "effect-tracing", version: packageVersion, schemaUrl: undefined }
  })

const variables = {
  ca: ["certificate", "OTEL_EXPORTER_OTLP_CERTIFICATE"],
  key: ["clientKey", "OTEL_EXPORTER_OTLP_CLIENT_KEY"],
  cert: ["clientCertificate", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"]
} as const

type TlsFiles = { -readonly [K in keyof typeof variables]?: Buffer }

/** Reads the PEM files of the settings; the first that cannot be read is the failure. */
const readTlsFiles = Effect.fnUntraced(function*(
  otlp: TracingSettings["otlp"]
): Effect.fn.Return<Result.Result<TlsFiles, Check>, never, FileSystem.FileSystem> {
  const fileSystem = yield* FileSystem.FileSystem
  const files: TlsFiles = {}
  for (const option of ["ca", "key", "cert"] as const) {
    const [field, variable] = variables[option]
    const path = otlp[field]
    if (path === undefined) continue
    const read = yield* Effect.result(fileSystem.readFile(path))
    if (Result.isFailure(read)) {
      const why = read.failure.reason._tag
      return Result.fail(
        failed("otlp", `the file ${path} cannot be read (${why})`, `Set ${variable} to a PEM file that can be read`)
      )
    }
    files[option] = Buffer.from(read.success)
  }
  return Result.succeed(files)
})

const resourceOf = (settings: TracingSettings): Resource => ({
  attributes: Attributes.fromRecord({
    "service.name": settings.serviceName,
    "service.version": settings.serviceVersion,
    "deployment.environment.name": settings.environment
  }),
  schemaUrl: undefined
})

/** Sends the span as the program would, by its own exporter: over gRPC, through a socket or a proxy. */
const sendAsProgram = (settings: TracingSettings, where: string): Effect.Effect<Check> =>
  Effect.gen(function*() {
    const exporter = yield* OtlpExporter.make({ ...settings.otlp, resource: resourceOf(settings) })
    const span = probeSpan(yield* Clock.currentTimeNanos)
    return yield* exportCheck("otlp", where, exporter.export([span]))
  }).pipe(Effect.scoped)

/** Whether requests to the endpoint go through a proxy, and through which. */
const proxyChecks = Effect.fnUntraced(function*(url: URL): Effect.fn.Return<ReadonlyArray<Check>> {
  const found = yield* Effect.result(findProxy(url, yield* readProxyVariables))
  if (Result.isFailure(found)) {
    return [failed(
      "proxy",
      found.failure.message.replace(/ Set .*$/, ""),
      `Set it to an address such as http://proxy:3128, or add ${url.hostname} to NO_PROXY`
    )]
  }
  return found.success === undefined ? [] : [ok("proxy", `spans go through the proxy ${showProxy(found.success)}`)]
})

const contextOf = ({ resolved, settings: { otlp } }: ResolvedSettings, url: URL): ProbeContext => ({
  name: "otlp",
  url,
  endpointVariable: resolved.find(({ name }) => name === "otlp.tracesEndpoint")?.variable ?? "TRACING_OTLP_ENDPOINT",
  headerNames: Object.keys(otlp.headers),
  protocol: otlp.protocol,
  timeoutMillis: otlp.timeoutMillis
})

const otlpChecks = Effect.fnUntraced(function*(
  resolved: ResolvedSettings
): Effect.fn.Return<ReadonlyArray<Check>, never, FileSystem.FileSystem> {
  const { otlp } = resolved.settings
  const files = yield* readTlsFiles(otlp)
  if (Result.isFailure(files)) return [files.failure]
  const url = new URL(otlp.tracesEndpoint)
  if (url.protocol === "unix:") return [yield* sendAsProgram(resolved.settings, otlp.tracesEndpoint)]
  const proxies = yield* proxyChecks(url)
  if (proxies.some(({ status }) => status === "failed")) return proxies
  if (proxies.length > 0) return [...proxies, yield* sendAsProgram(resolved.settings, url.host)]
  if (otlp.protocol !== "grpc") return yield* httpChecks(resolved, url, files.success)
  const check = yield* sendAsProgram(resolved.settings, url.host)
  if (check.status === "ok") return [check]
  // What is there instead of a receiver of gRPC, HTTP/1.1 finds out; where it is one, its own words count.
  const [other, ...rest] = yield* httpChecks(resolved, url, files.success)
  const context = contextOf(resolved, url)
  return other === undefined || other.status === "ok" ? [withCustom(context, check), ...rest] : [other, ...rest]
})

/** Sends the span over HTTP/1.1, by hand: what is behind a failure is looked into. */
const httpChecks = Effect.fnUntraced(function*(
  resolved: ResolvedSettings,
  url: URL,
  tls: TlsFiles
): Effect.fn.Return<ReadonlyArray<Check>> {
  const { settings } = resolved
  const { otlp } = settings
  const isJson = otlp.protocol === "http/json"
  const resource = resourceOf(settings)
  const span = probeSpan(yield* Clock.currentTimeNanos)
  const encoded = yield* isJson ? OtlpJson.encode(resource, [span]) : OtlpProtobuf.encode(resource, [span])
  const finding = yield* send({
    url,
    tls,
    headers: {
      "user-agent": `effect-tracing/${packageVersion}`,
      ...Object.fromEntries(Object.entries(otlp.headers).map(([name, value]) => [name, Redacted.value(value)])),
      "content-type": isJson ? "application/json" : "application/x-protobuf",
      ...(otlp.compression === "gzip" ? { "content-encoding": "gzip" } : undefined)
    },
    body: otlp.compression === "gzip" ? zlib.gzipSync(encoded) : encoded,
    timeoutMillis: otlp.timeoutMillis
  })
  const check = yield* diagnose(contextOf(resolved, url), finding)
  const clock = finding._tag === "Answer" ? clockCheck(finding) : undefined
  return clock === undefined ? [check] : [check, clock]
})

const fileChecks = Effect.fnUntraced(function*(settings: TracingSettings): Effect.fn.Return<ReadonlyArray<Check>> {
  const { path, ...file } = settings.file
  if (path === undefined) return []
  const exporter = FileExporter.make({ ...file, path, resource: resourceOf(settings) })
  const span = probeSpan(yield* Clock.currentTimeNanos)
  return [yield* exportCheck("file", path, exporter.export([span]))]
})

/**
 * Sends one span to every exporter of the settings, and says what came of it.
 */
export const exporterChecks = (
  resolved: ResolvedSettings
): Effect.Effect<ReadonlyArray<Check>, never, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function*() {
    const { settings } = resolved
    const checks = yield* Effect.forEach(settings.exporters, (exporter) =>
      exporter === "otlp"
        ? otlpChecks(resolved)
        : Effect.succeed([ok("console", `traces are printed on standard error (${settings.console.format})`)]))
    return [...checks.flat(), ...(yield* fileChecks(settings)), ...(yield* spoolChecks(settings.spool))]
  })
