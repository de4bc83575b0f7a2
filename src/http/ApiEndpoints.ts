import * as Context from "effect/Context"
import type { Attributes } from "../model/index.ts"

/** An endpoint of an `HttpApi`. */
export interface ApiEndpoint {
  readonly group: string
  readonly endpoint: string
}

/** The endpoints by method and route, `GET /posts/:id`. */
export type ApiEndpoints = ReadonlyMap<string, ApiEndpoint>

/** The endpoints of a server where none are known. */
export const noEndpoints: ApiEndpoints = new Map()

/** Holds the endpoints a server is known to have. */
export const ApiEndpoints: Context.Reference<ApiEndpoints> = Context.Reference<ApiEndpoints>(
  "effect-tracing/http/ApiEndpoints",
  { defaultValue: () => noEndpoints }
)

/** Writes the endpoint that a route belongs to. */
export const setEndpoint = (attributes: Attributes, endpoints: ApiEndpoints, method: string, route: string): void => {
  const found = endpoints.get(`${method} ${route}`)
  if (found === undefined) return
  attributes.set("effect.http_api.group", found.group)
  attributes.set("effect.http_api.endpoint", found.endpoint)
}
