/**
 * The vocabulary of scraping: what came of an item, attempts, waits, robots.
 *
 * @since 0.1.0
 */
export * from "./attributes.ts"
export * as Scraper from "./Scraper.ts"
export type { ItemDescription, Outcome, WaitReason } from "./Scraper.ts"
