/**
 * Reads how long a server asks to be left alone, in milliseconds: seconds or an HTTP date.
 *
 * @category conversions
 * @since 0.1.0
 */
export const retryAfterMillis = (header: string | undefined, nowMillis: number): number | undefined => {
  const text = header?.trim() ?? ""
  if (/^\d+$/u.test(text)) return Number(text) * 1000
  const date = text === "" ? Number.NaN : Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMillis)
}
