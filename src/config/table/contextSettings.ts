import { headerName } from "../keyValues.ts"
import * as Kind from "../Kind.ts"
import { first, otel, type Settings, tracing } from "../Setting.ts"

const propagators = Kind.wordsOf("tracecontext", "baggage", "b3", "b3multi", "jaeger")
const trust = Kind.oneOf("auto", "link", "parent", "none")
const peers = Kind.listOf(Kind.text(), "a comma list of hosts, addresses and CIDR ranges")
const header = Kind.matching(headerName, "the name of an HTTP header, such as X-Request-ID")

/** Parts one comma list; a regular expression between slashes may hold commas. */
const splitTargets = (list: string): ReadonlyArray<string> =>
  (list.match(/\s*\/(?:[^/\\]|\\.)+\/[a-z]*(?=\s*(?:,|$))|[^,]+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== "")

const targets = Kind.listOf(
  Kind.text(),
  "a comma list of hosts, suffixes, CIDR ranges and /regular expressions/",
  splitTargets
)

/**
 * Settings of what is told to other processes and believed of them.
 *
 * @category settings
 * @since 0.1.0
 */
export const contextSettings: Settings<
  "propagators" | "propagationTargets" | "trustIncoming" | "trustedPeers" | "correlationHeader"
> = {
  propagators: {
    description: "Formats in which the trace context is read from and written to headers.",
    kind: propagators,
    fallback: () => ["tracecontext", "baggage"],
    sources: first(otel("PROPAGATORS", propagators))
  },
  propagationTargets: {
    description:
      "Hosts that trace headers are sent to, besides loopback, private addresses and names of one's own network.",
    kind: targets,
    fallback: () => [],
    fallbackText: "none",
    sources: first(tracing("PROPAGATION_TARGETS", targets))
  },
  trustIncoming: {
    description: "What an incoming trace context becomes: the parent, a link, nothing, or by the peer's address.",
    kind: trust,
    fallback: () => "auto",
    sources: first(tracing("TRUST_INCOMING", trust))
  },
  trustedPeers: {
    description: "Peers whose trace context is the parent, whose sampled flag counts and who may force a trace.",
    kind: peers,
    fallback: () => [],
    fallbackText: "none",
    sources: first(tracing("TRUSTED_PEERS", peers))
  },
  correlationHeader: {
    description: "Header that carries the correlation id.",
    kind: header,
    fallback: () => "X-Correlation-ID",
    sources: first(tracing("CORRELATION_HEADER", header))
  }
}
