/**
 * Every span in exactly one account; warnings, once each.
 *
 * @since 0.1.0
 */
export * from "./Ledger.ts"
export * from "./Warnings.ts"
