import * as Context from "effect/Context"
import * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import { ServerRequest } from "./effectKeys.ts"

/** The part of Node's `ServerResponse` that says what was sent. */
interface NodeResponse {
  readonly headersSent: boolean
  readonly statusCode: number
  readonly getHeader: (name: string) => unknown
}

const isNodeResponse = (response: unknown): response is NodeResponse =>
  Predicate.hasProperty(response, "getHeader") && typeof response.getHeader === "function" &&
  Predicate.hasProperty(response, "headersSent") && Predicate.hasProperty(response, "statusCode")

/** The part of Node's `IncomingMessage` that is read here; a web `Request` has nothing of it. */
interface NodeRequest {
  readonly httpVersionMajor?: unknown
  readonly socket?: { readonly bytesWritten?: unknown } | null
}

/** Bytes that a request's connection was given to send so far; of HTTP/1 alone, where it has one answer at a time. */
export const bytesWrittenFor = ({ httpVersionMajor, socket }: NodeRequest): number | undefined => {
  if (httpVersionMajor !== 1) return undefined
  const bytes = socket?.bytesWritten
  return typeof bytes === "number" ? bytes : undefined
}

/**
 * What of the answer had gone out as the fiber that answers a request was interrupted; `undefined` where nothing had, or nobody knows.
 *
 * **Details**
 *
 * A client that asked for `Connection: close` goes away as soon as it has all bytes it was promised, which may be before the server has
 * seen the end of the file it sends: Effect takes that for an abort.
 *
 * @param before what {@link bytesWrittenFor} said as the request came
 */
export const sentResponse = (
  source: object,
  before: number | undefined
): { readonly status: number; readonly isComplete: boolean } | undefined => {
  const fiber = Fiber.getCurrent()
  const request = fiber === undefined ? undefined : Context.getOrUndefined(fiber.context, ServerRequest)
  const response: unknown = request !== undefined && "response" in request ? request.response : undefined
  if (!isNodeResponse(response) || !response.headersSent) return undefined
  const promised = Number(response.getHeader("content-length") ?? NaN)
  const after = bytesWrittenFor(source)
  // Headers go out with the first bytes of the body, and count as well.
  const isComplete = before !== undefined && after !== undefined && after - before > promised
  return { status: response.statusCode, isComplete }
}
