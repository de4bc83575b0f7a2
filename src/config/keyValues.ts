import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Kind } from "./Kind.ts"

/** Undoes percent-coding; `undefined` where it is malformed. */
const percentDecode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The `key=value` members of a comma list, trimmed; `undefined` where one has no `=` or no key. */
const members = (text: string): ReadonlyArray<readonly [key: string, value: string]> | undefined => {
  const pairs: Array<readonly [string, string]> = []
  for (const member of text.split(",")) {
    if (member.trim() === "") {
      continue
    }
    const separator = member.indexOf("=")
    const key = member.slice(0, Math.max(separator, 0)).trim()
    if (key === "") {
      return undefined
    }
    pairs.push([key, member.slice(separator + 1).trim()])
  }
  return pairs.length === 0 ? undefined : pairs
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The record with every member as `accept` takes it; `undefined` where one is bad. */
const acceptRecord = <A>(
  value: unknown,
  accept: (key: string, value: unknown) => readonly [key: string, value: A] | undefined
): Readonly<Record<string, A>> | undefined => {
  if (!isRecord(value)) {
    return undefined
  }
  const given = Object.entries(value)
  const accepted = given.flatMap(([key, entry]) => {
    const pair = accept(key, entry)
    return pair === undefined ? [] : [pair]
  })
  return accepted.length === given.length ? Object.fromEntries(accepted) : undefined
}

/**
 * Resource attributes: `key=value,key=value`, percent-coded. One bad member spoils all, as the specification asks for.
 *
 * @category kinds
 * @since 0.1.0
 */
export const resourceAttributes: Kind<Readonly<Record<string, string>>> = {
  allowed: "key=value,key=value with \",\", \"=\" and \"%\" inside percent-coded (%2C, %3D, %25)",
  parse: (text) => {
    const attributes: Record<string, string> = Object.create(null)
    for (const [key, value] of members(text) ?? [["", ""]]) {
      const decodedKey = percentDecode(key)
      const decodedValue = percentDecode(value)
      if (decodedKey === undefined || decodedKey === "" || decodedValue === undefined) {
        return Result.fail(resourceAttributes.allowed)
      }
      attributes[decodedKey] = decodedValue
    }
    return Result.succeed({ ...attributes })
  },
  accept: (value) =>
    acceptRecord(value, (key, entry) => key !== "" && typeof entry === "string" ? [key, entry] : undefined)
}

/**
 * Matches the name of an HTTP header.
 *
 * @category patterns
 * @since 0.1.0
 */
export const headerName: RegExp = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** What Node sends in a header: no line break, no control character, nothing beyond Latin-1. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * Headers of the export's requests: `name=value,name=value`, values percent-coded.
 *
 * **Details**
 *
 * A value with a stray "%" is taken as it is written and told: tokens contain it. Names are put in lower case.
 *
 * @category kinds
 * @since 0.1.0
 */
export const headers: Kind<Readonly<Record<string, Redacted.Redacted>>> = {
  allowed:
    "name=value,name=value of HTTP headers without line breaks, \",\" and \"%\" in values percent-coded (%2C, %25)",
  parse: (text, note) => {
    const found: Record<string, Redacted.Redacted> = Object.create(null)
    for (const [key, value] of members(text) ?? [["", ""]]) {
      const name = (percentDecode(key) ?? key).toLowerCase()
      const decoded = percentDecode(value)
      if (decoded === undefined) {
        note(
          `the value of ${
            headerName.test(name) ? name : "one header"
          } is not percent-coded and is taken as it is; write %25 for "%"`
        )
      }
      if (!headerName.test(name) || !headerValue.test(decoded ?? value)) {
        return Result.fail(headers.allowed)
      }
      found[name] = Redacted.make(decoded ?? value, { label: name })
    }
    return Result.succeed({ ...found })
  },
  accept: (value) =>
    acceptRecord(value, (key, entry) => {
      const text = Redacted.isRedacted(entry) ? Redacted.value(entry) : undefined
      return headerName.test(key) && typeof text === "string" && headerValue.test(text)
        ? [key.toLowerCase(), Redacted.make(text, { label: key })]
        : undefined
    })
}
