import { Waterfall } from "effect-tracing/export"
import type { EndedSpan, ReadonlyAttributes } from "effect-tracing/model"
import type { Terminal } from "../../wordpress-scraper/report/Terminal.ts"
import type { Story } from "./JobTraces.ts"

const maxRows = 22
const maxItemRows = 12

/** An attribute as text. */
const told = (attributes: ReadonlyAttributes | undefined, key: string): string =>
  String(attributes?.get(key) ?? "unknown")

/** What an attempt is linked to, by the type of the link. */
const linkedTo: Readonly<Record<string, (attributes: ReadonlyAttributes | undefined) => string>> = {
  message: () => "the request that submitted it",
  attempt: (attributes) => `attempt ${told(attributes, "job.attempt")}`,
  cancel: () => "the request that cancelled it"
}

/**
 * Writes a story for the person who watches: the trace as a waterfall, and how it belongs to the others. `↗` in a waterfall is a
 * link to another trace, by the first digits of its id.
 *
 * @category conversions
 * @since 0.1.0
 */
export const storyText = (story: Story, { color, colors, columns }: Terminal["Service"]): string => {
  const waterfall = (spans: ReadonlyArray<EndedSpan>, maxRows: number) =>
    Waterfall.render(spans, { width: columns, color, maxRows }).trimEnd()
  if (story._tag === "submitted") {
    const sent = story.spans.find((span) => span.kind === "producer")
    const head = `Job ${told(sent?.attributes, "messaging.message.id")} was put into the queue`
    return ["", colors.bold(head), waterfall(story.spans, maxRows)].join("\n")
  }
  const { attributes, links } = story.root
  const job = told(attributes, "messaging.message.id")
  const head = `Job ${job}, attempt ${told(attributes, "job.attempt")}: ${told(attributes, "job.outcome")}`
  const linked = links.flatMap(({ attributes, traceId }) => {
    const what = linkedTo[told(attributes, "link.type")]
    return what === undefined ? [] : [colors.dim(`  ↗ ${what(attributes)}: trace ${traceId}`)]
  })
  const items = `  ↘ its ${story.items} posts and pages, each a trace of its own with a link to this one; the slowest:`
  return [
    "",
    colors.bold(head),
    ...linked,
    waterfall(story.spans, maxRows),
    ...(story.items === 0 ? [] : [colors.dim(items), waterfall(story.slowest, maxItemRows)])
  ].join("\n")
}
