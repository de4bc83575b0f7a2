import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schedule } from "effect"
import type { EndedSpan } from "effect-tracing/model"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { blog, port } from "./blog.ts"

const headersOf = (span: EndedSpan | undefined): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(span?.attributes.toRecord() ?? {}).filter(([key]) => key.includes(".header.")))

const visited = (env: Record<string, string>) =>
  Effect.gen(function*() {
    yield* HttpClient.execute(
      HttpClientRequest.get(`http://127.0.0.1:${yield* port}/posts/7`).pipe(
        HttpClientRequest.setHeaders({ "x-tenant": "a", "authorization": "Bearer abcdefghijklmnop" })
      )
    )
    const { all } = yield* RecordedSpans
    const spans = yield* all.pipe(
      Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: (spans) => spans.length > 1, times: 400 })
    )
    return {
      client: headersOf(spans.find(({ kind }) => kind === "client")),
      server: headersOf(spans.find(({ kind }) => kind === "server"))
    }
  }).pipe(
    Effect.provide(
      blog.pipe(Layer.provideMerge(FetchHttpClient.layer), Layer.provideMerge(TestTracing.layer({ env })))
    )
  )

const prefix = "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_"

describe("captured headers", () => {
  it.live("are none unasked", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* visited({}), { client: {}, server: {} })
    }))

  it.live("are those each list names, in any case, as lists", () =>
    Effect.gen(function*() {
      const found = yield* visited({
        [`${prefix}SERVER_REQUEST`]: "X-Tenant",
        [`${prefix}SERVER_RESPONSE`]: "x-blog",
        [`${prefix}CLIENT_REQUEST`]: "x-tenant,x-absent",
        [`${prefix}CLIENT_RESPONSE`]: "X-Blog"
      })
      const expected = { "http.request.header.x-tenant": ["a"], "http.response.header.x-blog": ["yes"] }
      assert.deepStrictEqual(found, { client: expected, server: expected })
    }))

  it.live("keep secrets even if asked for", () =>
    Effect.gen(function*() {
      const found = yield* visited({ [`${prefix}SERVER_REQUEST`]: "authorization" })
      assert.notInclude(JSON.stringify(found), "abcdefghijklmnop")
      assert.property(found.server, "http.request.header.authorization")
    }))
})
