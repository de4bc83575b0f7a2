import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as zlib from "node:zlib"
import type { ResolvedSettings, TracingSettings } from "../../config/index.ts"
import { OtlpJson, OtlpProtobuf } from "../../export/index.ts"
import { Attributes, EndedSpan, packageVersion, TraceId } from "../../model/index.ts"
import type { Check } from "./Check.ts"
import { failed, ok } from "./Check.ts"
import { clockCheck, diagnose } from "./diagnose.ts"
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

const otlpChecks = Effect.fnUntraced(function*(
  { resolved, settings }: ResolvedSettings
): Effect.fn.Return<ReadonlyArray<Check>, never, FileSystem.FileSystem> {
  const { otlp } = settings
  const files = yield* readTlsFiles(otlp)
  if (Result.isFailure(files)) return [files.failure]
  const isJson = otlp.protocol === "http/json"
  const resource = {
    attributes: Attributes.fromRecord({
      "service.name": settings.serviceName,
      "service.version": settings.serviceVersion,
      "deployment.environment.name": settings.environment
    }),
    schemaUrl: undefined
  }
  const span = probeSpan(yield* Clock.currentTimeNanos)
  const encoded = yield* isJson ? OtlpJson.encode(resource, [span]) : OtlpProtobuf.encode(resource, [span])
  const url = new URL(otlp.tracesEndpoint)
  const finding = yield* send({
    url,
    tls: files.success,
    headers: {
      "user-agent": `effect-tracing/${packageVersion}`,
      ...Object.fromEntries(Object.entries(otlp.headers).map(([name, value]) => [name, Redacted.value(value)])),
      "content-type": isJson ? "application/json" : "application/x-protobuf",
      ...(otlp.compression === "gzip" ? { "content-encoding": "gzip" } : undefined)
    },
    body: otlp.compression === "gzip" ? zlib.gzipSync(encoded) : encoded,
    timeoutMillis: otlp.timeoutMillis
  })
  const check = yield* diagnose({
    name: "otlp",
    url,
    endpointVariable: resolved.find(({ name }) => name === "otlp.tracesEndpoint")?.variable ?? "TRACING_OTLP_ENDPOINT",
    headerNames: Object.keys(otlp.headers),
    protocol: otlp.protocol,
    timeoutMillis: otlp.timeoutMillis
  }, finding)
  const clock = finding._tag === "Answer" ? clockCheck(finding) : undefined
  return clock === undefined ? [check] : [check, clock]
})

/**
 * Sends one span to every exporter of the settings, and says what came of it.
 */
export const exporterChecks = (
  resolved: ResolvedSettings
): Effect.Effect<ReadonlyArray<Check>, never, FileSystem.FileSystem> =>
  Effect.map(
    Effect.forEach(resolved.settings.exporters, (exporter) =>
      exporter === "otlp"
        ? otlpChecks(resolved)
        : Effect.succeed([
          ok("console", `traces are printed on standard error (${resolved.settings.console.format})`)
        ])),
    (checks) => checks.flat()
  )
