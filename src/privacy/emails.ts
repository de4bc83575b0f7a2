import type { Scanner } from "./Finding.ts"
import { marker } from "./marker.ts"

const localPattern = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/
const domainPattern = /(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/y

/** Finds e-mail addresses. */
export const scanEmails: Scanner = (text, found) => {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    domainPattern.lastIndex = at + 1
    const local = domainPattern.test(text) ? localPattern.exec(text.slice(Math.max(0, at - 64), at))?.[0] : undefined
    if (local === undefined) continue
    found.push({ kind: "email", start: at - local.length, end: domainPattern.lastIndex, replacement: marker("email") })
  }
}
