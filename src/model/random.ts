import { randomFillSync } from "node:crypto"

// One system call for 2,048 integers instead of one per id: ids stay cryptographically random, which the sampling
// rules of OpenTelemetry and the `random` flag of W3C level 2 rely on, at the price of an array read.
const pool = new Int32Array(2048)
let next = pool.length

const refill = (): void => {
  randomFillSync(pool)
  next = 0
}

/** Takes one random signed 32-bit integer from the pool. */
export const randomInt = (): number => {
  if (next === pool.length) refill()
  return pool[next++]!
}

/** Fills the target with random signed 32-bit integers from the pool. */
export const fillRandomInts = (target: Int32Array): void => {
  for (let i = 0; i < target.length; i++) target[i] = randomInt()
}
