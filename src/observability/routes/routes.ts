import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Layer from "effect/Layer"
import type { Observability } from "../Observability.ts"
import type { ComponentStatuses } from "../schemas.ts"
import type { Access } from "./access.ts"
import { refuse } from "./access.ts"
import { page } from "./page.ts"
import { UntracedPaths } from "./UntracedPaths.ts"

/**
 * How the routes are mounted, and who may see the details.
 *
 * @category models
 * @since 0.1.0
 */
export interface RoutesOptions {
  /** Path before all of them, such as `/internal`. Default none. */
  readonly prefix?: `/${string}` | undefined
  /** Who may see more than `/healthz` and `/readyz`. Default `loopback`. */
  readonly access?: Access | undefined
  /** `/readyz` says 503 once a part of tracing is degraded or down for longer. Default: tracing alone never makes a service unready. */
  readonly unreadyAfter?: Duration.Input | undefined
}

const headers = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  "x-content-type-options": "nosniff",
  "vary": "accept"
}

const json = (value: unknown, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(`${JSON.stringify(value, null, 2)}\n`, { status, contentType: "application/json", headers })

/** What a media type is worth to the client; what it does not name is worth what its wildcards are. */
const quality = (accept: string, type: string): number => {
  const [group] = type.split("/")
  const ranges = accept.toLowerCase().split(",").map((range) => {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim())
    const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2)
    return { name, q: q === undefined ? 1 : Number(q) || 0 }
  })
  const find = (name: string) => ranges.find((range) => range.name === name)?.q
  return find(type) ?? find(`${group}/*`) ?? find("*/*") ?? 0
}

/** Programs that take anything get JSON. */
const prefersHtml = ({ headers }: HttpServerRequest): boolean => {
  const accept = headers["accept"] ?? "*/*"
  return quality(accept, "text/html") > quality(accept, "application/json")
}

const isUnready = (components: ComponentStatuses, now: number, patience: Duration.Duration): boolean =>
  Object.values(components).some(({ since, status }) =>
    (status === "degraded" || status === "down") && now - Date.parse(since) > Duration.toMillis(patience)
  )

const details = ["overview", "components", "tracing"] as const

/**
 * Makes the layer that adds the routes to a router.
 */
export const makeRoutes = (
  service: typeof Observability,
  options: RoutesOptions
): Layer.Layer<never, never, HttpRouter.HttpRouter | Observability> => {
  const access = options.access ?? "loopback"
  const prefix = options.prefix?.replace(/\/+$/, "") ?? ""
  const links = details.map((name) => [name, `${prefix}/observability/${name}`] as const)
  return HttpRouter.use(Effect.fnUntraced(function*(router) {
    const observability = yield* service
    const untraced = yield* UntracedPaths.Current

    const add = (
      path: `/${string}`,
      answer: (request: HttpServerRequest) => Effect.Effect<HttpServerResponse.HttpServerResponse>
    ) => {
      untraced.add(prefix + path)
      return router.add("GET", `/${(prefix + path).slice(1)}`, answer)
    }
    const guarded = (
      path: `/${string}`,
      answer: (request: HttpServerRequest) => Effect.Effect<HttpServerResponse.HttpServerResponse>
    ) =>
      add(path, (request) => {
        const refused = refuse(access, request)
        return refused === undefined ? answer(request) : Effect.succeed(refused)
      })
    const values: Readonly<Record<typeof details[number], Effect.Effect<Readonly<Record<string, unknown>>>>> = {
      overview: observability.systemOverview,
      components: observability.componentStatus,
      tracing: observability.tracingStatus
    }
    for (const name of details) {
      yield* guarded(`/observability/${name}`, (request) =>
        Effect.map(values[name], (value) =>
          prefersHtml(request)
            ? HttpServerResponse.text(page(name, links, value), { contentType: "text/html; charset=utf-8", headers })
            : json(value)))
    }
    yield* guarded("/metrics", (request) => {
      const isOpen = (request.headers["accept"] ?? "").includes("application/openmetrics-text")
      return Effect.map(
        observability.metricsText(isOpen ? "openmetrics" : "prometheus"),
        (text) =>
          HttpServerResponse.text(text, {
            contentType: isOpen
              ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
              : "text/plain; version=0.0.4; charset=utf-8",
            headers
          })
      )
    })
    yield* add("/healthz", () => Effect.succeed(json({ status: "alive" })))
    yield* add("/readyz", () => {
      const { unreadyAfter } = options
      if (unreadyAfter === undefined) return Effect.succeed(json({ status: "ready" }))
      const patience = Duration.fromInputUnsafe(unreadyAfter)
      return Effect.gen(function*() {
        const unready = isUnready(yield* observability.componentStatus, yield* Clock.currentTimeMillis, patience)
        return unready ? json({ status: "unready" }, 503) : json({ status: "ready" })
      })
    })
  }))
}
