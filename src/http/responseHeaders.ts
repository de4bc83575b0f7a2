import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { RequestState } from "./effectKeys.ts"

/** The part of Node's `ServerResponse` that is written here; that of HTTP/2 has it too. */
interface NodeResponse {
  readonly headersSent: boolean
  readonly setHeader: (name: string, value: string) => unknown
}

const isNodeResponse = (response: unknown): response is NodeResponse =>
  typeof response === "object" && response !== null && "setHeader" in response &&
  typeof response.setHeader === "function" && "headersSent" in response

const setBeforeSending = (name: string, value: string, otherName: string, otherValue: string): void => {
  const context = Fiber.getCurrent()?.context
  const state = context === undefined ? undefined : Context.getOrUndefined(context, RequestState)
  if (state === undefined) return
  const before = state.preResponseHandler
  // In lower case, as those of Effect's responses are.
  const headers = { [name.toLowerCase()]: value, [otherName.toLowerCase()]: otherValue }
  state.preResponseHandler = (request, response) =>
    Effect.flatMap(before === undefined ? Effect.succeed(response) : before(request, response), (response) =>
      // Whoever serves has loaded it; importing it up there would have every program load it.
      Effect.map(
        Effect.promise(() => import("effect/http/HttpServerResponse")),
        ({ setHeaders }) => setHeaders(response, { ...headers, ...response.headers })
      ))
}

/**
 * Puts two headers on the answer to a request, whatever the answer will be: those of routes, of failures and defects, of unknown routes
 * and of middleware. A header the answer sets itself stays as it is. To be called in the fiber that answers.
 *
 * **Details**
 *
 * On Node they are set on the raw response at once, because an answer of a middleware passes no hook of Effect's. Elsewhere (`toWebHandler`,
 * an upgrade that is refused) they are added as the answer is sent.
 */
export const setResponseHeaders = (
  request: HttpServerRequest,
  name: string,
  value: string,
  otherName: string,
  otherValue: string
): void => {
  const response: unknown = "response" in request ? request.response : undefined
  if (!isNodeResponse(response)) return setBeforeSending(name, value, otherName, otherValue)
  if (response.headersSent) return
  response.setHeader(name, value)
  response.setHeader(otherName, otherValue)
}
