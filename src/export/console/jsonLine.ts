import type { EndedSpan, ReadonlyAttributes } from "../../model/index.ts"

const billion = 1_000_000_000n

/** ISO 8601 in UTC with nine decimals: no precision is lost, and `Date.parse` reads it. */
const timeOf = (nanos: bigint): string => {
  const fraction = (nanos % billion + billion) % billion
  const seconds = new Date(Number((nanos - fraction) / billion) * 1000).toISOString().slice(0, 19)
  return `${seconds}.${String(fraction).padStart(9, "0")}Z`
}

/** JSON has no numbers that are not finite; their names are kept instead. */
const jsonValue = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value

// JSON escapes what is below U+0020 itself. These, which a terminal obeys or breaks lines at, it leaves.
const obeyed = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

const recordOf = (attributes: ReadonlyAttributes | undefined): object => attributes?.toRecord() ?? {}

/**
 * Writes a span as one line of JSON, without the line end.
 *
 * **Details**
 *
 * The keys, always all of them and in this order:
 *
 * - `time`: when the span started, ISO 8601 in UTC with nanoseconds
 * - `durationMs`: number of milliseconds, with fraction
 * - `traceId`, `spanId`, `parentSpanId` (`null` for a root): hexadecimal
 * - `name`; `kind`: `internal`, `server`, `client`, `producer` or `consumer`
 * - `status`: `unset`, `ok` or `error`; `statusMessage`: text or `null`
 * - `attributes`: an object
 * - `events`: a list of `{ time, name, attributes }`
 * - `links`: a list of `{ traceId, spanId, attributes }`
 * - `service.name`: of the resource, or `null`
 *
 * Numbers that are not finite are written as text. Characters that a terminal would obey are escaped.
 *
 * @category rendering
 * @since 0.1.0
 */
export const jsonLine = (span: EndedSpan, serviceName: string | undefined): string =>
  JSON.stringify({
    time: timeOf(span.startTime),
    durationMs: span.durationMillis,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? null,
    name: span.name,
    kind: span.kind,
    status: span.statusCode,
    statusMessage: span.statusMessage ?? null,
    attributes: recordOf(span.attributes),
    events: span.events.map((event) => ({
      time: timeOf(event.time),
      name: event.name,
      attributes: recordOf(event.attributes)
    })),
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      attributes: recordOf(link.attributes)
    })),
    "service.name": serviceName ?? null
  }, jsonValue).replace(obeyed, escaped)
