import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Schedule } from "effect"
import { Trace, Work } from "effect-tracing"
import { Conventions } from "effect-tracing/conventions"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient, HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import { SqlClient } from "effect/sql"
import { createServer } from "node:http"
import { postgres } from "../sql/database.ts"

const routes = Layer.mergeAll(
  HttpRouter.add(
    "GET",
    "/users/:id",
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql.withTransaction(sql`SELECT ${1}::int AS id`)
      return HttpServerResponse.text("ok")
    }).pipe(Effect.orDie)
  ),
  HttpRouter.add(
    "GET",
    "/broken",
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT * FROM nowhere`).pipe(
      Effect.as(HttpServerResponse.empty())
    )
  ),
  HttpRouter.add("GET", "/dies", Effect.die("it died")),
  HttpRouter.add("GET", "/unavailable", Effect.succeed(HttpServerResponse.empty({ status: 503 })))
)

const served = HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
  Layer.provideMerge(
    NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
  ),
  Layer.provideMerge(postgres),
  Layer.orDie
)

describe("every span of a program with server, client and database", () => {
  it.live("is as the conventions ask", () =>
    Effect.gen(function*() {
      const { address } = yield* HttpServer.HttpServer
      const url = `http://127.0.0.1:${"port" in address ? address.port : 0}`
      const paths = ["/users/7?page=2", "/broken", "/dies", "/unavailable", "/nowhere"]
      yield* Effect.forEach(paths, (path) => HttpClient.get(url + path).pipe(Work.item("visit")), { concurrency: 2 })
        .pipe(
          Effect.andThen(
            HttpClient.get("http://127.0.0.1:1/").pipe(
              Effect.retry(Trace.retrying(Schedule.recurs(1))),
              Effect.ignore
            )
          ),
          Effect.andThen(Effect.log("done")),
          Trace.database({ system: "mongodb", collection: "users", operation: "findOne" }),
          Effect.andThen(
            Effect.succeedNone.pipe(Trace.cache({ system: "redis", operation: "get", key: "a", hit: Option.isSome }))
          ),
          Effect.withSpan("run")
        )
      const spans = yield* (yield* RecordedSpans).all.pipe(
        Effect.repeat({
          schedule: Schedule.spaced("20 millis"),
          until: (spans) => spans.filter(({ kind }) => kind === "server").length >= paths.length,
          times: 200
        })
      )
      assert.isAtLeast(spans.length, 20)
      assert.deepStrictEqual(Conventions.check(spans), [])
    }).pipe(
      Effect.provide(Layer.mergeAll(served, FetchHttpClient.layer).pipe(Layer.provideMerge(TestTracing.layer())))
    ))
})
