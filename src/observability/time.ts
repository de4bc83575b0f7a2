import * as DateTime from "effect/DateTime"

/** Writes milliseconds since the Unix epoch as ISO 8601. */
export const isoTime = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))
