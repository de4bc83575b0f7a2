/**
 * What a span says of its outcome: `unset` (nothing was wrong), `ok` (somebody said so explicitly), `error`.
 *
 * Source: OpenTelemetry specification, Trace API, "Set Status".
 *
 * @category models
 * @since 0.1.0
 */
export type StatusCode = "unset" | "ok" | "error"
