import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ConsoleExporterOptions } from "./console/ConsoleExporter.ts"
import type { FileExporterOptions } from "./file/FileExporter.ts"
import type { OtlpExporterOptions } from "./otlp/OtlpExporter.ts"
import type { SpanExporter } from "./SpanExporter.ts"

/** Loads `OtlpExporter` and makes one. */
export const loadOtlpExporter = (options: OtlpExporterOptions): Effect.Effect<SpanExporter, never, Scope.Scope> =>
  Effect.flatMap(Effect.promise(() => import("./otlp/OtlpExporter.ts")), ({ make }) => make(options))

/** Loads `ConsoleExporter` and makes one. */
export const loadConsoleExporter = (options: ConsoleExporterOptions): Effect.Effect<SpanExporter, never, Scope.Scope> =>
  Effect.flatMap(Effect.promise(() => import("./console/ConsoleExporter.ts")), ({ make }) => make(options))

/** Loads `FileExporter` and makes one. */
export const loadFileExporter = (options: FileExporterOptions): Effect.Effect<SpanExporter> =>
  Effect.map(Effect.promise(() => import("./file/FileExporter.ts")), ({ make }) => make(options))
