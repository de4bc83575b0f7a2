import type { EndedSpan } from "../model/index.ts"

const byStart = (self: EndedSpan, that: EndedSpan): number =>
  self.startTime < that.startTime ? -1 : self.startTime > that.startTime ? 1 : 0

/**
 * Draws spans as the trees they form: a line per span, indented by two blanks per level, in order of start; one trace after the
 * other.
 *
 * **Details**
 *
 * A span whose parent is not among the given ones stands at the left margin. Spans the clock does not tell apart, as under a
 * `TestClock` that stands still, keep the order in which they ended.
 *
 * **Example**
 *
 * ```ts
 * import type { EndedSpan } from "effect-tracing/model"
 * import { tree } from "effect-tracing/testing"
 *
 * export const isAsExpected = (spans: ReadonlyArray<EndedSpan>): boolean =>
 *   tree(spans).join("\n") === ["scrape_post", "  GET", "  INSERT posts"].join("\n")
 * ```
 *
 * @category rendering
 * @since 0.1.0
 */
export const tree = (
  spans: ReadonlyArray<EndedSpan>,
  label: (span: EndedSpan) => string = (span) => span.name
): ReadonlyArray<string> => {
  const ids = new Set(spans.map((span) => span.traceId + span.spanId))
  const children = new Map<string, Array<EndedSpan>>()
  const roots: Array<EndedSpan> = []
  for (const span of spans.toSorted(byStart)) {
    const parent = span.parentSpanId === undefined ? undefined : span.traceId + span.parentSpanId
    if (parent === undefined || !ids.has(parent)) roots.push(span)
    else children.set(parent, [...(children.get(parent) ?? []), span])
  }
  const lines: Array<string> = []
  const stack = roots.toReversed().map((span) => ({ span, depth: 0 }))
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { depth, span } = next
    lines.push("  ".repeat(depth) + label(span))
    const below = children.get(span.traceId + span.spanId) ?? []
    for (const child of below.toReversed()) stack.push({ span: child, depth: depth + 1 })
  }
  return lines
}
