const redacted = "REDACTED"

/**
 * Query parameters whose values sign a request, and so must not be recorded.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ (`url.full`, `url.query`)
 *
 * @category http
 * @since 0.1.0
 */
export const signedParameters: ReadonlySet<string> = new Set([
  "x-amz-signature",
  "x-amz-credential",
  "x-amz-security-token",
  "sig",
  "x-goog-signature"
])

/**
 * Writes `REDACTED` for the values of {@link signedParameters} in a query (without `?`); keys and order are kept.
 *
 * @category http
 * @since 0.1.0
 */
export const redactQuery = (query: string): string => {
  // All five keys contain "sig", "cred" or "token"; most queries contain none and are left alone after one scan.
  if (!/sig|credential|token/i.test(query)) return query
  let result = ""
  let start = 0
  while (start <= query.length) {
    let end = query.indexOf("&", start)
    if (end < 0) end = query.length
    // Searched within the pair only: a query of pairs without "=" would be read anew for each.
    const pair = query.slice(start, end)
    const equals = pair.indexOf("=")
    result += equals >= 0 && equals <= 20 && signedParameters.has(pair.slice(0, equals).toLowerCase())
      ? pair.slice(0, equals + 1) + redacted
      : pair
    if (end < query.length) result += "&"
    start = end + 1
  }
  return result
}

/**
 * Makes a URL fit for `url.full`: user and password become `REDACTED:REDACTED@`, signed query values `REDACTED`.
 *
 * @category http
 * @since 0.1.0
 */
export const redactUrl = (url: string): string => {
  const hash = url.indexOf("#")
  const beforeHash = hash < 0 ? url.length : hash
  const mark = url.indexOf("?")
  const queryStart = mark < 0 || mark > beforeHash ? beforeHash : mark
  const authority = url.indexOf("//")
  let result = url
  let hostStart = 0
  if (authority >= 0 && authority < queryStart) {
    const slash = url.indexOf("/", authority + 2)
    const authorityEnd = slash < 0 || slash > queryStart ? queryStart : slash
    const at = url.lastIndexOf("@", authorityEnd - 1)
    if (at >= authority + 2) {
      // The key's presence is worth knowing, its value is not.
      const user = url.slice(authority + 2, at).includes(":") ? `${redacted}:${redacted}` : redacted
      result = url.slice(0, authority + 2) + user
      hostStart = at
    }
  }
  const query = url.slice(queryStart + 1, beforeHash)
  const cleanQuery = redactQuery(query)
  if (hostStart === 0 && cleanQuery === query) return url
  const before = hostStart === 0 ? url.slice(0, queryStart) : result + url.slice(hostStart, queryStart)
  return queryStart === beforeHash ? before + url.slice(beforeHash) : `${before}?${cleanQuery}${url.slice(beforeHash)}`
}
