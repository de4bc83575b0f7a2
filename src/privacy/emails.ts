import type { Scanner } from "./Finding.ts"
import { marker } from "./marker.ts"
import { userInfoEnd } from "./urls.ts"

// Mail allows slashes, question marks and hashes before the @ as well; where they stand, it is an address of the web.
const localPattern = /[A-Za-z0-9.!$%&'*+=^_`{|}~-]{1,64}$/
const domainPattern = /(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/y

/** Where an @ stands between the user and the host of a URL: that is no e-mail address. */
const userInfoEnds = (text: string): ReadonlySet<number> => {
  const ends = new Set<number>()
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) ends.add(userInfoEnd(text, at + 3))
  return ends
}

/** Finds e-mail addresses. */
export const scanEmails: Scanner = (text, found) => {
  let at = text.indexOf("@")
  if (at < 0) return
  const ofUrls = userInfoEnds(text)
  for (; at >= 0; at = text.indexOf("@", at + 1)) {
    if (ofUrls.has(at)) continue
    domainPattern.lastIndex = at + 1
    const local = domainPattern.test(text) ? localPattern.exec(text.slice(Math.max(0, at - 64), at))?.[0] : undefined
    if (local === undefined) continue
    found.push({ kind: "email", start: at - local.length, end: domainPattern.lastIndex, replacement: marker("email") })
  }
}
