import { cardCharacters, forEachRun, wordCharacters } from "./characters.ts"
import type { Finding, Scanner } from "./Finding.ts"
import { marker } from "./marker.ts"
import { wordStart } from "./tokens.ts"

// As they are printed and typed: in fours, or in American Express's 4-6-5.
const groupedPattern = /(?<!\d)(?:\d{4}([ -])\d{4}\1\d{4}\1\d{2,4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})(?!\d)/g
const shortestCard = 14
const longestCard = 19

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

const addCard = (found: Array<Finding>, digits: string, start: number, end: number): void => {
  if (isCard(digits)) found.push({ kind: "card", start, end, replacement: marker("card") })
}

const isLetterOrSign = (text: string, index: number): boolean => /[A-Za-z_.%#]/.test(text.charAt(index))

/** Finds the numbers of payment cards, in one piece or in groups, that an issuer could have given out. */
export const scanCards: Scanner = (text, found) => {
  forEachRun(text, wordCharacters, shortestCard, (runStart, runEnd) => {
    const start = wordStart(text, runStart)
    const end = text.charCodeAt(runEnd - 1) === 0x2e ? runEnd - 1 : runEnd
    if (end - start > longestCard) return
    const digits = text.slice(start, end)
    if (/^\d+$/.test(digits)) addCard(found, digits, start, end)
  })
  forEachRun(text, cardCharacters, shortestCard + 2, (start, end) => {
    for (const match of text.slice(start, end).matchAll(groupedPattern)) {
      const from = start + match.index
      const to = from + match[0].length
      // Digits that go on as a word or a fraction are part of something else.
      if (isLetterOrSign(text, from - 1) || (to === end && isLetterOrSign(text, end) && text.charAt(end) !== ".")) {
        continue
      }
      addCard(found, match[0].replaceAll(/[ -]/g, ""), from, to)
    }
  })
}
