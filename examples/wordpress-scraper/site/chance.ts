import { createHash } from "node:crypto"

/**
 * Draws a number in [0, 1) which depends on the key alone, so that what one
 * part of the site draws never depends on what another part, or another
 * request, drew before it.
 */
export const fraction = (...key: ReadonlyArray<string | number>): number =>
  createHash("sha256").update(JSON.stringify(key)).digest().readUInt32BE(0) / 2 ** 32

/** Draws a whole number from `low` to `high`, both included. */
export const between = (low: number, high: number, ...key: ReadonlyArray<string | number>): number =>
  low + Math.floor(fraction(...key) * (high - low + 1))

/** Draws one of a list. */
export const pick = <A>(items: readonly [A, ...Array<A>], ...key: ReadonlyArray<string | number>): A =>
  items[between(0, items.length - 1, ...key)] ?? items[0]

/** Draws a list in an order of its own. */
export const shuffled = <A>(items: ReadonlyArray<A>, ...key: ReadonlyArray<string | number>): ReadonlyArray<A> =>
  items
    .map((item, index) => [fraction(...key, index), item] as const)
    .sort(([left], [right]) => left - right)
    .map(([, item]) => item)

/** Draws hexadecimal digits, as nonces and avatar addresses have. */
export const hexadecimal = (length: number, ...key: ReadonlyArray<string | number>): string =>
  createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, length)
