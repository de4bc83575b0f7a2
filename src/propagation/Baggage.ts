import type { Carrier, Setter } from "./Carrier.ts"
import { percentDecode, percentEncode } from "./percent.ts"
import type { Extracted, PropagatedContext } from "./PropagatedContext.ts"
import { nothingExtracted } from "./PropagatedContext.ts"
import type { Propagator } from "./Propagator.ts"

/**
 * One value of the baggage.
 *
 * @category models
 * @since 0.1.0
 */
export interface Entry {
  /** The value, decoded. */
  readonly value: string
  /** The properties as they came, `k1=v1;k2`: opaque to W3C Baggage. */
  readonly properties: string | undefined
}

/**
 * Keys and values that user code sends along with a trace.
 *
 * @category models
 * @since 0.1.0
 */
export type Baggage = ReadonlyMap<string, Entry>

/** The most members a header may have, read or written (W3C Baggage grammar). */
const maxMembers = 180
/** The most bytes of a header, read or written (W3C Baggage, "Limits", asks for at least these). */
const maxBytes = 8192

// `token` of RFC 9110, and `baggage-octet` of W3C Baggage.
const keyPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const valuePattern = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/
const propertyPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:[ \t]*=[ \t]*[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*)?$/
const isValueOctet = (code: number): boolean =>
  code === 0x21 || (code >= 0x23 && code <= 0x7e && code !== 0x2c && code !== 0x3b && code !== 0x5c)

// Only space and tab: a line break inside a member is no white space but an error.
const trimOws = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && (text[start] === " " || text[start] === "\t")) start++
  while (end > start && (text[end - 1] === " " || text[end - 1] === "\t")) end--
  return text.slice(start, end)
}

const addMember = (member: string, entries: Map<string, Entry>): void => {
  const semicolon = member.indexOf(";")
  const pair = semicolon < 0 ? member : member.slice(0, semicolon)
  const equals = pair.indexOf("=")
  if (equals < 0) return
  const key = trimOws(pair.slice(0, equals))
  const value = trimOws(pair.slice(equals + 1))
  if (!keyPattern.test(key) || !valuePattern.test(value)) return
  const properties = semicolon < 0
    ? []
    : member.slice(semicolon + 1).split(";").map(trimOws).filter((property) => propertyPattern.test(property))
  entries.set(key, {
    value: percentDecode(value),
    properties: properties.length === 0 ? undefined : properties.join(";")
  })
}

/**
 * Reads the values of all `baggage` headers of a request; `undefined` where nothing well-formed is in them.
 *
 * **Details**
 *
 * Several headers are one list. A malformed member is dropped alone; of a key that comes twice, the last counts. Reading stops after
 * 180 members or 8,192 bytes: what does not fit whole is dropped. Values are percent-decoded as UTF-8, with U+FFFD for what is none.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (values: ReadonlyArray<string>): Baggage | undefined => {
  const entries = new Map<string, Entry>()
  let members = 0
  let bytes = 0
  for (const value of values) {
    let start = 0
    while (start < value.length && members < maxMembers) {
      let end = value.indexOf(",", start)
      if (end < 0) end = value.length
      bytes += end - start + 1
      if (bytes > maxBytes + 1) return entries.size === 0 ? undefined : entries
      const member = trimOws(value.slice(start, end))
      start = end + 1
      if (member === "") continue
      members++
      addMember(member, entries)
    }
  }
  return entries.size === 0 ? undefined : entries
}

/**
 * Writes baggage as one header value; the empty string where there is nothing to send.
 *
 * **Details**
 *
 * Keys that are no token of RFC 9110 cannot be sent and are left out; values are percent-encoded. What does not fit into 180 members
 * and 8,192 bytes is left out, whole members at a time.
 *
 * @category encoding
 * @since 0.1.0
 */
export const format = (baggage: Baggage): string => {
  let header = ""
  let members = 0
  for (const [key, entry] of baggage) {
    if (members === maxMembers) break
    if (!keyPattern.test(key)) continue
    const properties = (entry.properties ?? "").split(";").map(trimOws).filter((property) =>
      propertyPattern.test(property)
    )
    const member = [`${key}=${percentEncode(entry.value, isValueOctet)}`, ...properties].join(";")
    const length = header.length + member.length + (header === "" ? 0 : 1)
    if (length > maxBytes) continue
    header = header === "" ? member : `${header},${member}`
    members++
  }
  return header
}

/**
 * Makes baggage from plain keys and values.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromRecord = (record: Readonly<Record<string, string>>): Baggage =>
  new Map(Object.entries(record).map(([key, value]) => [key, { value, properties: undefined }]))

const extract = (carrier: Carrier): Extracted => {
  const baggage = parse(carrier.values("baggage"))
  return baggage === undefined ? nothingExtracted : { context: undefined, baggage, decision: undefined }
}

const inject = (context: PropagatedContext, set: Setter): void => {
  if (context.baggage === undefined || context.baggage.size === 0) return
  const header = format(context.baggage)
  if (header !== "") set("baggage", header)
}

/**
 * Carries baggage in the header `baggage`.
 *
 * Source: W3C Baggage.
 *
 * @category propagators
 * @since 0.1.0
 */
export const propagator: Propagator = { name: "baggage", fields: ["baggage"], extract, inject }
