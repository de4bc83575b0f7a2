/**
 * The queue as spans name it. The conventions know no name for a table that is a queue: that of the database serves.
 *
 * @category constants
 * @since 0.1.0
 */
export const queue = { system: "postgresql", destination: "scrape_jobs" } as const

/**
 * The headers of a message: what `Trace.carrier` gives.
 *
 * @category models
 * @since 0.1.0
 */
export type Carrier = Readonly<Record<string, string>>
