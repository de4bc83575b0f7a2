/**
 * The version of this package, as its package.json has it.
 *
 * @category constants
 * @since 0.1.0
 */
export const packageVersion = "0.1.0"
