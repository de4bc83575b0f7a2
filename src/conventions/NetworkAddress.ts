const hexadecimalIpv4 = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i
const mappedPrefix = "::ffff:"

/**
 * Writes an address as the conventions do: no brackets around IPv6, and IPv4 where IPv6 only carries it
 * (`::ffff:127.0.0.1` and `::ffff:7f00:1` are `127.0.0.1`).
 *
 * @category network
 * @since 0.1.0
 */
export const cleanAddress = (address: string): string => {
  let clean = address
  if (clean.charCodeAt(0) === 91 && clean.endsWith("]")) clean = clean.slice(1, -1)
  if (clean.length < 9 || clean.charCodeAt(0) !== 58) return clean
  if (clean.slice(0, mappedPrefix.length).toLowerCase() !== mappedPrefix) return clean
  const rest = clean.slice(mappedPrefix.length)
  if (rest.includes(".")) return rest
  const groups = hexadecimalIpv4.exec(rest)
  if (groups === null) return clean
  const high = Number.parseInt(groups[1]!, 16)
  const low = Number.parseInt(groups[2]!, 16)
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/** A host and, if one is written, its port. */
export interface Authority {
  readonly address: string
  readonly port: number | undefined
}

const portOf = (text: string): number | undefined => {
  if (!/^[0-9]{1,5}$/.test(text)) return undefined
  const port = Number(text)
  return port <= 65535 ? port : undefined
}

/**
 * Reads `host`, `host:port`, `[::1]:port`, as in a `Host` header; `undefined` for what holds no host.
 *
 * @category network
 * @since 0.1.0
 */
export const parseAuthority = (text: string): Authority | undefined => {
  if (text === "" || text.length > 1024) return undefined
  const bracket = text.charCodeAt(0) === 91 ? text.indexOf("]") : -1
  const colon = text.indexOf(":", bracket + 1)
  // More than one colon outside brackets is a bare IPv6 address.
  if (colon < 0 || (bracket < 0 && text.includes(":", colon + 1))) {
    return { address: cleanAddress(text), port: undefined }
  }
  const address = cleanAddress(text.slice(0, colon))
  return address === "" ? undefined : { address, port: portOf(text.slice(colon + 1)) }
}
