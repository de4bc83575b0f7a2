/**
 * What never leaves the process: secrets in keys, values, URLs and messages, found cheaply and in linear time.
 *
 * @since 0.1.0
 */
export { kinds as secretKinds } from "./kinds.ts"
export * from "./redactDeep.ts"
export * as Redactor from "./Redactor.ts"
