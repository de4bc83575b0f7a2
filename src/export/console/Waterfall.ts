import type { EndedSpan } from "../../model/index.ts"
import { drawTrace } from "./drawTrace.ts"

/**
 * How traces are rendered.
 *
 * @category models
 * @since 0.1.0
 */
export interface RenderOptions {
  /** Columns of the terminal; from 40 to 500, default 100. No line is wider. */
  readonly width?: number | undefined
  /** Whether to write ANSI colours; default `false`. */
  readonly color?: boolean | undefined
  /** Lines of each tree; default 40. Errors get a line beyond that too. */
  readonly maxRows?: number | undefined
  /** The service the spans are of, for the header. */
  readonly service?: string | undefined
}

/**
 * Renders spans as waterfalls, one for each trace, with a line end after the last line; an empty text for no spans.
 *
 * **Details**
 *
 * A header with name, duration, counts and trace id, then a line for each span: its place in the tree, a bar on the
 * trace's own time axis, its duration, and the attributes that tell most about it. Errors are all shown, with their
 * message. Many siblings of one name fold into the slowest of them and a line for the rest, which shows when the rest ran:
 *
 * ```text
 * ● scrape run · 2.14 s · 217 spans · 1 error
 *   trace 0af7651916cd43dd8448eb211c80319c
 *   scrape run             ██████████████████████▍  2.00 s
 * ✗ ├╴scrape post                     ▐              50 ms
 *   │   FetchError: gave up after 3 attempts
 *   ├╴scrape post                               ▐█▊ 213 ms
 *   ├╴scrape post                               ▐█▉ 214 ms
 *   ├╴scrape post                               ▐██ 215 ms
 *   └╴… 212 more like this ▃▃▄▄▄▄▅▅▅▆▆▆▆▇▇▇▇████▇▄▂         p50 106 ms, p95 202 ms
 * ```
 *
 * A dotted branch (`├┄`) leads to a span whose parent is not among the spans. Names and messages of any origin are safe to
 * print: control characters are shown as pictures of themselves.
 *
 * @category rendering
 * @since 0.1.0
 */
export const render = (spans: ReadonlyArray<EndedSpan>, options: RenderOptions = {}): string => {
  const traces = new Map<string, Array<EndedSpan>>()
  for (const span of spans) {
    const trace = traces.get(span.traceId)
    if (trace === undefined) traces.set(span.traceId, [span])
    else trace.push(span)
  }
  return Array.from(traces.values(), (spans) =>
    drawTrace({ spans, folds: new Map() }, {
      width: options.width ?? 100,
      color: options.color ?? false,
      maxRows: options.maxRows ?? 40,
      service: options.service,
      note: undefined
    }) + "\n").join("\n")
}
