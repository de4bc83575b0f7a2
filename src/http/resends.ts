import type * as Fiber from "effect/Fiber"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import { ErrorType } from "../conventions/index.ts"

/** A request that was sent before, and how often. */
export class Resend {
  readonly count: number
  private readonly request: HttpClientRequest

  constructor(count: number, request: HttpClientRequest) {
    this.count = count
    this.request = request
  }

  /** Whether a span with this method, host and path is about the same request. */
  isOf(method: unknown, address: unknown, path: unknown): boolean {
    if (this.request.method !== method) return false
    const url = URL.parse(this.request.url)
    return url !== null && url.hostname === address && url.pathname === path
  }
}

const requestOf = (value: object): HttpClientRequest | undefined =>
  Predicate.hasProperty(value, "request") && Predicate.hasProperty(value.request, "method") &&
    Predicate.hasProperty(value.request, "url") && typeof value.request.url === "string"
    ? value.request as HttpClientRequest
    : undefined

/**
 * Finds out whether the fiber is inside a retry, and of which request.
 *
 * **Details**
 *
 * A schedule tells the effect it runs again what the last attempt gave: an error of the HTTP client, or a response with an
 * error status. Both know their request. A response that was well received and is asked for again is polling and no
 * resend.
 */
export const resendOf = (fiber: Fiber.Fiber<unknown, unknown>): Resend | undefined => {
  const { attempt, input } = fiber.getRef(Schedule.CurrentMetadata)
  if (attempt === 0 || typeof input !== "object" || input === null) return undefined
  if (Predicate.hasProperty(input, "status") && typeof input.status === "number" && input.status < 400) return undefined
  for (const cause of ErrorType.causesOf(input)) {
    const request = requestOf(cause)
    if (request !== undefined) return new Resend(attempt, request)
  }
  return undefined
}
