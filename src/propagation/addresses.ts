import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"

/**
 * Reads an IP address as Node writes it, as a URL does (`[::1]`) or with a zone (`fe80::1%eth0`); an IPv4 address in IPv6 form is
 * the IPv4 address. `undefined` where it is none.
 */
export const parseAddress = (text: string): NetAddress.IpAddress | undefined => {
  let bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text
  const zone = bare.indexOf("%")
  if (zone >= 0 && bare.includes(":")) bare = bare.slice(0, zone)
  // A name is the usual case, and the parser builds an error for it: look before asking.
  if (bare.length > 45 || !/^[0-9.]+$|:/.test(bare)) return undefined
  const result = NetAddress.ipFromString(bare)
  return Result.isSuccess(result) ? NetAddress.toCanonical(result.success) : undefined
}

/** Whether an address is of this machine or of a network nobody outside can reach: loopback, private, link-local, unspecified. */
export const isLocalAddress = (address: NetAddress.IpAddress): boolean =>
  NetAddress.isLoopback(address) || NetAddress.isLinkLocal(address) || NetAddress.isUnspecified(address) ||
  (NetAddress.isIpv4Address(address) ? NetAddress.isPrivate(address) : NetAddress.isUniqueLocal(address))

/** Reads `10.0.0.0/8`, `fd00::/8` or one address as a network. Bits beyond the prefix are cleared, as people write them. */
export const parseNetwork = (text: string): Result.Result<IpNetwork.IpNetwork, string> => {
  const slash = text.indexOf("/")
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (address === undefined) return Result.fail("not an IP address")
  const width = NetAddress.width(address)
  if (slash < 0) return Result.succeed(IpNetwork.fromAddressUnsafe(address, width))
  const prefix = text.slice(slash + 1)
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= width
    ? Result.succeed(IpNetwork.fromAddressUnsafe(address, Number(prefix)))
    : Result.fail(`the prefix is 0 to ${width}`)
}
