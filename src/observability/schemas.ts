import * as Schema from "effect/Schema"

const Time = Schema.String.annotate({ description: "ISO 8601, UTC" })

const TraceId = Schema.String.annotate({ description: "32 lower-case hexadecimal digits" })

/**
 * How well something does: `off` is not there by the settings, `degraded` works with losses or delays, `down` does not work.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Health = Schema.Literals(["healthy", "degraded", "down", "off"])

/**
 * How well something does.
 *
 * @category models
 * @since 0.1.0
 */
export type Health = typeof Health.Type

/**
 * One operation, by name, kind and, for what is called, host.
 *
 * **Details**
 *
 * Counts are since the start; rate, quantiles and the slowest span are of the last `window_seconds`. `sampled` tells whether the
 * trace was known to be exported when the span ended: only then is it found in a backend.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OperationOverview = Schema.Struct({
  name: Schema.String,
  kind: Schema.Literals(["internal", "server", "client", "producer", "consumer", "other"]),
  host: Schema.NullOr(Schema.String),
  count: Schema.Int,
  error_count: Schema.Int,
  errors: Schema.Record(Schema.String, Schema.Int),
  window_seconds: Schema.Finite,
  rate_per_second: Schema.Finite,
  p50_ms: Schema.NullOr(Schema.Finite),
  p95_ms: Schema.NullOr(Schema.Finite),
  p99_ms: Schema.NullOr(Schema.Finite),
  slowest: Schema.NullOr(Schema.Struct({
    trace_id: TraceId,
    duration_ms: Schema.Finite,
    sampled: Schema.Boolean
  })),
  last_failed: Schema.NullOr(Schema.Struct({
    trace_id: TraceId,
    error_type: Schema.String,
    time: Time,
    sampled: Schema.Boolean
  }))
})

/**
 * One operation.
 *
 * @category models
 * @since 0.1.0
 */
export type OperationOverview = typeof OperationOverview.Type

/**
 * One part of tracing: how it does, since when, why, and what to do about it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ComponentStatus = Schema.Struct({
  status: Health,
  since: Time,
  why: Schema.String,
  what_to_do: Schema.NullOr(Schema.String),
  counts: Schema.Record(Schema.String, Schema.Int)
})

/**
 * One part of tracing.
 *
 * @category models
 * @since 0.1.0
 */
export type ComponentStatus = typeof ComponentStatus.Type

/**
 * All parts of tracing by name: `distributed_tracer`, `exporter <name>` for each exporter, `sampler`, `propagation`, `spool`,
 * `http`, `sql` and `redaction`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ComponentStatuses = Schema.Record(Schema.String, ComponentStatus)

/**
 * All parts of tracing by name.
 *
 * @category models
 * @since 0.1.0
 */
export type ComponentStatuses = typeof ComponentStatuses.Type

/**
 * Where the spans are, as the ledger counts them.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LedgerStatus = Schema.Struct({
  started: Schema.Int,
  active: Schema.Int,
  sampled_out: Schema.Int,
  kept_back: Schema.Int,
  queued: Schema.Int,
  in_flight: Schema.Int,
  spooled: Schema.Int,
  exported: Schema.Int,
  rejected: Schema.Int,
  dropped: Schema.Record(Schema.String, Schema.Int),
  late_writes: Schema.Int,
  evicted: Schema.Int.annotate({
    description: "among those sampled out: their trace might yet have been kept, and was let go for want of room"
  }),
  evicted_traces: Schema.Int.annotate({ description: "traces let go, or not held at all, for want of room" }),
  maybe_doubled: Schema.Int.annotate({ description: "among those exported: they may have arrived twice" }),
  lost: Schema.Int.annotate({ description: "rejected, and dropped without being asked to" })
})

/**
 * Where the spans are.
 *
 * @category models
 * @since 0.1.0
 */
export type LedgerStatus = typeof LedgerStatus.Type

/**
 * What `SamplingControl` has set sampling to. Where nothing was changed, it is what the settings say.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SamplingStatus = Schema.Struct({
  adjusted: Schema.Boolean.annotate({ description: "whether anything was changed since the start" }),
  sampler: Schema.String,
  ratio: Schema.Finite,
  keep_errors: Schema.Boolean,
  keep_slow_ms: Schema.NullOr(Schema.Finite),
  keep_slowest: Schema.NullOr(Schema.Finite),
  keep_events: Schema.Array(Schema.String),
  max_traces_per_second: Schema.NullOr(Schema.Finite),
  ignored_routes: Schema.Array(Schema.String),
  rules: Schema.Int.annotate({ description: "how many there are, which only code can give" })
})

/**
 * What sampling is set to now.
 *
 * @category models
 * @since 0.1.0
 */
export type SamplingStatus = typeof SamplingStatus.Type

/**
 * Tracing in detail: settings with their sources, the ledger, the last export and the last error.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TracingStatus = Schema.Struct({
  initialized: Schema.Boolean,
  current_trace_id: Schema.NullOr(TraceId),
  sampling: Schema.Array(Schema.String),
  sampling_control: SamplingStatus,
  ledger: LedgerStatus,
  last_export: Schema.NullOr(Time),
  last_error: Schema.NullOr(Schema.Struct({
    exporter: Schema.String,
    reason: Schema.String,
    message: Schema.String,
    time: Time
  })),
  warnings: Schema.Array(Schema.Struct({ message: Schema.String, count: Schema.Int })),
  settings: Schema.Array(Schema.Struct({
    name: Schema.String,
    value: Schema.String,
    source: Schema.Literals(["variable", "override", "default"]),
    variable: Schema.String
  }))
})

/**
 * Tracing in detail.
 *
 * @category models
 * @since 0.1.0
 */
export type TracingStatus = typeof TracingStatus.Type

/**
 * The program at a glance: who it is, how long it runs, how tracing does, what it did.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SystemOverview = Schema.Struct({
  status: Health,
  service: Schema.Struct({
    name: Schema.String,
    version: Schema.NullOr(Schema.String),
    environment: Schema.String
  }),
  started: Time,
  uptime_seconds: Schema.Finite,
  tracing: Schema.Struct({
    initialized: Schema.Boolean,
    sampling: Schema.Array(Schema.String),
    exporters: Schema.Array(Schema.String),
    spans_started: Schema.Int,
    spans_exported: Schema.Int,
    spans_lost: Schema.Int
  }),
  operations: Schema.Array(OperationOverview)
})

/**
 * The program at a glance.
 *
 * @category models
 * @since 0.1.0
 */
export type SystemOverview = typeof SystemOverview.Type
