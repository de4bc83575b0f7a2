import type * as Redacted from "effect/Redacted"
import type { SpanLimits } from "../model/index.ts"

/**
 * Names a head sampler, as `OTEL_TRACES_SAMPLER` spells it.
 *
 * @category models
 * @since 0.1.0
 */
export type SamplerName =
  | "always_on"
  | "always_off"
  | "traceidratio"
  | "parentbased_always_on"
  | "parentbased_always_off"
  | "parentbased_traceidratio"

/**
 * Names a place that finished spans go to.
 *
 * @category models
 * @since 0.1.0
 */
export type ExporterName = "otlp" | "console"

/**
 * Names a header format that carries the trace context.
 *
 * @category models
 * @since 0.1.0
 */
export type PropagatorName = "tracecontext" | "baggage" | "b3" | "b3multi" | "jaeger"

/**
 * Holds every setting, resolved: what the rest of the package reads, and what `TracingConfig.layerWith` overrides in part.
 *
 * **Details**
 *
 * Unit, range, default and variables of each field are in {@link settingsTable}, and nowhere else.
 *
 * @category models
 * @since 0.1.0
 */
export interface TracingSettings {
  readonly enabled: boolean
  readonly serviceName: string
  readonly serviceVersion: string | undefined
  readonly environment: string
  /** As given; the three fields above win over `service.name`, `service.version` and `deployment.environment.name` in it. */
  readonly resourceAttributes: Readonly<Record<string, string>>
  readonly sampling: {
    readonly sampler: SamplerName
    readonly ratio: number
    readonly keepErrors: boolean
    readonly keepSlowMillis: number | undefined
  }
  readonly exporters: ReadonlyArray<ExporterName>
  readonly otlp: {
    readonly tracesEndpoint: string
    readonly protocol: "http/protobuf" | "http/json" | "grpc"
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, Redacted.Redacted<string>>>
    /** `Infinity` is no limit. */
    readonly timeoutMillis: number
    readonly compression: "gzip" | "none"
    readonly certificate: string | undefined
    readonly clientKey: string | undefined
    readonly clientCertificate: string | undefined
    readonly insecure: boolean | undefined
  }
  readonly console: {
    readonly format: "waterfall" | "json"
  }
  readonly batch: {
    readonly scheduleDelayMillis: number
    /** `Infinity` is no limit. */
    readonly exportTimeoutMillis: number
    readonly maxQueueSize: number | undefined
    readonly maxExportBatchSize: number
    readonly queueBytes: number
  }
  readonly limits: SpanLimits
  readonly propagators: ReadonlyArray<PropagatorName>
  readonly propagationTargets: ReadonlyArray<string>
  readonly trustIncoming: "auto" | "link" | "parent" | "none"
  readonly trustedPeers: ReadonlyArray<string>
  readonly correlationHeader: string
  readonly instrument: {
    readonly httpServer: boolean
    readonly httpClient: boolean
    readonly sql: boolean
  }
  readonly logEvents: boolean
  readonly exceptionSignal: "events" | "logs" | "logs/dup"
  readonly knownHttpMethods: ReadonlyArray<string> | undefined
  readonly shutdownTimeoutMillis: number
  readonly spanBudget: number
  readonly logLevel: "none" | "error" | "warn" | "info" | "debug" | "verbose" | "all"
  readonly spool: {
    readonly directory: string | undefined
    readonly mode: "unsent" | "always"
    readonly flushMillis: number
  }
  readonly file: {
    readonly path: string | undefined
  }
  readonly exitReport: "always" | "loss" | "never"
}

/** A group of settings, as against a value: an interface with named fields that is no list and no map. */
type IsGroup<T> = [T] extends [object]
  ? T extends ReadonlyArray<unknown> | Redacted.Redacted<unknown> ? false : string extends keyof T ? false : true
  : false

type FieldOf<T, Prefix extends string = ""> = {
  [K in keyof T & string]: IsGroup<T[K]> extends true ? FieldOf<T[K], `${Prefix}${K}.`>
    : { readonly path: `${Prefix}${K}`; readonly value: T[K] }
}[keyof T & string]

/**
 * One field of {@link TracingSettings}: its path, such as `sampling.ratio`, and the type of its value.
 *
 * @category models
 * @since 0.1.0
 */
export type Field = FieldOf<TracingSettings>

/**
 * Path of a field of {@link TracingSettings}, such as `sampling.ratio`.
 *
 * @category models
 * @since 0.1.0
 */
export type FieldPath = Field["path"]

/**
 * Type of the value at a path of {@link TracingSettings}.
 *
 * @category models
 * @since 0.1.0
 */
export type FieldValue<P extends FieldPath> = Extract<Field, { readonly path: P }>["value"]

type PartialDeep<T> = {
  readonly [K in keyof T]?: (IsGroup<T[K]> extends true ? PartialDeep<T[K]> : T[K]) | undefined
}

/**
 * Settings given in code: any part of {@link TracingSettings}. They win over every variable; `undefined` leaves a field
 * to its variables.
 *
 * @category models
 * @since 0.1.0
 */
export type SettingsOverrides = PartialDeep<TracingSettings>
