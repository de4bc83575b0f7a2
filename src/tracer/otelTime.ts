import type { HrTime, TimeInput } from "@opentelemetry/api"

const nanosPerSecond = 1_000_000_000n

/** Nanoseconds since the Unix epoch as OpenTelemetry's pair of seconds and nanoseconds. */
export const toHrTime = (nanos: bigint): HrTime => [Number(nanos / nanosPerSecond), Number(nanos % nanosPerSecond)]

// OpenTelemetry takes `performance.now()` for a time as well: a number smaller than any time since the program began.
const isPerformanceNow = (millis: number): boolean => millis < performance.timeOrigin

/** Nanoseconds since the Unix epoch of whatever OpenTelemetry accepts as a time; `undefined` for none. */
export const fromTimeInput = (time: TimeInput | undefined): bigint | undefined => {
  if (time === undefined) return undefined
  if (Array.isArray(time)) return BigInt(time[0]) * nanosPerSecond + BigInt(time[1])
  const millis = time instanceof Date ? time.getTime() : time
  return BigInt(Math.round((isPerformanceNow(millis) ? performance.timeOrigin + millis : millis) * 1e6))
}
