/**
 * The methods `http.request.method` may name: those of RFC 9110, PATCH (RFC 5789) and QUERY.
 *
 * Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ (`http.request.method`)
 *
 * @category http
 * @since 0.1.0
 */
export const knownMethods: ReadonlySet<string> = new Set([
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "QUERY",
  "TRACE"
])

/**
 * Gives the value of `http.request.method`: the method if it is known, else `_OTHER`.
 *
 * **Details**
 *
 * `known` replaces the list, as `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` does. Methods are compared as they are
 * written: HTTP tells `get` from `GET`.
 *
 * @category http
 * @since 0.1.0
 */
export const methodOf = (method: string, known: ReadonlySet<string> = knownMethods): string =>
  known.has(method) ? method : "_OTHER"

/**
 * Names a server span: `GET /users/:id`, or the method alone where no route is known; an unknown method is `HTTP`.
 *
 * @category http
 * @since 0.1.0
 */
export const spanName = (method: string, target: string | undefined): string => {
  const verb = method === "_OTHER" ? "HTTP" : method
  return target === undefined || target === "" ? verb : `${verb} ${target}`
}
