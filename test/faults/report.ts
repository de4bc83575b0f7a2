import type { Result } from "./play.ts"
import type { Row } from "./Row.ts"

const columns = ["", "row", "emitted", "lost", "doubled", "told", "MiB", "busy ms", "delay ms", "s"] as const

const widths = (
  names: ReadonlyArray<string>
): ReadonlyArray<number> => [4, Math.max(...names.map(({ length }) => length)), 8, 14, 12, 24, 5, 7, 8, 5]

const line = (cells: ReadonlyArray<string>, rows: ReadonlyArray<Row>): string =>
  cells.map((cell, i) => cell.padEnd(widths(rows.map(({ name }) => name))[i] ?? 0)).join(" | ").trimEnd()

const toldText = ({ facts: { told: { lost, maybeDoubled, onDisk } } }: Result): string =>
  [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(maybeDoubled > 0 ? [`${maybeDoubled} doubled?`] : []),
    ...(onDisk > 0 ? [`${onDisk} on disk`] : [])
  ].join(", ")

/** A count, and how large it may be where that is not 0. */
const withBound = (count: number, most: number = 0): string => most === 0 ? String(count) : `${count} of ${most}`

/** The head of the table. */
export const head = (rows: ReadonlyArray<Row>): string => line(columns, rows)

/** A row of the table, and under it what is beyond its bound. */
export const resultLine = (result: Result, rows: ReadonlyArray<Row>): string => {
  const { facts, failures, row, seconds } = result
  const cells = [
    failures.length === 0 ? "ok" : "FAIL",
    row.name,
    facts.emitted,
    withBound(facts.lost, row.bound?.lost?.(facts)),
    withBound(facts.doubled, row.bound?.doubled?.(facts)),
    toldText(result),
    facts.memory,
    facts.busy,
    facts.delay,
    seconds.toFixed(0)
  ]
  return [line(cells.map(String), rows), ...failures.map((failure) => `     ^ ${failure}`)].join("\n")
}

/** How long rows will take, in words. */
export const durationText = (seconds: number): string =>
  seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`
