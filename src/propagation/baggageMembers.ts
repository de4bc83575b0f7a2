/** The most members a header may have, read or written (W3C Baggage grammar). */
export const maxMembers = 180
/** The most bytes of a header, read or written (W3C Baggage, "Limits", asks for at least these). */
export const maxBytes = 8192

/** Whether a text may be the key of a member: a `token` of RFC 9110. */
export const isKey = (text: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)

/** Whether a character may stand in a value as it is: a `baggage-octet`. */
export const isValueOctet = (code: number): boolean =>
  code === 0x21 || (code >= 0x23 && code <= 0x7e && code !== 0x2c && code !== 0x3b && code !== 0x5c)

// Only space and tab: a line break inside a member is no white space but an error.
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09

const classOf = (isMember: (code: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 128 }, (_, code) => isMember(code) ? 1 : 0)

const keyCharacters = classOf((code) => isKey(String.fromCharCode(code)))
const valueCharacters = classOf(isValueOctet)
const blanks = classOf(isBlank)
const blanksAndCommas = classOf((code) => isBlank(code) || code === 0x2c)

/** Where the run of characters of a class ends that begins at `start`, if one does. */
const endOfRun = (text: string, start: number, members: Uint8Array): number => {
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code > 127 || members[code] === 0) break
    at++
  }
  return at
}

/** The well-formed ones of properties, joined again; each of them has a semicolon before it. */
export const wellFormedProperties = (text: string): string | undefined => {
  let properties: string | undefined
  let at = 0
  while (at < text.length) {
    const keyStart = endOfRun(text, at + 1, blanks)
    const keyEnd = endOfRun(text, keyStart, keyCharacters)
    const equals = endOfRun(text, keyEnd, blanks)
    let end = keyEnd
    if (text[equals] === "=") {
      const valueStart = endOfRun(text, equals + 1, blanks)
      end = endOfRun(text, valueStart, valueCharacters)
      if (end === valueStart) end = equals + 1
    }
    const semicolon = text.indexOf(";", end)
    at = semicolon < 0 ? text.length : semicolon
    if (keyEnd === keyStart || endOfRun(text, end, blanks) !== at) continue
    const property = text.slice(keyStart, end)
    properties = properties === undefined ? property : `${properties};${property}`
  }
  return properties
}

/** A member as it came: its value still encoded, its properties unread and with the semicolon before them. */
export interface Member {
  readonly key: string
  readonly value: string
  readonly properties: string
}

/** The member between `start` and `end`; `undefined` where it is malformed. */
const memberAt = (text: string, start: number, end: number): Member | undefined => {
  const keyEnd = endOfRun(text, start, keyCharacters)
  const equals = endOfRun(text, keyEnd, blanks)
  if (keyEnd === start || text[equals] !== "=") return undefined
  const valueStart = endOfRun(text, equals + 1, blanks)
  const valueEnd = endOfRun(text, valueStart, valueCharacters)
  const rest = endOfRun(text, valueEnd, blanks)
  if (rest < end && text[rest] !== ";") return undefined
  return {
    key: text.slice(start, keyEnd),
    value: text.slice(valueStart, valueEnd),
    properties: text.slice(rest, end)
  }
}

/** As many whole members as so many bytes hold; nothing beyond is looked at. */
const fitting = (text: string, bytes: number): string =>
  text.length <= bytes ? text : text.slice(0, Math.max(0, text.lastIndexOf(",", bytes)))

/** Reads the well-formed members of all `baggage` headers of a request, one after the other, up to the limits. */
export function* membersOf(values: ReadonlyArray<string>): Generator<Member, void> {
  let members = 0
  let bytes = maxBytes
  for (const value of values) {
    const text = fitting(value, bytes)
    let at = endOfRun(text, 0, blanksAndCommas)
    while (at < text.length && members < maxMembers) {
      members++
      const comma = text.indexOf(",", at)
      const end = comma < 0 ? text.length : comma
      const member = memberAt(text, at, end)
      if (member !== undefined) yield member
      at = endOfRun(text, end, blanksAndCommas)
    }
    if (text.length < value.length) return
    bytes -= value.length + 1
  }
}
