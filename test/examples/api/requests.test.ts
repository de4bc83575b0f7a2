import { assert, describe, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import type { Child } from "../child.ts"
import { start } from "./child.ts"
import { ask, decodeJob, jobThat, post, ready } from "./client.ts"

/** A service without workers: what is submitted waits. */
class Service
  extends Context.Service<Service, { readonly child: Child; readonly url: string; readonly databaseUrl: string }>()(
    "test/examples/api/Service"
  )
{
  static readonly layer = Layer.effect(
    Service,
    Effect.gen(function*() {
      const child = yield* start(["--workers", "0"])
      return { child, ...(yield* ready(child)) }
    })
  )
}

const fieldsOf = (json: unknown): ReadonlyArray<string> =>
  (json as { readonly errors: ReadonlyArray<{ readonly path: ReadonlyArray<string> }> }).errors
    .map(({ path }) => path.join("."))

/** A port nobody listens on. */
const closedPort: Effect.Effect<number> = Effect.callback((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resume(Effect.succeed(port)))
  })
})

layer(Service.layer, { timeout: 60_000, excludeTestServices: true })((it) => {
  describe("the scraper API", () => {
    it.effect("answers 400 with every field that is wrong", () =>
      Effect.gen(function*() {
        const { url } = yield* Service
        const wrong = yield* post(`${url}/jobs`, `{"url":"ftp://blog","limit":0,"priority":"urgent","speed":9}`)
        assert.strictEqual(wrong.status, 400)
        assert.match(wrong.headers.get("content-type") ?? "", /^application\/problem\+json/u)
        assert.sameMembers([...fieldsOf(wrong.json)], [
          "payload.url",
          "payload.limit",
          "payload.priority",
          "payload.speed"
        ])
        assert.isString(wrong.headers.get("x-correlation-id"))
        assert.deepStrictEqual(fieldsOf((yield* post(`${url}/jobs`, `{"url":`)).json), ["payload"])
        assert.deepStrictEqual(fieldsOf((yield* ask(`${url}/jobs/x`)).json), ["params.id"])
        assert.deepStrictEqual(fieldsOf((yield* ask(`${url}/jobs?state=lost`)).json), ["query.state"])
      }))

    it.effect("answers 404 for a job that is not there", () =>
      Effect.gen(function*() {
        const { url } = yield* Service
        for (const answer of [yield* ask(`${url}/jobs/999`), yield* post(`${url}/jobs/999/cancel`, "")]) {
          assert.strictEqual(answer.status, 404)
          assert.deepInclude(answer.json, { id: 999, title: "There is no such job." })
        }
      }))

    it.effect("lists jobs by state and by page, and cancels one that waits, once", () =>
      Effect.gen(function*() {
        const { url } = yield* Service
        const ids: Array<number> = []
        for (const name of ["one", "two", "three"]) {
          const { json } = yield* post(`${url}/jobs`, `{"url":"https://${name}.example/"}`)
          ids.push(decodeJob(json).id)
        }
        const [one, two, three] = ids
        const list = (query: string) =>
          Effect.map(ask(`${url}/jobs?${query}`), ({ json }) =>
            (json as ReadonlyArray<unknown>).map((job) => decodeJob(job).id))
        assert.deepStrictEqual(yield* list("limit=2"), [three, two])
        assert.deepStrictEqual(yield* list(`limit=2&before=${two}`), [one])

        const cancelled = yield* post(`${url}/jobs/${two}/cancel`, "")
        assert.strictEqual(cancelled.status, 202)
        assert.deepInclude(cancelled.json, { state: "cancelled", cancelRequested: true })
        assert.deepStrictEqual(yield* list("state=cancelled"), [two])
        const again = yield* post(`${url}/jobs/${two}/cancel`, "")
        assert.strictEqual(again.status, 409)
        assert.deepInclude(again.json, { id: two, state: "cancelled", title: "The job has ended already." })
      }))

    it.effect("is documented, and tells how it fares", () =>
      Effect.gen(function*() {
        const { url } = yield* Service
        const openApi = yield* ask(`${url}/openapi.json`)
        assert.sameMembers(Object.keys((openApi.json as { readonly paths: object }).paths), [
          "/jobs",
          "/jobs/{id}",
          "/jobs/{id}/cancel"
        ])
        assert.match((yield* ask(`${url}/docs`)).text, /swagger-ui/u)
        for (
          const path of [
            "healthz",
            "readyz",
            "metrics",
            ...["overview", "components", "tracing"].map((name) => `observability/${name}`)
          ]
        ) {
          assert.strictEqual((yield* ask(`${url}/${path}`)).status, 200, path)
        }
      }))

    it.effect(
      "has workers in other processes, which take jobs by priority and give up after the last attempt",
      () =>
        Effect.gen(function*() {
          const { databaseUrl, url } = yield* Service
          const port = yield* closedPort
          const submit = (priority: string) =>
            Effect.map(
              post(
                `${url}/jobs`,
                `{"url":"http://127.0.0.1:${port}/${priority}","priority":"${priority}","maxAttempts":1}`
              ),
              ({ json }) => decodeJob(json).id
            )
          const low = yield* submit("low")
          const high = yield* submit("high")
          const worker = yield* start(["worker", "--database-url", databaseUrl])
          const first = yield* jobThat(`${url}/jobs/${high}`, ({ endedAt }) => endedAt !== null)
          assert.strictEqual(first.state, "failed")
          assert.match(first.error ?? "", /Cannot reach http:\/\/127\.0\.0\.1:\d+\/high\/: nothing listens there/u)
          assert.deepStrictEqual(first.attempts.map(({ outcome }) => outcome), ["failed"])
          assert.strictEqual(decodeJob((yield* ask(`${url}/jobs/${low}`)).json).endedAt, null)
          // Its trace is shown by the process that made the attempt.
          yield* worker.shows(new RegExp(`Job ${high}, attempt 1: failed[\\s\\S]+CannotRun: Cannot reach`, "u"))
          yield* worker.kill("SIGTERM")
          assert.strictEqual(yield* worker.exitCode, 0, worker.stderr())
        }).pipe(Effect.scoped),
      60_000
    )
  })
})
