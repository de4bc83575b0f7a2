/** Numbers from 0 to 1 that are the same for the same seed (the generator "mulberry32"). */
export const makeRandom = (seed: number): () => number => {
  let state = seed >>> 0
  return () => {
    state = state + 0x6d2b79f5 | 0
    let mixed = Math.imul(state ^ state >>> 15, 1 | state)
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32
  }
}

/** One of the choices. */
export const oneOf = <A>(random: () => number, choices: readonly [A, ...ReadonlyArray<A>]): A =>
  choices[Math.floor(random() * choices.length)] ?? choices[0]

/** A whole number between the two, both included. */
export const between = (random: () => number, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1))
