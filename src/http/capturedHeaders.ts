import * as Context from "effect/Context"
import { ClientHeaderFilter, ServerHeaderFilter } from "./effectKeys.ts"

/**
 * Names the headers that spans record, in any case: `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_*`.
 *
 * @category models
 * @since 0.1.0
 */
export interface CapturedHeaders {
  readonly serverRequest: ReadonlyArray<string>
  readonly serverResponse: ReadonlyArray<string>
  readonly clientRequest: ReadonlyArray<string>
  readonly clientResponse: ReadonlyArray<string>
}

type Filter = (name: string, phase: "request" | "response") => boolean

const filterOf = (request: ReadonlyArray<string>, response: ReadonlyArray<string>): Filter | undefined => {
  if (request.length + response.length === 0) return undefined
  const lowerCase = (names: ReadonlyArray<string>) => new Set(names.map((name) => name.toLowerCase()))
  const allowed = { request: lowerCase(request), response: lowerCase(response) }
  return (name, phase) => allowed[phase].has(name)
}

/**
 * Sets Effect's own filters of headers, where there is anything to record; a filter of the program's own, provided inside,
 * takes their place.
 *
 * @category headers
 * @since 0.1.0
 */
export const captureHeaders = (headers: CapturedHeaders): Context.Context<never> => {
  const server = filterOf(headers.serverRequest, headers.serverResponse)
  const client = filterOf(headers.clientRequest, headers.clientResponse)
  const context = server === undefined ? Context.empty() : Context.make(ServerHeaderFilter, server)
  return client === undefined ? context : Context.add(context, ClientHeaderFilter, client)
}
