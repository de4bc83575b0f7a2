const padded = (value: number): string => String(value).padStart(2, "0")

/** Three significant digits where they help, whole numbers from 10 milliseconds on. */
const inUnit = (value: number, unit: string, digits: number): string => `${value.toFixed(digits)} ${unit}`

/**
 * Writes a duration for people: `340 µs`, `3.4 ms`, `18 ms`, `2.31 s`, `12.3 s`, `2m 05s`, `1h 02m`.
 *
 * **Details**
 *
 * The unit is chosen after rounding, so that nothing reads `1000 ms` or `60.0 s`.
 *
 * @category formatting
 * @since 0.1.0
 */
export const formatDuration = (millis: number): string => {
  if (!(millis > 0)) return "0 µs"
  const micros = millis * 1000
  if (micros < 0.95) return inUnit(micros, "µs", 1)
  if (micros < 999.5) return inUnit(micros, "µs", 0)
  if (millis < 9.95) return inUnit(millis, "ms", 1)
  if (millis < 999.5) return inUnit(millis, "ms", 0)
  if (millis < 9995) return inUnit(millis / 1000, "s", 2)
  if (millis < 59_950) return inUnit(millis / 1000, "s", 1)
  const seconds = Math.round(millis / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${padded(seconds % 60)}s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)}h ${padded(minutes % 60)}m`
}

/**
 * Writes a count with its noun: `1 span`, `12,000 spans`.
 *
 * @category formatting
 * @since 0.1.0
 */
export const formatCount = (count: number, noun: string): string =>
  `${groupThousands(count)} ${noun}${count === 1 ? "" : "s"}`

/**
 * Writes a whole number with commas between thousands, whatever the machine's locale.
 *
 * @category formatting
 * @since 0.1.0
 */
export const groupThousands = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",")
