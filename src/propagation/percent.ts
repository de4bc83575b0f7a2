const percent = 0x25
const encoder = new TextEncoder()

/** The value of a hexadecimal digit by its code, -1 for what is none. */
const digitValues = new Int8Array(256).fill(-1)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  digitValues[digit.charCodeAt(0)] = value
  digitValues[digit.toUpperCase().charCodeAt(0)] = value
}

// What is decoded passes through it, one text after the other; longer ones get bytes of their own.
const shared = Buffer.alloc(24 * 1024)

/**
 * Decodes `%XX` as UTF-8, without ever failing: bytes that are not UTF-8 become U+FFFD, a `%` that begins no such sequence
 * stays as it is. `decodeURIComponent` throws on both, which costs more than all of this.
 */
export const percentDecode = (text: string): string => {
  const start = text.indexOf("%")
  if (start < 0) return text
  // A character is three bytes at most.
  const most = (text.length - start) * 3
  const bytes = most <= shared.length ? shared : Buffer.allocUnsafe(most)
  const { written } = encoder.encodeInto(start === 0 ? text : text.slice(start), bytes)
  let length = 0
  for (let i = 0; i < written; i++) {
    let byte = bytes[i]!
    if (byte === percent && i + 2 < written) {
      const high = digitValues[bytes[i + 1]!]!
      const low = high < 0 ? -1 : digitValues[bytes[i + 2]!]!
      if (low >= 0) {
        byte = high * 16 + low
        i += 2
      }
    }
    bytes[length++] = byte
  }
  return text.slice(0, start) + bytes.toString("utf8", 0, length)
}

/** Percent-encodes every character that `keep` does not match, and every `%`. Half a surrogate pair becomes U+FFFD. */
export const percentEncode = (text: string, isKept: (code: number) => boolean): string => {
  let out = ""
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0)!
    out += code < 0x80 && code !== percent && isKept(code)
      ? character
      : code < 0x80
      ? `%${code.toString(16).toUpperCase().padStart(2, "0")}`
      : encodeURIComponent(character)
  }
  return out
}
