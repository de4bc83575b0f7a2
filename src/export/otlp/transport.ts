import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { showEndpoint } from "./endpoint.ts"
import type { OtlpSender, OtlpTransport, OtlpTransportOptions } from "./OtlpTransport.ts"

type Protocol = "http/protobuf" | "http/json" | "grpc"

const makeSender = (
  options: OtlpTransportOptions,
  protocol: Protocol,
  endpoint: string
): Effect.Effect<OtlpSender, never, Scope.Scope> =>
  protocol === "grpc"
    ? Effect.flatMap(Effect.promise(() => import("./grpc/GrpcTransport.ts")), ({ make }) => make(options, endpoint))
    : Effect.flatMap(
      Effect.promise(() => import("./HttpTransport.ts")),
      ({ make }) => make(protocol)(options, endpoint)
    )

/**
 * Makes a transport; of the protocols the one that is spoken is loaded, here and not with the first request, in the middle of the
 * program's work.
 */
export const makeTransport = Effect.fnUntraced(function*(
  options: OtlpTransportOptions,
  protocol: Protocol
): Effect.fn.Return<OtlpTransport, never, Scope.Scope> {
  const endpoint = showEndpoint(options.tracesEndpoint, protocol === "grpc")
  return { name: `otlp ${endpoint}`, endpoint, ...yield* makeSender(options, protocol, endpoint) }
})
