const firstMillis = 1_000
const longestMillis = 30_000

/**
 * Says how long to wait before the next attempt: twice as long each time from about 1 s to about 30 s, spread by half
 * either way so that processes that failed together do not come back together.
 *
 * `failures` counts the attempts that failed, from 1; `random` is from 0 to 1.
 */
export const backoffMillis = (failures: number, random: number): number =>
  Math.min(firstMillis * 2 ** (failures - 1), longestMillis) * (0.5 + random)
