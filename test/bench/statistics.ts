/** The middle one of some figures, and how far from it half of them are at most (the median absolute deviation). */
export interface Summary {
  readonly median: number
  readonly deviation: number
  readonly values: ReadonlyArray<number>
}

const medianOf = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const summarize = (values: ReadonlyArray<number>): Summary => {
  const median = medianOf(values)
  return { median, deviation: medianOf(values.map((value) => Math.abs(value - median))), values }
}
