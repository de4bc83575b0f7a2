/**
 * What the semantic conventions of OpenTelemetry ask for, as pure functions and tables: names, attributes, status and
 * errors of HTTP, SQL and messages, and a check of spans against them.
 *
 * @since 0.1.0
 */
export * from "./Attribute.ts"
export * as Conventions from "./Conventions.ts"
export * as DatabaseError from "./DatabaseError.ts"
export * as DatabaseMessage from "./DatabaseMessage.ts"
export * as ErrorType from "./ErrorType.ts"
export * as HttpMethod from "./HttpMethod.ts"
export * as HttpStatus from "./HttpStatus.ts"
export * as HttpUrl from "./HttpUrl.ts"
export * as Messaging from "./Messaging.ts"
export * as NetworkAddress from "./NetworkAddress.ts"
export * as Sql from "./Sql.ts"
