import * as Context from "effect/Context"
import { constFalse, constTrue } from "effect/Function"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import type { PreResponseHandler } from "effect/http/HttpEffect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"

// Effect's own keys, written out: importing `effect/http` for them would add some 150 ms to the start of every program,
// also of those that never speak HTTP. A test holds them to Effect's.

/** The request a server fiber is answering. */
export const ServerRequest = Context.Service<HttpServerRequest.HttpServerRequest, HttpServerRequest.HttpServerRequest>(
  "effect/http/HttpServerRequest"
)

/** What a request's answer passes before it is sent; `HttpEffect.appendPreResponseHandlerUnsafe` writes it. */
export const RequestState = Context.Service<
  { preResponseHandler: PreResponseHandler | undefined },
  { preResponseHandler: PreResponseHandler | undefined }
>("effect/http/HttpEffect/CurrentRequestState")

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

/** `HttpMiddleware.TracerHeaderFilter`. */
export const ServerHeaderFilter = Context.Reference<(name: string, phase: "request" | "response") => boolean>(
  "effect/http/HttpMiddleware/TracerHeaderFilter",
  { defaultValue: () => constFalse }
)

/** `HttpClient.TracerHeaderFilter`. */
export const ClientHeaderFilter = Context.Reference<(name: string, phase: "request" | "response") => boolean>(
  "effect/http/HttpClient/TracerHeaderFilter",
  { defaultValue: () => constFalse }
)

/** `HttpClient.TracerPropagationEnabled`. */
export const ClientTracerPropagationEnabled = Context.Reference<boolean>(
  "effect/http/HttpClient/TracerPropagationEnabled",
  { defaultValue: constTrue }
)

/** `HttpClient.TracerDisabledWhen`. */
export const ClientTracerDisabledWhen = Context.Reference<(request: HttpClientRequest) => boolean>(
  "effect/http/HttpClient/TracerDisabledWhen",
  { defaultValue: () => constFalse }
)
