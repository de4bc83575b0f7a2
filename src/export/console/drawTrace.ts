import { chooseRows } from "./chooseRows.ts"
import type { Detail } from "./describeSpan.ts"
import type { Entry } from "./entries.ts"
import { makeEntries } from "./entries.ts"
import { formatCount, formatDuration } from "./formatDuration.ts"
import type { Paint, Palette } from "./palette.ts"
import { paletteFor } from "./palette.ts"
import type { SpanTree, TraceSpans } from "./SpanTree.ts"
import { makeSpanTree } from "./SpanTree.ts"
import { fill, fit, neutralise, widthOf, wrap } from "./terminalText.ts"

/**
 * How a trace is drawn.
 *
 * @category models
 * @since 0.1.0
 */
export interface DrawOptions {
  /** In columns; from 40 to 500. */
  readonly width: number
  readonly color: boolean
  /** Lines of the tree, those of errors not counted. */
  readonly maxRows: number
  readonly service: string | undefined
  /** What is to be said of the trace as a whole, such as that it is incomplete. */
  readonly note: string | undefined
}

interface Columns {
  readonly name: number
  readonly bar: number
  readonly duration: number
  /** 0 where there is no room for details. */
  readonly detail: number
}

const minWidth = 40
const maxWidth = 500
/** The status mark and a space, left of everything. */
const gutter = 2
const minBar = 12
/** A name keeps at least this many columns, however deep it stands. */
const minName = 10
const betweenDetails = 2
const betweenFacts = " · "

const maxNameColumns = (width: number): number => Math.floor(width * 0.4)

const widest = (entries: ReadonlyArray<Entry>, measure: (entry: Entry) => number): number =>
  entries.reduce((widest, entry) => Math.max(widest, measure(entry)), 0)

const detailWidth = (details: ReadonlyArray<Detail>): number =>
  details.reduce((sum, { text }) => sum + betweenDetails + widthOf(text), 0)

/** Names and details get what they need, within their share; the bars get the rest. */
const layOut = (entries: ReadonlyArray<Entry>, width: number): Columns => {
  const name = Math.min(maxNameColumns(width), widest(entries, (entry) => entry.branch.length + widthOf(entry.name)))
  const duration = widest(entries, (entry) => entry.duration.length)
  const rest = width - gutter - name - 1 - 1 - duration
  const share = Math.min(rest - minBar, Math.ceil(rest * 0.6))
  const detail = share < minBar ? 0 : Math.min(share, widest(entries, ({ details }) => detailWidth(details)))
  return { name, bar: rest - detail, duration, detail }
}

/** Addresses give way first; what then does not fit is cut at the end. */
const drawDetails = (details: ReadonlyArray<Detail>, columns: number, palette: Palette): string => {
  let left = columns
  let tooWide = detailWidth(details) - columns
  let text = ""
  for (const { cutAt, text: whole, tone } of details) {
    const width = widthOf(whole)
    const wanted = cutAt === "start" && tooWide > 0 ? Math.max(minBar, width - tooWide) : width
    const fitting = fit(whole, Math.min(wanted, left - betweenDetails), cutAt)
    if (fitting === "") break
    tooWide -= width - widthOf(fitting)
    left -= betweenDetails + widthOf(fitting)
    text += " ".repeat(betweenDetails) + palette.tone(tone)(fitting)
  }
  return text
}

const drawEntry = (entry: Entry, columns: Columns, width: number, palette: Palette): Array<string> => {
  const below = " ".repeat(gutter) + entry.below
  if (entry.brief !== undefined && detailWidth(entry.details.slice(0, 1)) > columns.detail) {
    const brief = fit(entry.brief, width - gutter - entry.branch.length)
    return [" ".repeat(gutter) + palette.quiet(entry.branch) + entry.paintName(brief)]
  }
  const name = fill(entry.name, columns.name - entry.branch.length)
  const line = [
    palette.wrong(entry.mark),
    " ",
    palette.quiet(entry.branch),
    entry.paintName(name),
    " ",
    entry.paintBar(entry.bar(columns.bar)),
    " ",
    entry.duration.padStart(columns.duration),
    drawDetails(entry.details, columns.detail, palette)
  ]
  return [
    line.join("").trimEnd(),
    ...entry.notes.flatMap(({ maxLines, paint, text }) =>
      wrap(text, width - below.length, maxLines).map((note) => palette.quiet(below) + paint(note))
    )
  ]
}

/** One line where it fits; otherwise the trace id gets its own, so that it can be copied whole. */
const drawHeader = (tree: SpanTree, options: DrawOptions, width: number, palette: Palette): Array<string> => {
  const root = tree.tops.length === 1 ? tree.tops[0] : undefined
  const facts: Array<readonly [text: string, paint: Paint]> = [
    [formatDuration(tree.end - tree.start), String],
    [formatCount(tree.size, "span"), String]
  ]
  if (tree.errors > 0) facts.push([formatCount(tree.errors, "error"), palette.wrong])
  if (options.note !== undefined) facts.push([options.note, palette.notable])
  if (options.service !== undefined) facts.push([neutralise(options.service), palette.quiet])
  const factsWidth = () => facts.reduce((sum, [text]) => sum + betweenFacts.length + widthOf(text), 0)
  while (gutter + minName + factsWidth() > width) facts.pop()
  const name = fit(root === undefined ? "root not here" : neutralise(root.span.name), width - gutter - factsWidth())
  const mark = tree.errors > 0 ? palette.wrong("●") : palette.good("●")
  const line = `${mark} ${palette.title(name)}${
    facts.map(([text, paint]) => palette.quiet(betweenFacts) + paint(text)).join("")
  }`
  const traceId = `trace ${tree.nodes[0]?.span.traceId ?? ""}`
  const space = width - gutter - widthOf(name) - factsWidth() - traceId.length
  return space >= betweenFacts.length
    ? [`${line}${" ".repeat(space)}${palette.quiet(traceId)}`]
    : [line, `${" ".repeat(gutter)}${palette.quiet(traceId)}`]
}

/**
 * Draws one trace as a waterfall: a line that says what it was, then its tree with a bar for each span on the trace's own
 * time axis.
 *
 * @category drawing
 * @since 0.1.0
 */
export const drawTrace = (trace: TraceSpans, options: DrawOptions): string => {
  const width = Math.min(maxWidth, Math.max(minWidth, Math.floor(options.width)))
  const maxRows = Math.max(1, Math.floor(options.maxRows))
  const palette = paletteFor(options.color)
  const tree = makeSpanTree(trace)
  const maxLevel = Math.floor((maxNameColumns(width) - minName) / 2)
  const { rows, room } = chooseRows(tree, { maxRows, maxLevel })
  const entries = makeEntries(tree, rows, palette, room)
  const columns = layOut(entries, width)
  return [
    ...drawHeader(tree, options, width, palette),
    ...entries.flatMap((entry) => drawEntry(entry, columns, width, palette))
  ].join("\n")
}
