import type { Collector } from "./Collector.ts"

/** What a collector has stored, by the numbers of the spans. */
export interface Stored {
  /** How many times each. */
  readonly times: ReadonlyMap<number, number>
  /** Those it has answered about at least once, so that their sender can know that they are there. */
  readonly sure: ReadonlySet<number>
  /** Those it has refused at least once. */
  readonly refused: ReadonlySet<number>
  /** How many came in requests that it stored and did not answer. */
  readonly unanswered: number
  /** How many times too often, in all. */
  readonly doubled: number
  /** How many of the sure ones are there more than once: their sender has to tell. */
  readonly toTell: number
}

/** Counts what a collector has stored. */
export const countStored = ({ requests }: Collector): Stored => {
  const times = new Map<number, number>()
  const sure = new Set<number>()
  const refused = new Set<number>()
  const unanswered = new Set<number>()
  for (const { isAnswered, numbers, reaction, stored } of requests) {
    numbers.forEach((number, place) => {
      if (place < stored) {
        times.set(number, (times.get(number) ?? 0) + 1)
        const known = isAnswered ? sure : unanswered
        known.add(number)
      } else if (reaction._tag === "take" || reaction._tag === "refuse") refused.add(number)
    })
  }
  let [doubled, toTell] = [0, 0]
  for (const [number, count] of times) {
    if (count === 1) continue
    doubled += count - 1
    if (sure.has(number)) toTell++
  }
  return { times, sure, refused, unanswered: unanswered.size, doubled, toTell }
}
