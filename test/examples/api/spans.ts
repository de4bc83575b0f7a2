import { Result } from "effect"
import type { EndedSpan, SpanLink } from "effect-tracing/model"
import { readLine } from "../../../src/cli/show/OtlpLines.ts"
import type { OtlpReceiver } from "../../support/OtlpReceiver.ts"

/** Every span that arrived, as the package itself knows spans. */
export const received = ({ requests }: OtlpReceiver): ReadonlyArray<EndedSpan> =>
  requests.flatMap(({ body }) => {
    const line = JSON.stringify(body, (_, value: unknown) => value === null ? undefined : value)
    return Result.getOrThrowWith(readLine(line), (problem) => new Error(problem)).flatMap(({ spans }) => spans)
  })

const childrenOf = (spans: ReadonlyArray<EndedSpan>, parent: EndedSpan): ReadonlyArray<EndedSpan> =>
  spans
    .filter((span) => span.traceId === parent.traceId && span.parentSpanId === parent.spanId)
    .toSorted((a, b) => (a.startTime < b.startTime ? -1 : 1))

/** A span and all below it, in the order they began. */
export const below = (spans: ReadonlyArray<EndedSpan>, root: EndedSpan): ReadonlyArray<EndedSpan> => [
  root,
  ...childrenOf(spans, root).flatMap((child) => below(spans, child))
]

/** The tree below a span: names, indented. */
export const treeOf = (spans: ReadonlyArray<EndedSpan>, root: EndedSpan, depth = 0): ReadonlyArray<string> => [
  `${"  ".repeat(depth)}${root.name}`,
  ...childrenOf(spans, root).flatMap((child) => treeOf(spans, child, depth + 1))
]

/** The links of a span that are of this type. */
export const linksOf = (span: EndedSpan, type: string): ReadonlyArray<SpanLink> =>
  span.links.filter((link) => link.attributes?.get("link.type") === type)

/** Whether a link leads to a span. */
export const leadsTo = (link: SpanLink | undefined, span: EndedSpan): boolean =>
  link?.traceId === span.traceId && link.spanId === span.spanId
