import { Clock, Effect } from "effect"
import { HttpServerRequest } from "effect/http"
import type { HttpServerResponse } from "effect/http"
import { between } from "./chance.ts"
import type { Victim } from "./content/Content.ts"
import { generate } from "./content/generate.ts"
import type { Page } from "./html/pages.ts"
import * as Respond from "./respond.ts"
import { answer } from "./rest/api.ts"
import type { ServedRequest } from "./ServedRequest.ts"
import type { SiteOptions } from "./SiteOptions.ts"
import { presets } from "./troubles.ts"
import { restUrl } from "./World.ts"
import type { World } from "./World.ts"

type Response = HttpServerResponse.HttpServerResponse

/** The troubles that befall a post the first time it is asked for, in its REST route and on its page each. */
const onceEach: ReadonlyArray<Victim> = [
  "heals",
  "limited",
  "truncated",
  "byteOrderMark",
  "notice",
  "slow",
  "mislabelled"
]

/**
 * One running site: its content, and what has happened on it so far.
 */
export class Site {
  readonly served: Array<ServedRequest> = []
  readonly prefix: string
  readonly options: SiteOptions
  #world: World
  #count = 0
  #shifts = 0
  readonly #befallen = new Set<string>()

  constructor(options: SiteOptions, origin: string) {
    this.options = options
    const folder = (options.subdirectory ?? "").replaceAll(/^\/+|\/+$/g, "")
    this.prefix = folder === "" ? "" : `/${folder}`
    const base = `${origin}${this.prefix}`
    const seed = options.seed ?? 1
    const troubles = { ...presets[options.faults ?? "demo"], ...options.troubles }
    this.#world = {
      base,
      seed,
      permalinks: options.permalinks ?? "pretty",
      rest: options.rest ?? "open",
      troubles,
      content: generate({ seed, folder: this.prefix, troubles }),
      name: "Spoke &amp; Kettle",
      tagline: "A bicycle workshop, in writing"
    }
  }

  get world(): World {
    return this.#world
  }

  /** The trouble that befalls a post this time, if one does. */
  #trouble(surface: "rest" | "page", id: number): Victim | undefined {
    const { content, troubles } = this.#world
    const victim = onceEach.find((trouble) => troubles[trouble] && content.victims[trouble] === id)
    const key = `${surface} ${id}`
    if (victim === undefined || this.#befallen.has(key)) {
      return undefined
    }
    this.#befallen.add(key)
    return victim
  }

  /** Publishes a post which was not there before, up to three times. */
  #shift(): void {
    const newest = this.#world.content.posts.findLast((post) => post.type === "post" && post.status === "publish")
    if (newest === undefined || this.#shifts >= 3) {
      return
    }
    this.#shifts++
    const at = new Date(newest.at.getTime() + 86_400_000 * this.#shifts)
    const arrival = {
      ...newest,
      id: 90_000 + this.#shifts,
      slug: `breaking-news-${this.#shifts}`,
      title: `Breaking news, no. ${this.#shifts}`,
      featuredMedia: 0,
      at,
      modified: at
    }
    this.#world = {
      ...this.#world,
      content: { ...this.#world.content, posts: [...this.#world.content.posts, arrival] }
    }
  }

  /** Answers a route of the REST API, with whatever trouble is due. */
  rest(route: string, query: URLSearchParams): Effect.Effect<Response, never, HttpServerRequest.HttpServerRequest> {
    return Effect.suspend(() => {
      const count = ++this.#count
      const world = this.#world
      const restIndex = restUrl(world, "/")
      const found = answer(world, { route, query, count })
      const [, name, id] = /^\/wp\/v2\/(posts|pages)(?:\/(\d+))?$/.exec(route) ?? []
      if (world.troubles.shifting && name === "posts" && id === undefined && found.status === 200) {
        this.#shift()
      }
      const response = Respond.fromAnswer(found, { restIndex })
      if (id === undefined || world.rest !== "open") {
        return Effect.succeed(response)
      }
      switch (this.#trouble("rest", Number(id))) {
        case "heals":
          return Effect.succeed(Respond.fromAnswer(Respond.critical, { restIndex }))
        case "limited":
          return Effect.succeed(Respond.tooMany)
        case "truncated":
          return Respond.truncated(response)
        case "byteOrderMark":
          return Effect.succeed(Respond.fromAnswer(found, { restIndex, before: "\ufeff" }))
        case "notice":
          return Effect.succeed(Respond.fromAnswer(found, { restIndex, before: Respond.phpNotice }))
        case "mislabelled":
          return Effect.succeed(Respond.fromAnswer(found, { restIndex, contentType: "text/html; charset=UTF-8" }))
        case "slow":
          return Effect.succeed(Respond.dripping(response))
        default:
          return Effect.succeed(response)
      }
    })
  }

  /** Shows a page, with whatever trouble is due to the post it shows. */
  page(
    find: (world: World, count: number) => Page
  ): Effect.Effect<Response, never, HttpServerRequest.HttpServerRequest> {
    return Effect.suspend(() => {
      const page = find(this.#world, ++this.#count)
      const response = Respond.fromPage(page)
      switch (page.post === undefined || page.status !== 200 ? undefined : this.#trouble("page", page.post.id)) {
        case "heals":
          return Effect.succeed(Respond.criticalPage)
        case "limited":
          return Effect.succeed(Respond.tooMany)
        case "truncated":
          return Respond.truncated(response)
        case "slow":
          return Effect.succeed(Respond.dripping(response))
        default:
          return Effect.succeed(response)
      }
    })
  }

  /** Takes the time an answer takes, and notes the request with what was answered. */
  around<E, R>(
    app: Effect.Effect<Response, E, R>
  ): Effect.Effect<Response, E, R | HttpServerRequest.HttpServerRequest> {
    return Effect.gen({ self: this }, function*() {
      const request = yield* HttpServerRequest.HttpServerRequest
      const at = yield* Clock.currentTimeMillis
      const [low, high] = this.options.latencyMillis ?? [5, 40]
      if (this.#world.troubles.latency) {
        yield* Effect.sleep(between(low, high, this.#world.seed, "latency", request.method, request.url))
      }
      const response = yield* app
      this.served.push({
        method: request.method,
        path: request.url,
        status: response.status,
        traceparent: request.headers["traceparent"],
        at
      })
      return response
    })
  }
}
