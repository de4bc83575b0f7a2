import type { FoldRow, Row, SpanRow } from "./chooseRows.ts"
import { errorMessageOf, noteworthyEvents } from "./describeEvents.ts"
import type { Detail } from "./describeSpan.ts"
import { describeSpan } from "./describeSpan.ts"
import { drawBar, drawHeights } from "./drawBar.ts"
import { formatCount, formatDuration, groupThousands } from "./formatDuration.ts"
import type { Paint, Palette } from "./palette.ts"
import type { SpanTree } from "./SpanTree.ts"
import { neutralise } from "./terminalText.ts"

/**
 * All that is said of one line of a trace's tree, before it is known how wide each column is.
 *
 * @category models
 * @since 0.1.0
 */
export interface Entry {
  readonly mark: string
  /** The lines of the tree left of the name, and left of the notes. */
  readonly branch: string
  readonly below: string
  readonly name: string
  readonly bar: (columns: number) => string
  readonly duration: string
  /** What replaces name and bar where there is no room for the first detail, without which the line says nothing. */
  readonly brief: string | undefined
  readonly details: ReadonlyArray<Detail>
  /** Lines of their own below: what went wrong, and what happened. */
  readonly notes: ReadonlyArray<Note>
  readonly paintName: Paint
  readonly paintBar: Paint
}

/**
 * A line below an entry.
 *
 * @category models
 * @since 0.1.0
 */
export interface Note {
  readonly text: string
  readonly paint: Paint
  readonly maxLines: number
}

const maxMessageLines = 3
const maxEventsOfSpan = 2

const quiet = (text: string): Detail => ({ text, tone: "quiet", cutAt: "end" })

const markOf = (row: SpanRow): string => {
  const { span } = row.node
  if (span.statusCode === "error") return "✗"
  if (span.attributes.get("effect.fiber.interrupted") === true) return "⊘"
  return span.statusCode === "ok" ? "✓" : " "
}

/** The message of an error, unless an error right below, where it came from, says the same. */
const messageOf = (row: SpanRow): string | undefined => {
  const message = errorMessageOf(row.node.span)
  const isRepeated = row.node.errors > 1 &&
    row.children.some((child) => child._tag === "Span" && errorMessageOf(child.node.span) === message)
  return isRepeated ? undefined : message
}

const detailsOf = (row: SpanRow, messageShown: boolean): ReadonlyArray<Detail> => {
  const { node } = row
  const details = [...describeSpan(node.span, messageShown)]
  if (node.parentMissing) details.push(quiet(node.span.parentIsRemote ? "remote parent" : "parent not here"))
  if (row.hidden > 0) details.push(quiet(`+ ${formatCount(row.hidden, "span")} inside`))
  return details
}

const nameOfFold = ({ fold, moreLikeThis }: FoldRow): string => {
  const count = `… ${groupThousands(fold.count)}`
  if (moreLikeThis) return `${count} more like this`
  return fold.name === undefined ? `${count} others` : `${count} × ${neutralise(fold.name)}`
}

/**
 * Says what each chosen line of a tree shows, from top to bottom.
 *
 * @param maxNotes how many lines there may be for events, in all
 *
 * @category layout
 * @since 0.1.0
 */
export const makeEntries = (
  tree: SpanTree,
  rows: ReadonlyArray<Row>,
  palette: Palette,
  maxNotes: number
): ReadonlyArray<Entry> => {
  const entries: Array<Entry> = []
  const span = Math.max(tree.end - tree.start, 1e-6)
  let room = maxNotes

  const addSpan = (row: SpanRow, branch: string, below: string): void => {
    const { duration, start } = row.node
    const isError = row.node.span.statusCode === "error"
    const message = messageOf(row)
    const events = noteworthyEvents(row.node.span).slice(0, Math.min(room, maxEventsOfSpan))
    room -= events.length
    const notes: Array<Note> = events.map((text) => ({ text: `· ${text}`, paint: palette.quiet, maxLines: 1 }))
    if (message !== undefined) notes.unshift({ text: message, paint: palette.wrong, maxLines: maxMessageLines })
    entries.push({
      mark: markOf(row),
      branch,
      below,
      name: neutralise(row.node.span.name),
      bar: (columns) =>
        drawBar((start - tree.start) / span * columns, (start + duration - tree.start) / span * columns, columns),
      duration: formatDuration(duration),
      brief: undefined,
      details: detailsOf(row, message !== undefined),
      notes,
      paintName: isError ? palette.wrong : row.level === 0 ? palette.title : String,
      paintBar: palette.bar(row.node.span)
    })
  }

  const addFold = (row: FoldRow, branch: string, below: string): void => {
    const { fold } = row
    const name = nameOfFold(row)
    const percentiles = `p50 ${formatDuration(fold.percentile(0.5))}, p95 ${formatDuration(fold.percentile(0.95))}`
    entries.push({
      mark: " ",
      branch,
      below,
      name,
      bar: (columns) => drawHeights(fold.runningIn(tree.start, tree.end, columns)),
      duration: "",
      brief: `${name}, ${percentiles}`,
      details: [
        quiet(percentiles),
        ...(fold.inside > 0 ? [quiet(`+ ${formatCount(fold.inside, "span")} inside`)] : [])
      ],
      notes: [],
      paintName: palette.quiet,
      paintBar: palette.quiet
    })
  }

  const addAll = (rows: ReadonlyArray<Row>, above: string, level: number): void => {
    for (const [index, row] of rows.entries()) {
      const isLast = index === rows.length - 1
      const stroke = row._tag === "Span" && row.detached ? "┄" : "╴"
      const branch = level === 0 ? "" : `${above}${isLast ? "└" : "├"}${stroke}`
      const next = level === 0 ? "" : `${above}${isLast ? "  " : "│ "}`
      if (row._tag === "Fold") {
        addFold(row, branch, next)
      } else {
        addSpan(row, branch, row.children.length > 0 ? `${next}│ ` : `${next}  `)
        addAll(row.children, next, level + 1)
      }
    }
  }

  addAll(rows, "", 0)
  return entries
}
