import { marker } from "./marker.ts"
import type { Finding } from "./tokens.ts"

/** Finds the sign that every e-mail address has. */
export const emailTrigger = "(?<=[a-z0-9_+-])@(?=[a-z0-9])"

const localPattern = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/
const domainPattern = /(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/y

/** Reads the address around the `@` at `index`. */
export const findEmail = (text: string, index: number): Finding | undefined => {
  domainPattern.lastIndex = index + 1
  if (!domainPattern.test(text)) return undefined
  const local = localPattern.exec(text.slice(Math.max(0, index - 64), index))
  return local === null
    ? undefined
    : { kind: "email", start: index - local[0].length, end: domainPattern.lastIndex, replacement: marker("email") }
}
