/**
 * The verbs used inside a program: where it is, what happened, what it does to databases, caches, queues and servers, and what
 * travels on.
 *
 * @since 0.1.0
 */
export * from "./baggage.ts"
export * from "./cache.ts"
export * from "./carriers.ts"
export * from "./current.ts"
export * from "./database.ts"
export * from "./error.ts"
export * from "./event.ts"
export * from "./forceSample.ts"
export * from "./http.ts"
export * from "./message.ts"
export * from "./retrying.ts"
