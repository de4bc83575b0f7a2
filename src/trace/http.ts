import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import { LiveSpan } from "../tracer/index.ts"

/**
 * What is known of a request.
 *
 * @category models
 * @since 0.1.0
 */
export interface HttpOptions<A> {
  /** Attribute `http.request.method`; default `GET`. */
  readonly method?: string | undefined
  /** The whole URL. Attribute `url.full`, redacted; gives `server.address` and `server.port`. */
  readonly url: string | URL
  /** The URL with placeholders, `/posts/{id}`: attribute `url.template`, and part of the span's name. */
  readonly template?: string | undefined
  /** Reads the status code from the result. Attribute `http.response.status_code`; from 400 on the span is an error. */
  readonly status?: ((result: A) => number) | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

const portOf = ({ port, protocol }: URL): number => port === "" ? protocol === "https:" ? 443 : 80 : Number(port)

const tellStatus = (code: number): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const { span } = fiber.cache
    if (span?._tag !== "Span") return Effect.void
    span.attribute("http.response.status_code", code)
    if (code >= 400 && span instanceof LiveSpan) {
      span.attribute("error.type", String(code))
      span.setStatus("error")
    }
    return Effect.void
  })

/**
 * Makes an effect one HTTP request: a client span named `GET`, with the attributes of the conventions. The request carries trace headers
 * to hosts of one's own.
 *
 * **When to use**
 *
 * For clients other than those of `effect/http`, whose requests are spans by themselves.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Trace } from "effect-tracing"
 *
 * export const fetchPage = (url: string) =>
 *   Effect.tryPromise((signal) => fetch(url, { signal })).pipe(
 *     Trace.http({ url, status: (response: Response) => response.status })
 *   )
 * ```
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 *
 * @category combinators
 * @since 0.1.0
 */
export const http = <A>(options: HttpOptions<A>) =>
<B extends A, E, R>(
  self: Effect.Effect<B, E, R>
): Effect.Effect<B, E, Exclude<R, Tracer.ParentSpan>> => {
  const { attributes, method = "GET", status, template } = options
  const url = URL.parse(String(options.url))
  return Effect.withSpan(
    status === undefined ? self : Effect.tap(self, (result) => tellStatus(status(result))),
    method,
    {
      kind: "client",
      attributes: {
        "http.request.method": method,
        "url.full": String(options.url),
        "url.template": template,
        "server.address": url?.hostname,
        "server.port": url === null ? undefined : portOf(url),
        ...attributes
      },
      captureStackTrace: false
    }
  )
}
