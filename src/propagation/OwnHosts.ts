import * as IpNetwork from "effect/net/IpNetwork"
import type { IpAddress } from "effect/net/NetAddress"
import * as Result from "effect/Result"
import { isLocalAddress, parseAddress, parseNetwork } from "./addresses.ts"
import { HostListError } from "./HostListError.ts"

/**
 * Decides which hosts are told of a trace: those of one's own.
 *
 * @category models
 * @since 0.1.0
 */
export interface OwnHosts {
  /**
   * Whether a request to this host and port carries trace headers. The host is as a URL has it, a name or an address, in any
   * case, IPv6 with or without brackets.
   */
  readonly isOwn: (host: string, port?: number) => boolean
}

/** A host to judge: a name in lower case without its last dot, or an address. */
interface Host {
  readonly name: string
  readonly address: IpAddress | undefined
}

type Matcher = (host: Host, port: number | undefined) => boolean

const allowed =
  "a host (api.example.com), a suffix (.example.com or *.example.com), an address or network (10.0.0.0/8, fd00::/8), " +
  "a regular expression (/^api-\\d+\\./) or * for every host; each may end in :port (IPv6 in brackets)"

const maxHostLength = 253
const maxRemembered = 1024

// Suffixes nobody can register: RFC 6762, ICANN's reserved `internal`, Kubernetes services, RFC 6761, RFC 8375.
const ownSuffixes = [".local", ".internal", ".svc", ".localhost", ".home.arpa"]

const hostNamePattern = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/
// `2130706433` and `0x7f000001` look like names without a dot, but resolvers read them as addresses.
const numericPattern = /^(?:[0-9]+|0x[0-9a-f]*)$/
const portPattern = /:([0-9]{1,5})$/

const parseHost = (text: string): Host => {
  const name = (text.endsWith(".") ? text.slice(0, -1) : text).toLowerCase()
  return { name, address: parseAddress(name) }
}

const isOwnByDefault = ({ address, name }: Host): boolean =>
  address !== undefined
    ? isLocalAddress(address)
    : hostNamePattern.test(name) &&
      (name.includes(".") ? ownSuffixes.some((suffix) => name.endsWith(suffix)) : !numericPattern.test(name))

const parseRegExp = (entry: string): Result.Result<RegExp, string> => {
  const end = entry.lastIndexOf("/")
  const flags = entry.slice(end + 1)
  if (end === 0 || !/^i?$/.test(flags)) return Result.fail("a regular expression ends in / or /i")
  return Result.try({
    try: () => new RegExp(entry.slice(1, end), flags),
    catch: (cause) => cause instanceof Error ? cause.message : "not a regular expression"
  })
}

const parseSuffix = (suffix: string): Result.Result<Matcher, string> =>
  hostNamePattern.test(suffix.slice(1))
    ? Result.succeed(({ name }) => name.endsWith(suffix))
    : Result.fail("a suffix is a dot and a host name")

const parsePattern = (entry: string): Result.Result<Matcher, string> => {
  if (entry === "*") return Result.succeed(() => true)
  if (entry.startsWith("/")) {
    return Result.map(parseRegExp(entry), (pattern): Matcher => ({ name }) => pattern.test(name))
  }
  if (entry.startsWith("*.")) return parseSuffix(entry.slice(1).toLowerCase())
  if (entry.startsWith(".")) return parseSuffix(entry.toLowerCase())
  const host = parseHost(entry)
  if (host.address !== undefined || entry.includes("/")) {
    return Result.map(
      parseNetwork(entry),
      (network): Matcher => ({ address }) => address !== undefined && IpNetwork.contains(network, address)
    )
  }
  return hostNamePattern.test(host.name)
    ? Result.succeed(({ name }) => name === host.name)
    : Result.fail("not a host name")
}

const parseEntry = (entry: string): Result.Result<Matcher, string> => {
  // In `fd00::1` and `/:80/` the colon separates no port.
  const match = entry.includes("]") || entry.indexOf(":") === entry.lastIndexOf(":") || entry.startsWith("/")
    ? portPattern.exec(entry)
    : null
  const pattern = match === null ? entry : entry.slice(0, match.index)
  const port = match === null ? undefined : Number(match[1])
  if (port !== undefined && (port < 1 || port > 65535)) return Result.fail("a port is 1 to 65535")
  const bare = pattern.startsWith("[") && pattern.endsWith("]") ? pattern.slice(1, -1) : pattern
  return Result.map(
    parsePattern(bare),
    (matches): Matcher => port === undefined ? matches : (host, actual) => actual === port && matches(host, actual)
  )
}

/**
 * Makes the decision from what is always one's own and the entries added to it; fails with {@link HostListError} that names every
 * entry that cannot be understood.
 *
 * **Details**
 *
 * Always one's own: loopback, private (RFC 1918, `fc00::/7`), link-local and unspecified addresses, names without a dot, and names
 * under `.local`, `.internal`, `.svc`, `.localhost` and `.home.arpa`.
 *
 * Setting: `TRACING_PROPAGATION_TARGETS`, a comma-separated list, default empty. An entry is a host (`api.example.com`), a suffix
 * (`.example.com` or `*.example.com`: what is under it, not the name itself), an address or network (`203.0.113.0/24`, `2001:db8::/32`),
 * a regular expression searched for in the host name (`/^api-\d+\.example\.com$/`, `/…/i`), or `*` for every host. Each may end in
 * `:port`, IPv6 then in brackets.
 *
 * Decisions are remembered for the 1,024 hosts seen last.
 *
 * **Gotchas**
 *
 * Names are judged as they are written, not as they resolve: asking the resolver would delay every request and could be answered
 * differently a moment later.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (targets: ReadonlyArray<string> = []): Result.Result<OwnHosts, HostListError> => {
  const matchers: Array<Matcher> = []
  const problems: Array<{ readonly entry: string; readonly reason: string }> = []
  for (const target of targets) {
    const entry = target.trim()
    const parsed = parseEntry(entry)
    if (Result.isSuccess(parsed)) matchers.push(parsed.success)
    else problems.push({ entry, reason: parsed.failure })
  }
  if (problems.length > 0) return Result.fail(new HostListError({ problems, allowed }))

  const decide = (text: string, port: number | undefined): boolean => {
    const host = parseHost(text)
    return isOwnByDefault(host) || matchers.some((matches) => matches(host, port))
  }
  const remembered = new Map<string, boolean>()
  return Result.succeed({
    isOwn: (host, port) => {
      if (host === "" || host.length > maxHostLength + 2) return false
      const key = port === undefined ? host : `${host}:${port}`
      const known = remembered.get(key)
      if (known !== undefined) return known
      const decision = decide(host, port)
      // A `Map` keeps the order of insertion: the first key is the oldest.
      if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value!)
      remembered.set(key, decision)
      return decision
    }
  })
}
