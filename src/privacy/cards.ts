import { marker } from "./marker.ts"
import type { Finding } from "./tokens.ts"

// As they are printed and typed: in one piece, in fours, or in American Express's 4-6-5.
const grouped = "\\d{4}([ -])\\d{4}\\1\\d{4}\\1\\d{2,4}(?:\\1\\d{1,3})?|\\d{4}([ -])\\d{6}\\2\\d{4,5}"

/** Builds the trigger; `groups` is how many capturing groups go before it. */
export const cardTrigger = (groups: number): string =>
  `(?<![a-z0-9_.%#-])(?:\\d{14,19}|${
    grouped.replaceAll("\\1", `\\${groups + 1}`).replaceAll("\\2", `\\${groups + 2}`)
  })(?![a-z0-9_-]|\\.\\d)`

/** Whether an issuer gives out numbers of this beginning and length. */
const hasIssuer = (digits: string): boolean => {
  const two = Number(digits.slice(0, 2))
  const four = Number(digits.slice(0, 4))
  switch (digits.length) {
    case 14:
      return two === 36 || two === 38 || (four >= 3000 && four <= 3059)
    case 15:
      return two === 34 || two === 37
    case 16:
      return digits.startsWith("4") || (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) || four === 6011 ||
        two === 65 || (four >= 6440 && four <= 6499) || (four >= 3528 && four <= 3589) || two === 62
    default:
      return (digits.length === 19 && digits.startsWith("4")) || (digits.length > 16 && two === 62)
  }
}

/** The check digit of ISO/IEC 7812. */
const passesLuhn = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

/** Whether these digits are the number of a payment card. */
export const isCard = (digits: string): boolean => hasIssuer(digits) && passesLuhn(digits)

/** Judges the digits found from `start` to `end`. */
export const findCard = (text: string, start: number, end: number): Finding | undefined =>
  isCard(text.slice(start, end).replaceAll(/[ -]/g, ""))
    ? { kind: "card", start, end, replacement: marker("card") }
    : undefined
