import type { Scanner } from "./Finding.ts"
import { marker } from "./marker.ts"

const schemePattern = /\b(?:bearer|basic)(?:[ \t]{1,4}|%20)(?=[a-z0-9+/])/gi
const bearerPattern = /[A-Za-z0-9._~+/=-]{8,}/y
const basicPattern = /[A-Za-z0-9+/_-]{6,}={0,2}(?![A-Za-z0-9])/y

// The two names as they are written; native search is many times faster than the pattern.
const names = ["earer", "asic", "EARER", "ASIC"]

const isWord = (text: string): boolean => /^[A-Za-z]?[a-z.,-]*$/.test(text)

// RFC 7617: user and password joined by a colon; what is no such pair is a word like "authentication".
const isPair = (text: string): boolean => {
  const decoded = Buffer.from(text.slice(0, 1024), "base64").toString("latin1")
  return decoded.includes(":") && /^[\x20-\x7e\x80-\xff]+$/.test(decoded)
}

/** Finds the credentials that follow the name of an HTTP authentication scheme, `Bearer` or `Basic`. */
export const scanSchemes: Scanner = (text, found) => {
  if (!names.some((name) => text.includes(name))) return
  schemePattern.lastIndex = 0
  for (let match = schemePattern.exec(text); match !== null; match = schemePattern.exec(text)) {
    const isBearer = match[0].startsWith("e", 1) || match[0].startsWith("E", 1)
    const pattern = isBearer ? bearerPattern : basicPattern
    const start = schemePattern.lastIndex
    pattern.lastIndex = start
    const value = pattern.exec(text)?.[0]
    if (value === undefined || !(isBearer ? value.length >= 24 || !isWord(value) : isPair(value))) continue
    const kind = isBearer ? "bearer" : "basic"
    found.push({ kind, start, end: start + value.length, replacement: marker(kind) })
    schemePattern.lastIndex = start + value.length
  }
}
