import type * as ContextType from "effect/Context"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Predicate from "effect/Predicate"
import { RequestState } from "./effectKeys.ts"

/** The part of Node's `ServerResponse` that is written here; that of HTTP/2 has it too. */
interface NodeResponse {
  readonly headersSent: boolean
  readonly setHeader: (name: string, value: string) => unknown
}

const isNodeResponse = (response: unknown): response is NodeResponse =>
  Predicate.hasProperty(response, "setHeader") && typeof response.setHeader === "function" &&
  Predicate.hasProperty(response, "headersSent")

const setBeforeSending = (
  context: ContextType.Context<never>,
  headers: Readonly<Record<string, string>>
): void => {
  const state = Context.getOrUndefined(context, RequestState)
  if (state === undefined) return
  const before = state.preResponseHandler
  // In lower case, as those of Effect's responses are.
  const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  state.preResponseHandler = (request, response) =>
    Effect.flatMap(before === undefined ? Effect.succeed(response) : before(request, response), (response) =>
      // Whoever serves has loaded it; importing it up there would have every program load it.
      Effect.map(
        Effect.promise(() => import("effect/http/HttpServerResponse")),
        ({ setHeaders }) => setHeaders(response, { ...lowered, ...response.headers })
      ))
}

/**
 * Puts headers on the answer to a request, whatever the answer will be: those of routes, of failures and defects, of unknown routes and
 * of middleware. A header the answer sets itself stays as it is.
 *
 * **Details**
 *
 * On Node they are set on the raw response at once, because an answer of a middleware passes no hook of Effect's. Elsewhere (`toWebHandler`,
 * an upgrade that is refused) they are added as the answer is sent.
 */
export const setResponseHeaders = (
  request: HttpServerRequest,
  context: ContextType.Context<never>,
  headers: Readonly<Record<string, string>>
): void => {
  const response: unknown = Predicate.hasProperty(request, "response") ? request.response : undefined
  if (!isNodeResponse(response)) return setBeforeSending(context, headers)
  if (response.headersSent) return
  for (const name of Object.keys(headers)) response.setHeader(name, headers[name] ?? "")
}
