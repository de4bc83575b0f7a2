import type { Attributes, AttributeValue as Value } from "../model/index.ts"
import { scanAssignments, scanFlags } from "./assignments.ts"
import { isCard, scanCards } from "./cards.ts"
import { scanEmails } from "./emails.ts"
import type { Finding, Scanner } from "./Finding.ts"
import { globMatcher } from "./globs.ts"
import { builtInEndings, kindOfKey, wordsOf } from "./keys.ts"
import { isMarkerAt, marker } from "./marker.ts"
import { scanPem } from "./pem.ts"
import { scanSchemes } from "./schemes.ts"
import { scanTokens } from "./tokens.ts"

type AttributeValue = Value.AttributeValue

/**
 * A pattern of one's own.
 *
 * @category models
 * @since 0.1.0
 */
export interface PatternRule {
  /** What the marker says: `[redacted:kind]`. */
  readonly kind: string
  /** Every match is taken out. It runs on every text: whether it takes linear time is its author's affair. */
  readonly pattern: RegExp
}

/**
 * What is redacted beyond what always is, and what is not.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rules {
  /**
   * Keys whose values are secret: words in any style (`customer_id` is also `customerId` and `x-customer-id`), found at the end of a key;
   * with `*` for any characters, a whole key in any style; or a regular expression for whole attribute and query keys. Default: none.
   */
  readonly keys?: ReadonlyArray<string | RegExp> | undefined
  /** Keys that are never secret, though a rule says so: whole keys in any style, also with `*`, or regular expressions. Default: none. */
  readonly exceptKeys?: ReadonlyArray<string | RegExp> | undefined
  /** Patterns of one's own, for the values of every key. Default: none. */
  readonly patterns?: ReadonlyArray<PatternRule> | undefined
  /** Kinds that are left alone, as the marker names them: `card`, `jwt`, `session`. Default: none. */
  readonly exceptKinds?: ReadonlyArray<string> | undefined
  /** Whether e-mail addresses are redacted. Default: `false`. */
  readonly email?: boolean | undefined
}

/**
 * Takes secrets out of what is about to leave the process.
 *
 * @category models
 * @since 0.1.0
 */
export interface Redactor {
  /** Redacts attributes in place; says how many values changed. */
  readonly redactAttributes: (attributes: Attributes) => number
  /** Redacts one value by its key and by what it holds. */
  readonly redactValue: (key: string, value: AttributeValue) => AttributeValue
  /** Redacts a text: a message, a status description, a stack trace, a query string. */
  readonly redactText: (text: string) => string
  /** Redacts a URL, also where its query's keys are percent-encoded. */
  readonly redactUrl: (url: string) => string
  /** The kind of secret a key announces; `undefined` where it announces none. */
  readonly kindOfKey: (key: string) => string | undefined
  /** How many secrets of each kind were taken out so far. */
  readonly counts: () => Readonly<Record<string, number>>
}

const maxKeys = 4096
const maxTexts = 2048
// How many other texts may come between the first and the second time that a text does.
const maxSeen = 512
const longestRemembered = 128
// `pwd=x`: nothing shorter can hold a secret that could be told from a word.
const shortestText = 5
const firstCardNumber = 1e13
// A query without its `?`: its first key is one all the same.
const queryKeys = new Set(["url.query"])
const urlKeys = new Set(["url.full", "url.original", "http.url", "http.target"])

const queryPattern = /([?&#;])([^=&#;?\s]{1,128})=([^&#\s]+)/g
const maxRounds = 8

// What was taken out may have been what hid another secret, by making it look like a part of something else.
const untilStable = (text: string, redact: (text: string) => string): string => {
  let before = text
  for (let round = 0; round < maxRounds; round++) {
    const after = redact(before)
    if (after === before) break
    before = after
  }
  return before
}

// A part of a text keeps the whole of it alive in V8: what is remembered is a copy.
const copyOf = (text: string): string => Buffer.from(text, "utf16le").toString("utf16le")

// Nothing of this form is a secret by any rule of ours, and each of them comes a few times: the correlation id of every span.
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const isUuid = (text: string): boolean => text.length === 36 && uuid.test(text)

const isGlob = (rule: string | RegExp): rule is string => typeof rule === "string" && rule.includes("*")
const isName = (rule: string | RegExp): rule is string => typeof rule === "string" && !rule.includes("*")

const matchesKey = (rules: ReadonlyArray<string | RegExp>): (key: string) => boolean => {
  const names = new Set(rules.filter(isName).map((rule) => wordsOf(rule).join(" ")))
  const globs = rules.filter(isGlob).map(globMatcher)
  const patterns = rules.filter((rule) => typeof rule !== "string")
  return (key) =>
    (names.size > 0 && names.has(wordsOf(key).join(" "))) ||
    globs.some((matches) => matches(key)) ||
    patterns.some((pattern) => key.search(pattern) >= 0)
}

/** What is known of a key. */
interface Judgement {
  readonly kind: string | undefined
  /** The last value it had that is remembered to hold no secret: most keys have the same one again and again. */
  harmless: string | undefined
}

const makeJudgeKey = (rules: Rules, endings: ReadonlyMap<string, string>): (key: string) => Judgement => {
  const isExcepted = matchesKey(rules.exceptKeys ?? [])
  const isOwn = matchesKey((rules.keys ?? []).filter((rule) => !isName(rule)))
  const exceptKinds = new Set(rules.exceptKinds)
  const judged = new Map<string, Judgement>()
  return (key) => {
    const known = judged.get(key)
    if (known !== undefined) return known
    const kind = isExcepted(key) ? undefined : kindOfKey(key, endings) ?? (isOwn(key) ? "key" : undefined)
    const judgement = { kind: kind === undefined || exceptKinds.has(kind) ? undefined : kind, harmless: undefined }
    if (judged.size >= maxKeys) judged.clear()
    judged.set(copyOf(key), judgement)
    return judgement
  }
}

/**
 * Makes a redactor of the built-in rules and one's own.
 *
 * **Details**
 *
 * Texts are searched for the few characters and lengths without which no rule can match, and looked at closer only there, without
 * backtracking: time grows with length alone, whatever the text. Judged keys and short texts that hold nothing are remembered, bounded
 * in number; texts with secrets are not.
 *
 * What is redacted stays redacted: a second pass changes nothing.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (rules: Rules = {}): Redactor => {
  const endings = new Map(builtInEndings)
  for (const key of rules.keys ?? []) if (isName(key)) endings.set(wordsOf(key).join(" "), "key")
  const judge = makeJudgeKey(rules, endings)
  const kindOf = (key: string): string | undefined => judge(key).kind
  const exceptKinds = new Set(rules.exceptKinds)
  const patterns = (rules.patterns ?? []).map(({ kind, pattern }) => ({
    kind,
    pattern: new RegExp(pattern.source, pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`)
  }))
  const scanners: ReadonlyArray<Scanner> = [
    scanAssignments(kindOf),
    scanFlags(kindOf),
    scanSchemes,
    scanTokens,
    scanCards,
    scanPem,
    ...(rules.email === true ? [scanEmails] : [])
  ]
  const clean = new Map<string, string>()
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  let total = 0

  const count = (kind: string): void => {
    total++
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }

  const scan = (text: string): string => {
    const found: Array<Finding> = []
    for (const scanner of scanners) scanner(text, found)
    if (found.length === 0) return text
    // The first that begins counts; of one that begins inside it, what is beyond goes too.
    found.sort((self, that) => self.start - that.start || that.end - self.end)
    // Joined at once: a text put together piece by piece is a tree that V8 reads slowly.
    const parts: Array<string> = []
    let copied = 0
    for (const { end, kind, replacement, start } of found) {
      if (exceptKinds.has(kind)) continue
      if (start >= copied) {
        parts.push(text.slice(copied, start), replacement)
        count(kind)
      }
      if (end > copied) copied = end
    }
    if (copied === 0) return text
    parts.push(text.slice(copied))
    return parts.join("")
  }

  const applyOwn = (text: string): string => {
    let redacted = text
    for (const { kind, pattern } of patterns) {
      redacted = redacted.replace(pattern, (match) => {
        if (match === "" || isMarkerAt(match, 0)) return match
        count(kind)
        return marker(kind)
      })
    }
    return redacted
  }

  // Texts that come once, as most names with a number in them do, are not worth a copy.
  const remember = (text: string): void => {
    if (seen.delete(text)) {
      if (clean.size >= maxTexts) clean.clear()
      const copy = copyOf(text)
      clean.set(copy, copy)
    } else {
      if (seen.size >= maxSeen) seen.clear()
      seen.add(text)
    }
  }

  const redactText = (text: string): string => {
    if (text.length < shortestText || (patterns.length === 0 && isUuid(text))) return text
    const isShort = text.length <= longestRemembered
    if (isShort && clean.has(text)) return text
    const redacted = untilStable(text, patterns.length === 0 ? scan : (text) => applyOwn(scan(text)))
    if (isShort && redacted === text) remember(text)
    return redacted
  }

  const redactQuery = (url: string): string =>
    redactText(url).replaceAll(queryPattern, (all, before: string, key: string, value: string) => {
      const kind = isMarkerAt(value, 0) ? undefined : kindOf(decodeKey(key))
      if (kind === undefined) return all
      count(kind)
      return `${before}${key}=${marker(kind)}`
    })

  const redactUrl = (url: string): string => untilStable(url, redactQuery)

  const replaceAll = (kind: string, value: AttributeValue): AttributeValue => {
    if (typeof value === "boolean") return value
    if (Array.isArray(value)) {
      return value.map((item: unknown) =>
        item === null || item === undefined ? item : String(replaceAll(kind, item as string))
      )
    }
    if (value === "" || (typeof value === "string" && isMarkerAt(value, 0))) return value
    count(kind)
    return marker(kind)
  }

  const redactContent = (value: AttributeValue): AttributeValue => {
    if (typeof value === "number") {
      if (value < firstCardNumber || exceptKinds.has("card") || !isCard(String(value))) return value
      count("card")
      return marker("card")
    }
    if (!Array.isArray(value) || typeof value.find((item) => item !== null && item !== undefined) !== "string") {
      return value
    }
    const redacted = value.map((item: unknown) => typeof item === "string" ? redactText(item) : item as undefined)
    return redacted.some((item, index) => item !== value[index]) ? redacted : value
  }

  const redactValue = (key: string, value: AttributeValue): AttributeValue => {
    const judgement = judge(key)
    if (judgement.kind !== undefined) return replaceAll(judgement.kind, value)
    if (typeof value !== "string") return redactContent(value)
    if (value === judgement.harmless) return value
    if (queryKeys.has(key)) return redactUrl(`?${value}`).slice(1)
    if (urlKeys.has(key)) return redactUrl(value)
    judgement.harmless = value.length <= longestRemembered ? clean.get(value) : undefined
    return judgement.harmless ?? redactText(value)
  }

  return {
    redactAttributes: (attributes) => {
      const before = total
      for (let i = 0; i < attributes.size; i++) {
        const value = attributes.valueAt(i)
        const redacted = redactValue(attributes.keyAt(i), value)
        if (redacted !== value) attributes.setAt(i, redacted)
      }
      return total - before
    },
    redactValue,
    redactText,
    redactUrl,
    kindOfKey: kindOf,
    counts: () => Object.fromEntries(counts)
  }
}

const decodeKey = (key: string): string => {
  if (!key.includes("%")) return key
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}
