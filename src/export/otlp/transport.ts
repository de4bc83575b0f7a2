import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { showEndpoint } from "./endpoint.ts"
import { keepOpen } from "./keepOpen.ts"
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
 * Makes a transport that is loaded when the first request is sent: a program that starts does not wait for Node's HTTP.
 */
export const makeTransport = Effect.fnUntraced(function*(
  options: OtlpTransportOptions,
  protocol: Protocol
): Effect.fn.Return<OtlpTransport, never, Scope.Scope> {
  const endpoint = showEndpoint(options.tracesEndpoint, protocol === "grpc")
  const context = yield* Effect.context<Scope.Scope>()
  // Of now, although it is filled later: what closes before whoever still sends through it would tear off his last requests.
  const scope = yield* Scope.fork(yield* Effect.scope)
  const sender = keepOpen(
    makeSender(options, protocol, endpoint).pipe(Scope.provide(scope), Effect.provideContext(context)),
    () => true
  )
  return {
    name: `otlp ${endpoint}`,
    endpoint,
    send: (body) => Effect.flatMap(sender.get, ({ send }) => send(body)),
    shutdown: Effect.suspend(() => sender.current()?.shutdown ?? Effect.void)
  }
})
