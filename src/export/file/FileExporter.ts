import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { Resource } from "../../model/index.ts"
import { diskCauses } from "../disk.ts"
import * as OtlpJson from "../otlp/OtlpJson.ts"
import type { SpanExporter } from "../SpanExporter.ts"
import { allExported, ExportError } from "../SpanExporter.ts"
import { quietly } from "../untraced.ts"
import { appendLine } from "./appendLine.ts"

/**
 * Which file spans are written to, and how large it may become.
 *
 * @category models
 * @since 0.1.0
 */
export interface FileExporterOptions {
  readonly resource: Resource
  /** Path of the file; folders that are missing are made (`TRACING_EXPORT_TO_FILE`). */
  readonly path: string
  /** The file is set aside before it grows beyond that, in bytes; default 100 MiB (`TRACING_FILE_MAX_BYTES`). */
  readonly maxBytes?: number | undefined
  /** Files set aside that are kept, the newest; default 10 (`TRACING_FILE_MAX_BACKUPS`). */
  readonly maxBackups?: number | undefined
}

const failure = (path: string, cause: NodeJS.ErrnoException): ExportError => {
  const code = cause.code ?? "unknown"
  return new ExportError({
    reason: code,
    message: `Spans cannot be written to the file ${path}: ${diskCauses[code] ?? cause.message}. ` +
      "Mend that, or set TRACING_EXPORT_TO_FILE to another path.",
    retryable: true,
    retryAfterMillis: undefined,
    cause
  })
}

/**
 * Makes an exporter that appends each batch to a file as one line of OTLP JSON, as the file exporter of the OpenTelemetry Collector
 * writes it and its `otlpjsonfile` receiver reads it.
 *
 * **Details**
 *
 * A file that would grow beyond `maxBytes` is set aside as `traces-2026-01-02T03-04-05.678Z.jsonl` next to it, and the oldest of those
 * are deleted. The file is opened for each batch, so that it may be moved or deleted at any time, and several processes
 * may write to one.
 *
 * Fails with a retryable `ExportError` named by the code of the operating system (`ENOSPC`, `EACCES`) where a batch cannot be
 * written. A line that was cut short, by a full disk or a process killed while writing, is left as it is and the next
 * begins on a line of its own.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: FileExporterOptions): SpanExporter => {
  const { maxBackups = 10, maxBytes = 100 * 1024 * 1024, path, resource } = options
  const oneAtATime = Semaphore.makeUnsafe(1)
  const append = Effect.fnUntraced(function*(line: Uint8Array) {
    const now = yield* Clock.currentTimeMillis
    // Once begun a write goes on to its end: what gave up on it would write it again.
    yield* Effect.uninterruptible(oneAtATime.withPermit(Effect.tryPromise({
      try: () => quietly(() => appendLine({ path, maxBytes, maxBackups }, line, now)),
      catch: (cause) => failure(path, cause as NodeJS.ErrnoException)
    })))
    return allExported
  })
  return {
    name: `file ${path}`,
    export: (spans) => Effect.flatMap(OtlpJson.encode(resource, spans), append),
    encoded: { encoding: OtlpJson.encodingFor(resource), send: append },
    shutdown: Effect.void
  }
}
