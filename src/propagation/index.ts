/**
 * What travels with a request, a message or a child process: trace context, baggage and correlation ids in any carrier,
 * who is told of them, and who is believed.
 *
 * @since 0.1.0
 */
export * as B3 from "./B3.ts"
export * as Baggage from "./Baggage.ts"
export * as Carrier from "./Carrier.ts"
export * from "./CorrelationId.ts"
export * from "./CurrentBaggage.ts"
export * from "./HostListError.ts"
export * as Jaeger from "./Jaeger.ts"
export * as OwnHosts from "./OwnHosts.ts"
export * from "./PropagatedContext.ts"
export * as Propagator from "./Propagator.ts"
export * as SqlComment from "./SqlComment.ts"
export * as TraceContext from "./TraceContext.ts"
export * as TraceState from "./TraceState.ts"
export * as Trust from "./Trust.ts"
