import { isOf, wordCharacters } from "./characters.ts"
import type { Finding, Scanner } from "./Finding.ts"
import { conventionalMarker, isMarkerAt, marker } from "./marker.ts"
import { wordStart } from "./tokens.ts"
import { findUserInfo, findWebhook } from "./urls.ts"

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
// `$1`, `?`, `:name`, `@p1`, `%s`, `${name}`, `{{name}}`, `lexer.next(`: a place for a value, or where it comes from.
const placeholder = /^(?:\$\d+|\?|[:@][A-Za-z_]\w*|%[sd]|\$?\{+[\w.\s]*\}*|[A-Za-z_][\w.]*\()$/
// `session.token`: maybe another place where the same is kept.
const reference = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/

const looksRandom = (value: string): boolean =>
  value.length >= 20 ||
  (/[0-9]/.test(value) ? !/^[0-9]{1,4}$/.test(value) && value.length >= 4 : /[a-z][A-Z]|[^A-Za-z.]./.test(value))

const openList = /\[\s{0,64}(?=\\?["'`])/y
const openQuote = /(?:\\?["'`]|%22)/iy
const queryValue = /[^&#\s"'`<>;]*/y
// A comma, bracket or full stop belongs to the value unless it ends it.
const plainValue = /(?:[^\s&"'`<>;,)}\]%]|[,)}\]](?![\s,)}\]"']|$|[\w-]{1,40}["']?[=:])|%(?!26|22))+/iy
const lineValue = /[^\r\n"'`]*/y
const longestLook = 128

interface Value {
  readonly start: number
  readonly end: number
  readonly isQuoted: boolean
}

const readValue = (text: string, start: number, isQuery: boolean, isWholeLine: boolean): Value => {
  openList.lastIndex = start
  if (openList.test(text)) {
    const end = text.indexOf("]", start)
    return { start: start + 1, end: end < 0 ? text.length : end, isQuoted: true }
  }
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

/** What stands before a separator. */
interface Key {
  readonly name: string
  readonly start: number
  readonly isQuoted: boolean
}

const longestKey = 64

// `key=`, `"key" :`, `\"key\":`, `user[key]=`, `%22key%22%3A`: backwards from the separator.
const readKey = (text: string, separator: number): Key | undefined => {
  let end = separator
  while (separator - end < 3 && (text[end - 1] === " " || text[end - 1] === "\t")) end--
  let isQuoted = false
  let isBracketed = false
  for (let count = 0; count < 3; count++) {
    const last = text[end - 1]
    if (last === "\"" || last === "'" || last === "`") {
      isQuoted = true
      end -= text[end - 2] === "\\" ? 2 : 1
    } else if (last === "]") {
      isBracketed = true
      end--
    } else if (text[end - 3] === "%" && /^(?:22|5D)$/i.test(text.slice(end - 2, end))) {
      isQuoted ||= last === "2"
      isBracketed ||= last !== "2"
      end -= 3
    } else break
  }
  let start = end
  while (end - start < longestKey && isOf(wordCharacters, text, start - 1)) start--
  start = Math.min(wordStart(text, start), end)
  // `]` closes a key only where `[` opened it.
  if (
    start === end || (isBracketed && text[start - 1] !== "[" && !/%5b/i.test(text.slice(Math.max(0, start - 3), start)))
  ) {
    return undefined
  }
  return { name: text.slice(start, end), start, isQuoted }
}

const separatorPattern = /(?:%3[DA]|=+>?|:=?)[ \t]{0,3}/iy

const findValue = (
  text: string,
  key: Key,
  kind: string,
  separator: number,
  kindOf: (key: string) => string | undefined
): Finding | undefined => {
  separatorPattern.lastIndex = separator
  const sign = separatorPattern.exec(text)?.[0]
  if (sign === undefined) return undefined
  const valueStart = separatorPattern.lastIndex
  if (isMarkerAt(text, valueStart) || isMarkerAt(text, valueStart + 1)) return undefined
  const before = text[key.start - 1]
  const isQuery = before === "?" || before === "&" || before === "#"
  // After a colon a word of prose may follow; after `=` or behind a quoted key it is a value.
  const isLoose = sign.startsWith(":") && !key.isQuoted
  const isWholeLine = isLoose && (kind === "authorization" || kind === "cookie")
  // The rest of a line is only read to its end once its beginning has shown it to be a secret: else a line that is full of such
  // keys would be read to its end for each of them.
  if (isWholeLine && !isSecretLine(kind, text.slice(valueStart, valueStart + longestLook))) return undefined
  const { end, isQuoted, start } = readValue(text, valueStart, isQuery, isWholeLine)
  if (start === end) return undefined
  if (!isWholeLine) {
    const value = text.slice(start, end)
    const isBare = !isQuoted && !isQuery && value.length <= longestKey
    if (isBare && reference.test(value) && kindOf(value) !== undefined) return undefined
    if (!isSecretValue(kind, value, isQuoted, isLoose, isQuery)) return undefined
  }
  const isConventional = isQuery && conventionalKeys.has(key.name.toLowerCase())
  return { kind, start, end, replacement: isConventional ? conventionalMarker : marker(kind) }
}

const findUrl = (text: string, authority: number, found: Array<Finding>): void => {
  const finding = findUserInfo(text, authority) ?? findWebhook(text, authority)
  if (finding !== undefined) found.push(finding)
}

/**
 * Finds values behind keys that announce a secret (query strings, JSON, headers, settings, messages), and the secrets of URLs: both show by
 * `=`, `:` or the percent-encoding of one of them.
 */
export const scanAssignments = (kindOf: (key: string) => string | undefined): Scanner => (text, found) => {
  let equals = text.indexOf("=")
  let colon = text.indexOf(":")
  let percent = text.indexOf("%3")
  for (;;) {
    let at = equals
    if (colon >= 0 && (at < 0 || colon < at)) at = colon
    if (percent >= 0 && (at < 0 || percent < at)) at = percent
    if (at < 0) return
    let next = at + 1
    if (text.startsWith("://", at)) findUrl(text, at + 3, found)
    else {
      const key = readKey(text, at)
      const kind = key === undefined ? undefined : kindOf(key.name)
      const finding = kind === undefined ? undefined : findValue(text, key!, kind, at, kindOf)
      if (finding !== undefined) {
        found.push(finding)
        next = finding.end
      }
    }
    if (equals >= 0 && equals < next) equals = text.indexOf("=", next)
    if (colon >= 0 && colon < next) colon = text.indexOf(":", next)
    if (percent >= 0 && percent < next) percent = text.indexOf("%3", next)
  }
}

const flagPattern = /--([A-Za-z][A-Za-z0-9-]{0,63})[ \t]+(?=[^\s-])/y

/** Finds values behind the options of a command line: `--password hunter2`. */
export const scanFlags = (kindOf: (key: string) => string | undefined): Scanner => (text, found) => {
  let at = text.indexOf("--")
  while (at >= 0) {
    let next = at + 2
    flagPattern.lastIndex = at
    const name = flagPattern.exec(text)?.[1]
    const kind = name === undefined ? undefined : kindOf(name)
    if (kind !== undefined && !isMarkerAt(text, flagPattern.lastIndex)) {
      const { end, isQuoted, start } = readValue(text, flagPattern.lastIndex, false, false)
      if (start < end && isSecretValue(kind, text.slice(start, end), isQuoted, true, false)) {
        found.push({ kind, start, end, replacement: marker(kind) })
        next = end
      }
    }
    at = text.indexOf("--", next)
  }
}
