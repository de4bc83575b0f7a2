import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { AnySpan } from "effect/Tracer"
import type { ApiEndpoints } from "./ApiEndpoints.ts"
import { noEndpoints } from "./ApiEndpoints.ts"
import type { RouteTracing } from "./HttpTracing.ts"
import { bytesWrittenFor } from "./sentResponse.ts"

/** What a server span remembers until it ends. */
export class ServerMemo {
  /** The method as it came. */
  readonly method: string
  /** What the platform gave the request as, which `request.modify` keeps: it tells requests apart. */
  readonly source: object
  readonly hasDefaultName: boolean
  readonly clientAddress: string | undefined
  /** What its connection had been given to send before. */
  readonly bytesBefore: number | undefined
  /** The endpoints its server is known to have. */
  endpoints: ApiEndpoints = noEndpoints
  /** What the answer is to carry. */
  correlationId: string | undefined = undefined
  /** The request, until its answer has its headers. */
  request: HttpServerRequest | undefined
  /** Whether a span inside has told the route. */
  isRouted = false
  /** What the route said of itself. */
  route: RouteTracing | undefined = undefined

  constructor(request: HttpServerRequest, hasDefaultName: boolean, clientAddress: string | undefined) {
    this.method = request.method
    this.source = request.source
    this.bytesBefore = bytesWrittenFor(request.source)
    this.hasDefaultName = hasDefaultName
    this.clientAddress = clientAddress
    this.request = request
  }
}

/** What a server span of this package remembers; `undefined` for any other span, and for one that has ended. */
export const memoOf = (span: AnySpan): ServerMemo | undefined =>
  span._tag === "Span" && span.kind === "server" && "memo" in span && span.memo instanceof ServerMemo
    ? span.memo
    : undefined
