/**
 * Items, queues, streams: where one trace ends and the next begins, and the links between them.
 *
 * @since 0.1.0
 */
export { carryOn, linkTo, receive } from "./receive.ts"
export type { AnyCarrier, Received } from "./receive.ts"
export * as Work from "./Work.ts"
