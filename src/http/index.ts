/**
 * The HTTP spans of `effect/http`, mended to what the conventions ask for, and trace headers on what leaves.
 *
 * @since 0.1.0
 */
export * from "./capturedHeaders.ts"
export * from "./clientAddress.ts"
export * as ClientConnections from "./ClientConnections.ts"
export { ClientTracerPropagationEnabled } from "./effectKeys.ts"
export * as HttpClientInstrumentation from "./HttpClientInstrumentation.ts"
export * as HttpServerInstrumentation from "./HttpServerInstrumentation.ts"
export * as HttpTracing from "./HttpTracing.ts"
export * as TraceHeaders from "./TraceHeaders.ts"
