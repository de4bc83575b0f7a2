import { endpointKind, hideUrlSecrets } from "../endpoint.ts"
import { endpointSources, otlp, protocolKind } from "../endpointSources.ts"
import { exporterSources } from "../exporters.ts"
import type { FieldPath } from "../Field.ts"
import { headers } from "../keyValues.ts"
import * as Kind from "../Kind.ts"
import { first, otel, type Settings, tracing } from "../Setting.ts"

const positive = Kind.integer(1)
const queueBytes = Kind.integer(1024)
const path = Kind.text("a path")
const compression = Kind.oneOf("gzip", "none")
const consoleFormat = Kind.oneOf("waterfall", "json")
const spoolMode = Kind.oneOf("unsent", "always")

/**
 * Settings of where spans go and of how they get there.
 *
 * @category settings
 * @since 0.1.0
 */
export const exportSettings: Settings<
  | "exporters"
  | Extract<
    FieldPath,
    `otlp.${string}` | `console.${string}` | `batch.${string}` | `spool.${string}` | `file.${string}`
  >
> = {
  exporters: {
    description: "Where spans go. An endpoint turns OTLP on; with nothing set, spans go nowhere.",
    kind: Kind.wordsOf("otlp", "console"),
    fallback: () => [],
    fallbackText: "none",
    sources: exporterSources
  },
  "otlp.tracesEndpoint": {
    description:
      "Address that spans are sent to; /v1/traces is added to a base. Port 4317 and a socket are spoken to by gRPC unless a protocol is set.",
    kind: endpointKind,
    fallback: () => "http://localhost:4318/v1/traces",
    fallbackText: "http://localhost:4318/v1/traces, for gRPC http://localhost:4317",
    sources: endpointSources,
    hide: hideUrlSecrets
  },
  "otlp.protocol": {
    description: "How spans are encoded and sent.",
    kind: protocolKind,
    fallback: () => "http/protobuf",
    fallbackText: "http/protobuf, or grpc where the endpoint says so",
    sources: otlp("PROTOCOL", protocolKind)
  },
  "otlp.headers": {
    description: "Headers of every export request, such as the key of a vendor.",
    kind: headers,
    fallback: () => ({}),
    fallbackText: "none",
    sources: otlp("HEADERS", headers),
    show: (all) => Object.keys(all).map((name) => `${name}=[hidden]`).join(","),
    hide: () => "[hidden]"
  },
  "otlp.timeoutMillis": {
    description: "How long an export request may take.",
    kind: Kind.timeout,
    unit: "milliseconds",
    fallback: () => 10_000,
    sources: otlp("TIMEOUT", Kind.timeout)
  },
  "otlp.compression": {
    description: "Compresses export requests.",
    kind: compression,
    fallback: () => "none",
    sources: otlp("COMPRESSION", compression)
  },
  "otlp.certificate": {
    description: "PEM file of the authority that signed the collector's certificate.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: otlp("CERTIFICATE", path)
  },
  "otlp.clientKey": {
    description: "PEM file of the key that the client certificate belongs to.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: otlp("CLIENT_KEY", path)
  },
  "otlp.clientCertificate": {
    description: "PEM file of the certificate shown to the collector.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: otlp("CLIENT_CERTIFICATE", path)
  },
  "otlp.insecure": {
    description: "Whether gRPC goes without TLS where the endpoint has no scheme; TLS is the rule.",
    kind: Kind.flag,
    fallback: () => false,
    sources: otlp("INSECURE", Kind.specFlag)
  },
  "console.format": {
    description: "How the console shows spans: a tree on a time axis, or a JSON object a line.",
    kind: consoleFormat,
    fallback: () => "waterfall",
    sources: first(tracing("CONSOLE_FORMAT", consoleFormat))
  },
  "batch.scheduleDelayMillis": {
    description: "Longest wait of an ended span before it is sent.",
    kind: Kind.millis,
    unit: "milliseconds",
    fallback: () => 5000,
    sources: first(otel("BSP_SCHEDULE_DELAY", Kind.millis))
  },
  "batch.exportTimeoutMillis": {
    description: "How long the export of a batch may take.",
    kind: Kind.timeout,
    unit: "milliseconds",
    fallback: () => 30_000,
    sources: first(otel("BSP_EXPORT_TIMEOUT", Kind.timeout))
  },
  "batch.maxQueueSize": {
    description: "Most spans that wait to be sent, besides the bound in bytes.",
    kind: Kind.optional(positive),
    unit: "spans",
    fallback: () => undefined,
    fallbackText: "no bound but that in bytes",
    sources: first(otel("BSP_MAX_QUEUE_SIZE", positive))
  },
  "batch.maxExportBatchSize": {
    description: "Most spans in one export request.",
    kind: positive,
    unit: "spans",
    fallback: () => 512,
    sources: first(otel("BSP_MAX_EXPORT_BATCH_SIZE", positive))
  },
  "batch.queueBytes": {
    description: "Most memory of spans that wait to be sent.",
    kind: queueBytes,
    unit: "bytes",
    fallback: () => 64 * 1024 * 1024,
    sources: first(tracing("QUEUE_BYTES", queueBytes))
  },
  "spool.directory": {
    description: "Folder that keeps on disk what cannot be sent.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: first(tracing("SPOOL_DIR", path))
  },
  "spool.mode": {
    description: "Whether a batch is written to the spool when it cannot be sent, or always before it is sent.",
    kind: spoolMode,
    fallback: () => "unsent",
    sources: first(tracing("SPOOL", spoolMode))
  },
  "spool.flushMillis": {
    description: "Longest time that an ended span waits to be written to the spool, where all of them are.",
    kind: Kind.millis,
    unit: "milliseconds",
    fallback: () => 200,
    sources: first(tracing("SPOOL_FLUSH_MS", Kind.millis))
  },
  "spool.maxBytes": {
    description: "What the folder of the spool may hold.",
    kind: queueBytes,
    unit: "bytes",
    fallback: () => 512 * 1024 * 1024,
    sources: first(tracing("SPOOL_MAX_BYTES", queueBytes))
  },
  "spool.maxAgeMillis": {
    description: "Age at which spans in the spool are given up.",
    kind: Kind.millis,
    unit: "milliseconds",
    fallback: () => 3 * 24 * 3_600_000,
    sources: first(tracing("SPOOL_MAX_AGE_MS", Kind.millis))
  },
  "spool.sync": {
    description: "Whether each write to the spool is waited for until the disk has it, to survive a loss of power.",
    kind: Kind.flag,
    fallback: () => false,
    sources: first(tracing("SPOOL_SYNC", Kind.flag))
  },
  "file.path": {
    description: "File that spans are written to as lines of OTLP JSON.",
    kind: Kind.optional(path),
    fallback: () => undefined,
    sources: first(tracing("EXPORT_TO_FILE", path))
  },
  "file.maxBytes": {
    description: "Size that the file is set aside at, for a new one to begin.",
    kind: positive,
    unit: "bytes",
    fallback: () => 100 * 1024 * 1024,
    sources: first(tracing("FILE_MAX_BYTES", positive))
  },
  "file.maxBackups": {
    description: "Files set aside that are kept; older ones are deleted.",
    kind: Kind.integer(0),
    unit: "files",
    fallback: () => 10,
    sources: first(tracing("FILE_MAX_BACKUPS", Kind.integer(0)))
  }
}
