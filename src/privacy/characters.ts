const classOf = (characters: string): Uint8Array => {
  const members = new Uint8Array(128)
  for (const character of characters) members[character.charCodeAt(0)] = 1
  return members
}

const digits = "0123456789"
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/** What keys and tokens are made of. */
export const wordCharacters = classOf(`${digits}${letters}_.-`)

/** What the scheme of a URL is made of (RFC 3986). */
export const schemeCharacters = classOf(`${digits}${letters}+.-`)

/** What the number of a card is made of where it is written in groups. */
export const cardCharacters = classOf(`${digits} -`)

/** Whether the character at `index` belongs to a class; beyond either end of the text none does. */
export const isOf = (members: Uint8Array, text: string, index: number): boolean => {
  const code = text.charCodeAt(index)
  return code < 128 && members[code] === 1
}

/**
 * Finds runs of at least `shortest` characters of a class. Looks at every `shortest`th character only, unless it is one of the class: a
 * run that long cannot slip between two looks.
 */
export const forEachRun = (
  text: string,
  members: Uint8Array,
  shortest: number,
  onRun: (start: number, end: number) => void
): void => {
  for (let i = shortest - 1; i < text.length; i += shortest) {
    if (!isOf(members, text, i)) continue
    let start = i
    while (start > 0 && isOf(members, text, start - 1)) start--
    while (i < text.length && isOf(members, text, i)) i++
    if (i - start >= shortest) onRun(start, i)
  }
}
