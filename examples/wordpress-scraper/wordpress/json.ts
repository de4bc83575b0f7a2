import { Result } from "effect"

const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({ try: (): unknown => JSON.parse(text), catch: (cause) => String(cause) })

/**
 * Reads JSON out of what a WordPress sends as JSON.
 *
 * **Details**
 *
 * A byte order mark, or notices and warnings of PHP, may stand before the JSON. The answer is then what can be read from
 * the first bracket on that begins a whole value.
 *
 * @category conversions
 * @since 0.1.0
 */
export const jsonFromWordPress = (body: string): Result.Result<unknown, string> => {
  const text = body.replace(/^\uFEFF+/u, "").trim()
  const whole = parse(text)
  if (Result.isSuccess(whole)) return whole
  // PHP's notices hold few brackets; to look further than this would be to search inside a truncated answer.
  let from = -1
  for (let attempt = 0; attempt < 20; attempt++) {
    const next = text.slice(from + 1).search(/[[{]/u)
    if (next < 0) break
    from += 1 + next
    if (from === 0) continue
    const rest = parse(text.slice(from).replace(/^\uFEFF+/u, ""))
    if (Result.isSuccess(rest)) return rest
  }
  return Result.fail(text === "" ? "an empty answer" : "neither whole nor valid JSON")
}
