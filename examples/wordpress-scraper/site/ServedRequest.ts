/**
 * Describes a request the site has answered.
 *
 * @category models
 * @since 0.1.0
 */
export interface ServedRequest {
  readonly method: string
  /** Path and query, as they were sent. */
  readonly path: string
  readonly status: number
  readonly traceparent: string | undefined
  /** When the request came, in milliseconds since 1970. */
  readonly at: number
}
