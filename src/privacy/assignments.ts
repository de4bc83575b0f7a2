import { conventionalMarker, isMarkerAt, marker } from "./marker.ts"
import type { Finding } from "./tokens.ts"

// `key=value`, `"key": "value"`, `user[key]=value`, `key%3Dvalue`: query strings, JSON, headers, settings, messages.
const closers = "(?:\\\\?[\"'`]|\\]|%22|%5D){0,3}"
const separators = "[ \\t]{0,3}(?:=>|[=:]|%3[DA])"

/** Finds the end of a key that may announce a secret, where a value follows. */
export const assignmentTrigger = (lastWords: ReadonlyArray<string>): string =>
  `(?:${[...lastWords].sort((a, b) => b.length - a.length).join("|")})(?=[0-9]{0,3}${closers}${separators})`

const restPattern = new RegExp(`[0-9]{0,3}(${closers})${separators}[ \\t]{0,3}`, "iy")
const keyPattern = /[A-Za-z0-9_.-]{0,64}$/

// The five query parameters whose replacement the semantic conventions prescribe.
const conventionalKeys = new Set([
  "x-amz-signature",
  "x-amz-credential",
  "x-amz-security-token",
  "x-goog-signature",
  "sig"
])

const harmless = new Set(
  ("null undefined none nil nan true false yes no on off required missing invalid expected unexpected optional empty unknown any never " +
    "string number boolean object array function text hidden masked redacted must should is was are has have had not a an the in " +
    "for from of and or to at by with as it expired changed updated reset wrong incorrect too cannot can't may will only default")
    .split(" ")
)
// `$1`, `?`, `:name`, `@p1`, `%s`, `${name}`, `{{name}}`, `user.token`: a place for a value, or another key's name.
const placeholder = /^(?:\$\d+|\?|[:@][A-Za-z_]\w*|%[sd]|\$?\{+[\w.\s]*\}*|[A-Za-z_]\w*\.[A-Za-z_][\w.]*)$/

const looksRandom = (value: string): boolean =>
  value.length >= 20 ||
  (/[0-9]/.test(value) ? !/^[0-9]{1,4}$/.test(value) && value.length >= 4 : /[a-z][A-Z]|[^A-Za-z.]./.test(value))

const openQuote = /(?:\\?["'`]|%22)/iy
const queryValue = /[^&#\s"'`<>;]*/y
// A comma, bracket or full stop belongs to the value unless it ends it.
const plainValue = /(?:[^\s&"'`<>;,)}\]%]|[,)}\]](?![\s,)}\]"']|$|[\w-]{1,40}["']?[=:])|%(?!26|22))+/iy
const lineValue = /[^\r\n"'`]*/y
const longestLook = 256

interface Value {
  readonly start: number
  readonly end: number
  readonly isQuoted: boolean
}

const readValue = (text: string, start: number, isQuery: boolean, isWholeLine: boolean): Value => {
  openQuote.lastIndex = start
  const quote = openQuote.exec(text)?.[0]
  if (quote !== undefined) {
    const from = start + quote.length
    let end = text.indexOf(quote, from)
    // A quote escaped by a backslash belongs to the value; an escaped quote that opened it closes it.
    while (end >= 0 && quote.length === 1 && text[end - 1] === "\\") end = text.indexOf(quote, end + 1)
    return { start: from, end: end < 0 ? text.length : end, isQuoted: true }
  }
  const pattern = isQuery ? queryValue : isWholeLine ? lineValue : plainValue
  pattern.lastIndex = start
  return { start, end: pattern.test(text) ? pattern.lastIndex : start, isQuoted: false }
}

const isSecretLine = (kind: string, beginning: string): boolean => {
  const line = /^[^\r\n]*/.exec(beginning)![0]
  return kind === "cookie"
    ? line.includes("=")
    : line.split(/[\s"'`]+/).some((part) => part !== "" && !harmless.has(part.toLowerCase()) && looksRandom(part))
}

const isSecretValue = (kind: string, value: string, isQuoted: boolean, isLoose: boolean, isQuery: boolean): boolean => {
  if (value === "" || (value.length < 64 && (placeholder.test(value) || harmless.has(value.toLowerCase())))) {
    return false
  }
  if (isQuery || kind === "password" || kind === "secret" || kind === "cookie" || kind === "authorization") return true
  // A word after a colon may be prose ("Unexpected token: end"), one after `=` or behind a quoted key hardly.
  return isLoose ? looksRandom(value) : value.length >= (isQuoted ? 4 : 8) || looksRandom(value)
}

/** Reads the key that ends at `keyEnd` and the value that follows; `kindOf` judges the key. */
export const findAssignment = (
  text: string,
  keyEnd: number,
  kindOf: (key: string) => string | undefined
): Finding | undefined => {
  restPattern.lastIndex = keyEnd
  const rest = restPattern.exec(text)
  if (rest === null) return undefined
  const run = keyPattern.exec(text.slice(Math.max(0, keyEnd - 64), keyEnd))![0]
  // `%3Ftoken%3D`: what follows the percent sign is a character, and the key comes after it.
  const encoded = text[keyEnd - run.length - 1] === "%" && /^[0-9a-f]{2}/i.test(run) ? 2 : 0
  const key = run.slice(encoded)
  const kind = kindOf(key)
  if (kind === undefined) return undefined
  const keyStart = keyEnd - key.length
  const before = text[keyStart - 1]
  // `]` closes a key only where `[` opened it.
  if (
    /\]|%5d/i.test(rest[1]!) && before !== "[" &&
    text.slice(Math.max(0, keyStart - 3), keyStart).toLowerCase() !== "%5b"
  ) return undefined
  const valueStart = restPattern.lastIndex
  if (isMarkerAt(text, valueStart) || isMarkerAt(text, valueStart + 1)) return undefined
  const isQuery = before === "?" || before === "&" || before === "#"
  // After a colon a word of prose may follow; after `=` or behind a quoted key it is a value.
  const isLoose = rest[0].includes(":") && rest[1] === ""
  const isWholeLine = isLoose && (kind === "authorization" || kind === "cookie")
  // The rest of a line is only read to its end once its beginning has shown it to be a secret: else a line that is full of such
  // keys would be read to its end for each of them.
  if (isWholeLine && !isSecretLine(kind, text.slice(valueStart, valueStart + longestLook))) return undefined
  const value = readValue(text, valueStart, isQuery, isWholeLine)
  if (!isWholeLine && !isSecretValue(kind, text.slice(value.start, value.end), value.isQuoted, isLoose, isQuery)) {
    return undefined
  }
  if (value.start === value.end) return undefined
  const isConventional = isQuery && conventionalKeys.has(key.toLowerCase())
  return { kind, start: value.start, end: value.end, replacement: isConventional ? conventionalMarker : marker(kind) }
}
