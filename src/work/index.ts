/**
 * Items, queues, streams: where one trace ends and the next begins, and the links between them.
 *
 * @since 0.1.0
 */
export * from "./Work.ts"
