const fromLeft = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
const heights = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

/** The glyph for a bar that begins in a cell and fills the last `eighths` of it; there are only three such glyphs. */
const fromRight = (eighths: number): string => eighths >= 6 ? "█" : eighths >= 3 ? "▐" : "▕"

const within = (offset: number, eighths: number): string => {
  if (offset === 0) return fromLeft[eighths]!
  if (offset + eighths === 8) return fromRight(eighths)
  if (eighths >= 6) return "█"
  const inLeftHalf = offset + eighths / 2 < 4
  return eighths >= 3 ? (inLeftHalf ? "▌" : "▐") : (inLeftHalf ? "▏" : "▕")
}

/**
 * Draws the bar of a span that lasted from `start` to `end`, given in columns of an axis `columns` wide.
 *
 * **Details**
 *
 * Ends are drawn to an eighth of a column, starts to about a third; a span too short to see is drawn an eighth wide. A
 * span that reaches beyond the axis has an arrow (`◂`, `▸`) at that edge.
 *
 * @category drawing
 * @since 0.1.0
 */
export const drawBar = (start: number, end: number, columns: number): string => {
  const total = columns * 8
  const beginsBefore = Math.round(start * 8) < 0
  const endsBeyond = Math.round(end * 8) > total
  const from = Math.min(Math.max(0, Math.round(start * 8)), total - 1)
  const to = Math.max(Math.min(total, Math.round(end * 8)), from + 1)
  const firstCell = from >> 3
  const lastCell = (to - 1) >> 3
  const cells = firstCell === lastCell
    ? [within(from & 7, to - from)]
    : [fromRight(8 - (from & 7)), "█".repeat(lastCell - firstCell - 1), fromLeft[to - lastCell * 8]!]
  let bar = cells.join("")
  if (beginsBefore) bar = `◂${bar.slice(1)}`
  if (endsBeyond) bar = `${bar.slice(0, -1)}▸`
  return " ".repeat(firstCell) + bar + " ".repeat(columns - lastCell - 1)
}

/**
 * Draws counts as columns of eight heights, the largest count as the highest.
 *
 * @category drawing
 * @since 0.1.0
 */
export const drawHeights = (counts: ReadonlyArray<number>): string => {
  const largest = Math.max(...counts, 1)
  return counts.map((count) => heights[Math.ceil(count / largest * 8)] ?? " ").join("")
}
