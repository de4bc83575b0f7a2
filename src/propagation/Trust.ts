import * as IpNetwork from "effect/net/IpNetwork"
import * as Result from "effect/Result"
import { isLocalAddress, parseAddress, parseNetwork } from "./addresses.ts"
import { HostListError } from "./HostListError.ts"

/**
 * Who is believed among those not listed as trusted.
 *
 * **Details**
 *
 * Setting: `TRACING_TRUST_INCOMING`; default `auto`: loopback, private and link-local peers are a parent, others a link. `parent`: every
 * peer is a parent; `link`: none, all are a link; `none`: their context is not read.
 *
 * @category models
 * @since 0.1.0
 */
export type TrustMode = "auto" | "parent" | "link" | "none"

/**
 * What is believed of an inbound context.
 *
 * @category models
 * @since 0.1.0
 */
export interface TrustDecision {
  /** Whether the sender's span becomes the parent, only a link, or nothing at all. */
  readonly relation: "parent" | "link" | "ignore"
  /**
   * Whether the sender's sampled flag is followed: as it is (`believed`), as far as the local rate allows (`limited`), or not at all
   * (`ignored`).
   */
  readonly sampled: "believed" | "limited" | "ignored"
  /** Whether the sender may have a trace kept whatever the rate: B3 and Jaeger debug. */
  readonly force: boolean
  /** Whether the sender's baggage is taken over. */
  readonly baggage: boolean
}

/**
 * Judges inbound contexts by the address of the peer that sent them, never by what the request says of itself.
 *
 * @category models
 * @since 0.1.0
 */
export interface Trust {
  /** Judges a peer by the remote address of its socket; `undefined` (the socket is gone) is a stranger. */
  readonly decide: (peerAddress: string | undefined) => TrustDecision
}

const allowed = "an address (203.0.113.7, 2001:db8::7) or a network (203.0.113.0/24, 2001:db8::/32)"

const listed: TrustDecision = { relation: "parent", sampled: "believed", force: true, baggage: true }
const neighbour: TrustDecision = { relation: "parent", sampled: "limited", force: false, baggage: true }
const strangerAsParent: TrustDecision = { relation: "parent", sampled: "limited", force: false, baggage: false }
const linked: TrustDecision = { relation: "link", sampled: "ignored", force: false, baggage: false }
const ignored: TrustDecision = { relation: "ignore", sampled: "ignored", force: false, baggage: false }

const unlisted: Readonly<Record<TrustMode, { readonly local: TrustDecision; readonly stranger: TrustDecision }>> = {
  auto: { local: neighbour, stranger: linked },
  parent: { local: neighbour, stranger: strangerAsParent },
  link: { local: linked, stranger: linked },
  none: { local: ignored, stranger: ignored }
}

const maxRemembered = 1024

/**
 * Makes the judgement of a mode and a list of trusted peers; fails with {@link HostListError} that names every entry of the list that is
 * neither address nor network.
 *
 * **Details**
 *
 * | peer | relation | sampled flag | force | baggage |
 * | --- | --- | --- | --- | --- |
 * | listed, in every mode | parent | believed | yes | yes |
 * | loopback, private, link-local; `auto` and `parent` | parent | limited | no | yes |
 * | any other; `parent` | parent | limited | no | no |
 * | any other; `auto` | link | ignored | no | no |
 * | all not listed; `link` | link | ignored | no | no |
 * | all not listed; `none` | ignore | ignored | no | no |
 *
 * An IPv4 address in IPv6 form (`::ffff:10.0.0.1`) is the IPv4 address. Judgements are remembered for the 1,024 peers seen last.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: { readonly mode: TrustMode; readonly trustedPeers: ReadonlyArray<string> }
): Result.Result<Trust, HostListError> => {
  const networks: Array<IpNetwork.IpNetwork> = []
  const problems: Array<{ readonly entry: string; readonly reason: string }> = []
  for (const peer of options.trustedPeers) {
    const entry = peer.trim()
    const parsed = parseNetwork(entry)
    if (Result.isSuccess(parsed)) networks.push(parsed.success)
    else problems.push({ entry, reason: parsed.failure })
  }
  if (problems.length > 0) return Result.fail(new HostListError({ problems, allowed }))

  const { local, stranger } = unlisted[options.mode]
  const judge = (text: string): TrustDecision => {
    const address = parseAddress(text)
    return address !== undefined && networks.some((network) => IpNetwork.contains(network, address))
      ? listed
      : address !== undefined && isLocalAddress(address)
      ? local
      : stranger
  }
  const remembered = new Map<string, TrustDecision>()
  return Result.succeed({
    decide: (peerAddress) => {
      if (peerAddress === undefined) return stranger
      const known = remembered.get(peerAddress)
      if (known !== undefined) return known
      const decision = judge(peerAddress)
      if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value!)
      remembered.set(peerAddress, decision)
      return decision
    }
  })
}
