/**
 * Reads a `Retry-After` header, seconds or an HTTP date, as milliseconds from now (`nowMillis` since the Unix epoch);
 * `undefined` where there is none or it says nothing.
 *
 * Source: RFC 9110, section 10.2.3.
 */
export const retryAfterMillis = (header: string | undefined, nowMillis: number): number | undefined => {
  if (header === undefined) return undefined
  const text = header.trim()
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER)
  // `Date.parse` reads far more than HTTP dates; those all begin with the name of a day.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMillis)
}
