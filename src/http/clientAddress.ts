import { NetworkAddress } from "../conventions/index.ts"

type Headers = Readonly<Record<string, string | undefined>>

// As many proxies as anybody has in a row, and the longest list that is worth reading.
const maxHops = 32
const maxLength = 4096

const isAddress = (text: string): boolean => /^[0-9.]{7,15}$/.test(text) || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text)

/** `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`; `undefined` for `unknown`, `_hidden` and what is no address. */
const addressOf = (node: string): string | undefined => {
  const address = NetworkAddress.parseAuthority(node.trim())?.address
  return address !== undefined && isAddress(address) ? address : undefined
}

/** Parts a list at a character that is not within quotes. */
const split = (text: string, separator: string): ReadonlyArray<string> => {
  const parts: Array<string> = []
  let isQuoted = false
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (isQuoted && character === "\\") i++
    else if (character === "\"") isQuoted = !isQuoted
    else if (!isQuoted && character === separator) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

const unquote = (text: string): string =>
  text.length >= 2 && text.startsWith("\"") && text.endsWith("\"")
    ? text.slice(1, -1).replace(/\\(.)/g, "$1")
    : text

/** The `for` of each element of a `Forwarded` header, RFC 7239 section 4. */
const forwardedFor = (header: string): ReadonlyArray<string> =>
  split(header, ",").map((element) => {
    for (const pair of split(element, ";")) {
      const equals = pair.indexOf("=")
      if (pair.slice(0, equals).trim().toLowerCase() === "for") return unquote(pair.slice(equals + 1).trim())
    }
    return "unknown"
  })

const hopsOf = (headers: Headers): ReadonlyArray<string> | undefined => {
  const forwarded = headers["forwarded"]
  if (forwarded !== undefined) return forwarded.length > maxLength ? undefined : forwardedFor(forwarded)
  const list = headers["x-forwarded-for"]
  return list === undefined || list.length > maxLength ? undefined : list.split(",")
}

/**
 * Makes what finds the client behind proxies of one's own: from the peer backwards through `Forwarded` (RFC 7239), or
 * `X-Forwarded-For` where there is none, as long as who speaks is trusted. The first that is not is the client.
 *
 * **Details**
 *
 * Whoever is not trusted is not believed: without a trusted peer the client is the peer. Of a list that a stranger sent in and
 * a proxy added to only the proxy's part counts. A hop that hides itself (`unknown`, `_secret`) ends the search: the client
 * is then not known, and the last trusted hop stands for it.
 */
export const makeClientAddress =
  (isTrusted: (address: string) => boolean) =>
  (headers: Headers, peerAddress: string | undefined): string | undefined => {
    if (peerAddress === undefined || !isTrusted(peerAddress)) return peerAddress
    let client = peerAddress
    for (const hop of (hopsOf(headers) ?? []).slice(-maxHops).toReversed()) {
      const address = addressOf(hop)
      if (address === undefined) return client
      client = address
      if (!isTrusted(address)) return client
    }
    return client
  }
