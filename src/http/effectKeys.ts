import * as Context from "effect/Context"
import { constFalse } from "effect/Function"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"

// Effect's own keys, written out: importing `effect/http` for them would add some 150 ms to the start of every program,
// also of those that never speak HTTP. A test holds them to Effect's.

/** The request a server fiber is answering. */
export const ServerRequest = Context.Service<HttpServerRequest.HttpServerRequest, HttpServerRequest.HttpServerRequest>(
  "effect/http/HttpServerRequest"
)

/** `HttpMiddleware.TracerDisabledWhen`. */
export const ServerTracerDisabledWhen = Context.Reference<(request: HttpServerRequest.HttpServerRequest) => boolean>(
  "effect/http/HttpMiddleware/TracerDisabledWhen",
  { defaultValue: () => constFalse }
)

/** `HttpMiddleware.SpanNameGenerator`. */
export const ServerSpanName = Context.Reference<(request: HttpServerRequest.HttpServerRequest) => string>(
  "@effect/platform/HttpMiddleware/SpanNameGenerator",
  { defaultValue: () => (request) => request.method }
)
