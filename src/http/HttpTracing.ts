import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { constTrue, identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"
import { LiveSpan } from "../tracer/index.ts"
import { ApiEndpoints } from "./ApiEndpoints.ts"
import { ClientTracerDisabledWhen } from "./effectKeys.ts"
import { memoOf } from "./ServerMemo.ts"

/**
 * Status codes that are no error: a list, or whoever knows.
 *
 * @category models
 * @since 0.1.0
 */
export type ExpectedStatuses = ReadonlyArray<number> | ((status: number) => boolean)

/**
 * How requests of a client are traced.
 *
 * @category models
 * @since 0.1.0
 */
export interface ClientTracing {
  /** Whether requests have spans; default true. */
  readonly enabled?: boolean | undefined
  /**
   * Name of the spans; default the method, and the attribute `url.template` behind it where `attributes` has one. A name
   * that depends on the request is given by Effect's `HttpClient.SpanNameGenerator`.
   */
  readonly name?: string | undefined
  /** Attributes of the spans. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** Status codes from 400 on that leave the status unset: a 404 of what may be missing. Default none. */
  readonly expectedStatuses?: ExpectedStatuses | undefined
  /**
   * Whether to tell of the bodies of responses; default false. `http.response.body.size` on the client's span where a
   * `Content-Length` says it, and an event `http.response.body` on the span around it once the body has arrived, with its
   * size, how long it took after the headers, and whether it is complete.
   */
  readonly responseBody?: boolean | undefined
}

/**
 * How requests to a route are traced.
 *
 * @category models
 * @since 0.1.0
 */
export interface RouteTracing {
  /**
   * Whether requests to it are traced; default true. Off, the server's span is taken back, with all that was or will be started
   * under it.
   */
  readonly enabled?: boolean | undefined
  /** Name of the server's span; default method and route. */
  readonly name?: string | undefined
  /** Attributes of the server's span. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** Status codes from 500 on that leave the status unset: a 503 of planned maintenance. Default none. */
  readonly expectedStatuses?: ExpectedStatuses | undefined
}

/** How requests are traced where nothing is said. */
export const noTracing: ClientTracing = {}

/** Whether the program expects a status code. */
export const isExpected = (expected: ExpectedStatuses | undefined, status: unknown): boolean =>
  expected !== undefined && typeof status === "number" &&
  (typeof expected === "function" ? expected(status) : expected.includes(status))

/**
 * Holds how requests of clients are traced where nothing else is said; set it with {@link client} or {@link layerClient}.
 *
 * @category references
 * @since 0.1.0
 */
export const ClientOptions: Context.Reference<ClientTracing> = Context.Reference<ClientTracing>(
  "effect-tracing/http/HttpTracing/ClientOptions",
  { defaultValue: () => noTracing }
)

const merge = (outer: ClientTracing, inner: ClientTracing): ClientTracing => ({
  ...outer,
  ...inner,
  attributes: { ...outer.attributes, ...inner.attributes }
})

/**
 * Says how the requests that an effect makes are traced. What is said inside wins over what is said around it; attributes
 * are put together.
 *
 * **When to use**
 *
 * Use on one request, or by `HttpClient.transform` on every request of one client.
 *
 * **Example**
 *
 * ```ts
 * import { HttpTracing } from "effect-tracing/http"
 * import { HttpClient } from "effect/http"
 *
 * export const lookUp = HttpClient.get("https://blog.example/posts/7").pipe(
 *   HttpTracing.client({ attributes: { "url.template": "/posts/{id}" }, expectedStatuses: [404] })
 * )
 *
 * export const quiet = HttpClient.transform(HttpTracing.client({ enabled: false }))
 * ```
 *
 * **Gotchas**
 *
 * A client without spans makes its requests as part of the span around them, and that is the span it tells the server of.
 *
 * @category combinators
 * @since 0.1.0
 */
export const client =
  (options: ClientTracing): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> => (effect) =>
    Effect.updateService(effect, ClientOptions, (outer) => merge(outer, options)).pipe(
      options.enabled === false ? Effect.provideService(ClientTracerDisabledWhen, constTrue) : identity
    )

/**
 * Says how the requests of a whole program are traced, or of the part it is provided to.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerClient = (options: ClientTracing): Layer.Layer<never> =>
  options.enabled === false
    ? Layer.merge(Layer.succeed(ClientOptions, options), Layer.succeed(ClientTracerDisabledWhen, constTrue))
    : Layer.succeed(ClientOptions, options)

/**
 * Says how requests to a route are traced: put it around the route's handler. Outside a traced request it does nothing.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { HttpTracing } from "effect-tracing/http"
 * import { HttpRouter, HttpServerResponse } from "effect/http"
 *
 * export const route = HttpRouter.add(
 *   "GET",
 *   "/posts/:id",
 *   Effect.succeed(HttpServerResponse.text("a post")).pipe(
 *     HttpTracing.route({ attributes: { "blog.section": "posts" } })
 *   )
 * )
 * ```
 *
 * **Gotchas**
 *
 * The span has begun by the time a route is found, so samplers do not see these attributes. A route that is off
 * (`enabled: false`) has its span taken back, and wins over whatever else would keep the trace: an error, `Trace.forceSample`, a
 * caller that is trusted and samples. The caller's own spans stay as they are; the answer still carries its ids; the ledger counts the
 * spans as sampled out. Of what ended before the handler began, in a middleware around it, spans may be exported already. Where the path
 * says enough, `TRACING_IGNORE_ROUTES` and Effect's `HttpMiddleware.TracerDisabledWhen` are cheaper: nothing begins.
 *
 * {@link layerApi} tells spans of the endpoints of an `HttpApi`. `effect/rpc` makes spans of its own inside the request's, named by the
 * procedure, with `rpc.system.name` and `rpc.method`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const route =
  (options: RouteTracing): <A, E, R>(handler: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> => (handler) =>
    Effect.withFiber((fiber) => {
      let span = Context.getOrUndefined(fiber.context, Tracer.ParentSpan)
      while (span !== undefined && span._tag === "Span") {
        const memo = memoOf(span)
        if (memo !== undefined) {
          if (options.enabled === false && span instanceof LiveSpan) span.discard()
          memo.route = { ...memo.route, ...options }
          for (const [key, value] of Object.entries(options.attributes ?? {})) span.attribute(key, value)
          break
        }
        span = span.parent._tag === "Some" ? span.parent.value : undefined
      }
      return handler
    })

/** The part of an `HttpApi` that is read here. */
interface Api {
  readonly groups: Readonly<
    Record<string, {
      readonly identifier: string
      readonly endpoints: Readonly<
        Record<string, { readonly identifier: string; readonly method: string; readonly path: string }>
      >
    }>
  >
}

/**
 * Has the server spans of an `HttpApi` say which endpoint they are about: `effect.http_api.group` and
 * `effect.http_api.endpoint`. Provide it to the layer that serves; several APIs of one server add up.
 *
 * **Details**
 *
 * The name stays `GET /posts/:id`, as the conventions have it, and needs no layer: an endpoint is a route like any other. At run time
 * Effect does not say which endpoint a route belongs to, so the definition is asked, by method and path.
 *
 * **Example**
 *
 * ```ts
 * import { Schema } from "effect"
 * import { HttpTracing } from "effect-tracing/http"
 * import { HttpApi, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
 *
 * const BlogApi = HttpApi.make("blog").add(
 *   HttpApiGroup.make("posts").add(
 *     HttpApiEndpoint.get("list", "/posts", { success: Schema.Array(Schema.String) })
 *   )
 * )
 *
 * export const EndpointNames = HttpTracing.layerApi(BlogApi)
 * ```
 *
 * **Gotchas**
 *
 * An API served below a prefix of the router's own (`HttpRouter.prefixed`) is not found; one with a prefix in its definition is.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerApi = (api: Api): Layer.Layer<never> =>
  Layer.effect(
    ApiEndpoints,
    Effect.map(ApiEndpoints, (outer) => {
      const endpoints = new Map(outer)
      for (const group of Object.values(api.groups)) {
        for (const { identifier, method, path } of Object.values(group.endpoints)) {
          endpoints.set(`${method} ${path}`, { group: group.identifier, endpoint: identifier })
        }
      }
      return endpoints
    })
  )
