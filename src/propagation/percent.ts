const decoder = new TextDecoder("utf-8")

const hexOf = (code: number): number =>
  code >= 0x30 && code <= 0x39
    ? code - 0x30
    : (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66
    ? (code | 0x20) - 0x57
    : -1

/**
 * Decodes `%XX` as UTF-8, without ever failing: bytes that are not UTF-8 become U+FFFD, a `%` that begins no such sequence
 * stays as it is. `decodeURIComponent` throws on both.
 */
export const percentDecode = (text: string): string => {
  if (!text.includes("%")) return text
  const source = new TextEncoder().encode(text)
  const bytes = new Uint8Array(source.length)
  let length = 0
  for (let i = 0; i < source.length; i++) {
    const high = source[i] === 0x25 && i + 2 < source.length ? hexOf(source[i + 1]!) : -1
    const low = high < 0 ? -1 : hexOf(source[i + 2]!)
    bytes[length++] = low < 0 ? source[i]! : high * 16 + low
    if (low >= 0) i += 2
  }
  return decoder.decode(bytes.subarray(0, length))
}

/** Percent-encodes every character that `keep` does not match, and every `%`. Half a surrogate pair becomes U+FFFD. */
export const percentEncode = (text: string, isKept: (code: number) => boolean): string => {
  let out = ""
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0)!
    out += code < 0x80 && code !== 0x25 && isKept(code)
      ? character
      : code < 0x80
      ? `%${code.toString(16).toUpperCase().padStart(2, "0")}`
      : encodeURIComponent(character)
  }
  return out
}
