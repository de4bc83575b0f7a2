import { hexOfInt, intOfHex } from "./hex.ts"
import { randomInt } from "./random.ts"

const pattern = /^[0-9a-f]{16}$/
const zero = "0000000000000000"

/**
 * Writes the two signed 32-bit halves of a span id as 16 lower-case hexadecimal digits.
 *
 * **Details**
 *
 * A span id is never an object here: spans hold its halves as two integers (`idHigh`, `idLow`), because one more
 * allocation per span is what the tracer can do without.
 *
 * @category ids
 * @since 0.1.0
 */
export const toHex = (high: number, low: number): string => hexOfInt(high) + hexOfInt(low)

/**
 * Says whether the text is 16 lower-case hexadecimal digits that are not all zero (W3C Trace Context `parent-id`).
 *
 * @category ids
 * @since 0.1.0
 */
export const isValid = (text: string): boolean => pattern.test(text) && text !== zero

/**
 * Reads the first (`high`) half of a valid span id.
 *
 * @category ids
 * @since 0.1.0
 */
export const highOf = (text: string): number => intOfHex(text, 0)

/**
 * Reads the second (`low`) half of a valid span id.
 *
 * @category ids
 * @since 0.1.0
 */
export const lowOf = (text: string): number => intOfHex(text, 8)

/**
 * Makes one half of a random span id.
 *
 * @category ids
 * @since 0.1.0
 */
export const randomHalf: () => number = randomInt
