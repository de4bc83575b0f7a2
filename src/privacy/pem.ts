import type { Scanner } from "./Finding.ts"
import { marker } from "./marker.ts"

const header = "-----BEGIN "
const headerPattern = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/y
const kind = "private_key"

/** Finds private keys in PEM form (RFC 7468), up to their end or to that of the text where they were cut off. */
export const scanPem: Scanner = (text, found) => {
  let start = text.indexOf(header)
  while (start >= 0) {
    headerPattern.lastIndex = start
    let end = start + header.length
    if (headerPattern.test(text)) {
      const footer = text.indexOf("-----END", end)
      const close = footer < 0 ? -1 : text.indexOf("KEY-----", footer)
      end = close < 0 ? text.length : close + 8
      found.push({ kind, start, end, replacement: marker(kind) })
    }
    start = text.indexOf(header, end)
  }
}
