import { randomFillSync } from "node:crypto"

const seed = new Int32Array(4)
/** Numbers after which the generator is seeded anew, so that copies of a process that was frozen do not go on alike for long. */
const numbersOfSeed = 2 ** 16
let left = 0
let a = 0
let b = 0
let c = 0
let d = 0

const plantSeed = (): void => {
  do {
    randomFillSync(seed)
  } while (seed[0] === 0 && seed[1] === 0 && seed[2] === 0 && seed[3] === 0)
  a = seed[0]!
  b = seed[1]!
  c = seed[2]!
  d = seed[3]!
  left = numbersOfSeed
}

/**
 * Makes one random signed 32-bit integer.
 *
 * **Details**
 *
 * By the generator xoshiro128** of David Blackman and Sebastiano Vigna (https://prng.di.unimi.it), seeded by the system: uniform in all
 * its bits, which the sampling rules of OpenTelemetry and the `random` flag of W3C level 2 rely on. Ids are no secrets.
 */
export const randomInt = (): number => {
  if (left === 0) plantSeed()
  left--
  const product = Math.imul(b, 5)
  const result = Math.imul((product << 7) | (product >>> 25), 9)
  const shifted = b << 9
  c ^= a
  d ^= b
  b ^= c
  a ^= d
  c ^= shifted
  d = (d << 11) | (d >>> 21)
  return result
}
