import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace-base"
import { Console, Data, Effect, Layer, Logger, Redacted, Schedule } from "effect"
import { Trace, Tracing, Work } from "effect-tracing"
import { ConsoleExporter } from "effect-tracing/export"
import { noAttributes } from "effect-tracing/model"
import type { Redactor } from "effect-tracing/privacy"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import { SqlClient } from "effect/sql"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { formatWithOptions, inspect } from "node:util"
import { postgres } from "../sql/database.ts"
import { makeOtlpReceiver } from "../support/OtlpReceiver.ts"
import { harmless } from "./harmless.ts"
import { kinds, seeded } from "./secrets.ts"

class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

/** OpenTelemetry's view of every span, as a processor of the user's sees it. */
const makeProcessor = (): SpanProcessor & { readonly seen: Array<string> } => {
  const seen: Array<string> = []
  return {
    seen,
    onStart: () => {},
    onEnd: (span: ReadableSpan) => {
      const { attributes, events, links, name, resource, status } = span
      seen.push(JSON.stringify([name, attributes, events, links, status, resource.attributes]))
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve()
  }
}

/** All of Effect's loggers, and what they print. */
const makeLoggers = () => {
  const printed: Array<string> = []
  const print = (...parts: ReadonlyArray<unknown>) => void printed.push(formatWithOptions({ depth: 10 }, ...parts))
  const collect = (logger: Logger.Logger<unknown, unknown>) => Logger.map(logger, (line) => print(line))
  const output: Console.Console = Object.assign(Object.create(console), {
    log: print,
    error: print,
    group: () => {},
    groupCollapsed: print,
    groupEnd: () => {}
  })
  const layer = Layer.mergeAll(
    Logger.layer([
      Logger.tracerLogger,
      Logger.defaultLogger,
      Logger.consolePretty({ mode: "tty", colors: false }),
      Logger.consolePretty({ mode: "browser", colors: false }),
      collect(Logger.formatJson),
      collect(Logger.formatStructured),
      collect(Logger.formatLogFmt),
      collect(Logger.formatSimple)
    ]),
    Layer.succeed(Console.Console, output)
  )
  return { printed, layer }
}

/** Places of a program that a secret gets into. */
const leak = (text: string, secret: string, sql: SqlClient.SqlClient, url: string) =>
  Effect.gen(function*() {
    const held = Redacted.make(secret)
    yield* Effect.annotateCurrentSpan({ note: text, list: ["a", text], nested: { deep: text }, held, password: secret })
    yield* Trace.event("attempt", { detail: text })
    yield* Effect.log(`calling with ${text}`, { body: text })
    yield* Effect.logError("failed", new Error(text))
    yield* Effect.fail(new Failed({ message: text })).pipe(Effect.withSpan("fails"), Effect.ignore)
    yield* Effect.die(new Error("outer", { cause: new Error(text) })).pipe(
      Effect.withSpan("dies"),
      Effect.sandbox,
      Effect.ignore
    )
    yield* Effect.void.pipe(Work.item("item", { links: [], attributes: { note: text } }))
    const query = `${url}?q=1&token=${encodeURIComponent(secret)}`
    yield* HttpClientRequest.get(query).pipe(
      HttpClientRequest.setHeaders({
        authorization: `Bearer ${encodeURIComponent(secret)}`,
        "x-api-key": encodeURIComponent(secret)
      }),
      HttpClient.execute,
      Effect.ignore
    )
    yield* Effect.void.pipe(Effect.withSpan(`GET ${query}`))
    yield* sql.unsafe(`SELECT '${secret.replaceAll("'", "''")}' AS secret`).pipe(Effect.ignore)
    yield* sql.unsafe(`SELEC password='${secret.replaceAll("'", "''")}'`).pipe(Effect.ignore)
    yield* sql`SELECT ${secret}::text AS secret`.pipe(Effect.ignore)
  }).pipe(
    Effect.annotateLogs("note", text),
    Effect.withSpan("work"),
    Trace.withBaggage({ note: text.slice(0, 1000), token: secret })
  )

/** A server that keeps the baggage it is sent. */
const served = (baggage: Array<string>) =>
  HttpRouter.serve(
    HttpRouter.add("GET", "/", (request) => {
      baggage.push(`${request.headers["baggage"]}`)
      return Effect.succeed(HttpServerResponse.text("ok"))
    }),
    { disableLogger: true, disableListenLog: true }
  ).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer(), { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
    ),
    Layer.orDie
  )

/** Each text as an attribute of the resource. */
const asResource = (texts: ReadonlyArray<string>): string =>
  texts.map((text, i) => `note.${i}=${encodeURIComponent(text)}`).join(",")

const token = "x1Y".repeat(8)

/** What becomes of a few attributes under rules of the environment. */
const attributesUnder = (env: Record<string, string>, privacy?: Redactor.Rules) =>
  Effect.gen(function*() {
    yield* Effect.void.pipe(
      Effect.withSpan("span", {
        attributes: {
          customerId: 7,
          "x-tenant-id": "a",
          session: "visit-12345678",
          api_key: token,
          mail: "a@b.example"
        }
      })
    )
    const { attributes } = yield* (yield* RecordedSpans).named("span")
    return attributes.toRecord()
  }).pipe(Effect.provide(TestTracing.layer({ env, privacy })))

describe("the rules of privacy in the environment", () => {
  it.effect("add keys, also with stars, and except keys and kinds, beside the rules made of code", () =>
    Effect.gen(function*() {
      const env = {
        TRACING_REDACT_KEYS: "customer_id,x-tenant-*",
        TRACING_REDACT_EXCEPT_KEYS: "api_key",
        TRACING_REDACT_EXCEPT_KINDS: "session",
        TRACING_REDACT_EMAIL: "true"
      }
      const expected = {
        customerId: "[redacted:key]",
        "x-tenant-id": "[redacted:key]",
        session: "visit-12345678",
        api_key: token,
        mail: "[redacted:email]"
      }
      assert.deepStrictEqual(yield* attributesUnder(env), expected)
      assert.deepStrictEqual(
        yield* attributesUnder(env, { keys: ["mail"], exceptKeys: ["x-tenant-id"], exceptKinds: ["password"] }),
        { ...expected, "x-tenant-id": "a", mail: "[redacted:key]" }
      )
      assert.deepStrictEqual(yield* attributesUnder({}), {
        customerId: 7,
        "x-tenant-id": "a",
        session: "[redacted:session]",
        api_key: "[redacted:api_key]",
        mail: "a@b.example"
      })
    }))

  it.effect("fail the layer where they name a kind that there is not", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(attributesUnder({ TRACING_REDACT_EXCEPT_KINDS: "card,sesion" }))
      assert.include(
        String(exit),
        "TRACING_REDACT_EXCEPT_KINDS: there is no kind sesion; expected some of ai_key, api_key,"
      )
    }))

  it.effect("fail the layer where they are regular expressions", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(attributesUnder({ TRACING_REDACT_KEYS: "/^(a+)+$/" }))
      assert.include(String(exit), "TRACING_REDACT_KEYS")
      assert.include(String(exit), "where * is any characters")
    }))
})

describe("a running program", () => {
  it.live(
    "lets none of 200 secrets out by OTLP, console, JSON lines, a file, logs, baggage, the resource or a processor of OpenTelemetry",
    () =>
      Effect.gen(function*() {
        const random = seeded(4711)
        const names = Object.keys(kinds)
        const secrets = Array.from({ length: 200 }, (_, i) => {
          const kind = names[i % names.length]!
          return { kind, ...kinds[kind]!(random) }
        })
        const receiver = yield* makeOtlpReceiver()
        const written: { readonly json: Array<string>; readonly waterfall: Array<string> } = { json: [], waterfall: [] }
        const consoles = yield* Effect.forEach(["json", "waterfall"] as const, (format) =>
          ConsoleExporter.make({
            format,
            resource: { attributes: noAttributes, schemaUrl: undefined },
            stream: { write: (text: string) => written[format].push(text) },
            width: 4000
          }))
        const processor = makeProcessor()
        const { layer: loggers, printed } = makeLoggers()
        const baggage: Array<string> = []
        const folder = yield* Effect.acquireRelease(
          Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-tracing-secrets-"))),
          (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
        )
        const file = join(folder, "traces.jsonl")
        yield* Effect.gen(function*() {
          const sql = yield* SqlClient.SqlClient
          const { address } = yield* HttpServer.HttpServer
          const url = `http://127.0.0.1:${"port" in address ? address.port : 0}/`
          for (const { secret, text } of secrets) yield* leak(text, secret, sql, url)
          const { all } = yield* RecordedSpans
          const recorded = yield* all.pipe(
            Effect.repeat({
              schedule: Schedule.spaced("20 millis"),
              until: (spans) => spans.filter(({ kind }) => kind === "server").length >= 200,
              times: 200
            })
          )
          yield* Effect.flatMap(Tracing, (tracing) => tracing.flush)
          const counts = yield* Effect.flatMap(Tracing, (tracing) => tracing.redactions)
          assert.isAbove(Object.values(counts).reduce((sum, count) => sum + count, 0), 2000)
          const places: ReadonlyArray<readonly [place: string, text: string]> = [
            ["otlp", JSON.stringify(receiver.requests.map(({ body }) => body))],
            ["JSON lines", written.json.join("\n")],
            ["console", written.waterfall.join("\n")],
            ["processor", processor.seen.join("\n")],
            ["file", readFileSync(file, "utf8")],
            ["logs", printed.join("\n")],
            ["baggage", `${baggage.join("\n")}\n${decodeURIComponent(baggage.join("\n"))}`],
            [
              "recorded",
              inspect(
                recorded.map(({ attributes, events, name, statusMessage }) => [
                  name,
                  attributes.toRecord(),
                  events.map((event) => [event.name, event.attributes?.toRecord()]),
                  statusMessage
                ]),
                { depth: 10, maxArrayLength: null, maxStringLength: null }
              )
            ]
          ]
          const leaks = places.flatMap(([place, text]) => {
            assert.isAbove(text.length, place === "baggage" ? 10_000 : 100_000, place)
            return secrets
              .filter(({ secret }) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)))
              .map(({ kind, secret }) => {
                const at = text.indexOf(secret)
                return `${place}: ${kind}: ${text.slice(Math.max(0, at - 80), at + 40)}`
              })
          })
          assert.deepStrictEqual(leaks.slice(0, 10), [])
        }).pipe(
          Effect.provide(
            Layer.mergeAll(loggers, served(baggage), postgres, FetchHttpClient.layer).pipe(
              Layer.provideMerge(TestTracing.layer({
                env: {
                  TRACING_OTLP_ENDPOINT: receiver.url,
                  TRACING_EXPORT_TO_FILE: file,
                  OTEL_RESOURCE_ATTRIBUTES: asResource(secrets.map(({ text }) => text))
                },
                exporters: consoles,
                spanProcessors: [processor]
              }))
            )
          )
        )
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "leaves 500 harmless values as they are in attributes, events, logs and the resource",
    () =>
      Effect.gen(function*() {
        const receiver = yield* makeOtlpReceiver()
        const { layer: loggers, printed } = makeLoggers()
        yield* Effect.gen(function*() {
          for (const text of harmless) {
            yield* Trace.event("seen", { text }).pipe(
              Effect.andThen(Effect.log(text)),
              Effect.withSpan("harmless", { attributes: { text } })
            )
          }
          const spans = yield* (yield* RecordedSpans).all
          const texts = harmless.slice()
          assert.deepStrictEqual(spans.map(({ attributes }) => attributes.get("text")), texts)
          assert.deepStrictEqual(spans.map(({ events }) => events[0]?.attributes?.get("text")), texts)
          assert.deepStrictEqual(
            spans.map(({ events }) => events[1]?.attributes?.get("log.message")),
            harmless.map((text) => text.slice(0, 1024))
          )
          const { redactions } = yield* Tracing
          assert.deepStrictEqual(yield* redactions, {})
          const lines = printed.filter((line) => line.startsWith("{\"message\"")).map((line): unknown =>
            JSON.parse(line).message
          )
          assert.deepStrictEqual(lines, texts)
          const { resource } = receiver.requests[0]!.body.resourceSpans[0]!
          const notes = resource?.attributes.filter(({ key }) => key.startsWith("note."))
          assert.deepStrictEqual(notes?.map(({ value }) => value.stringValue), texts)
        }).pipe(Effect.provide(Layer.provideMerge(
          loggers,
          TestTracing.layer({
            env: { TRACING_OTLP_ENDPOINT: receiver.url, OTEL_RESOURCE_ATTRIBUTES: asResource(harmless) }
          })
        )))
      }).pipe(Effect.scoped),
    60_000
  )

  it.effect("redacts names of spans, a `Redacted`, resource attributes and what rules of its own say, and leaves what they except", () =>
    Effect.gen(function*() {
      const token = "x1Y".repeat(8)
      yield* Trace.event(`got token=${token}`).pipe(
        Effect.withSpan(`GET https://api.example/a?access_token=${token}`, {
          attributes: {
            held: Redacted.make(token),
            customer_id: 7,
            order: "ORD-1234",
            session: "visit-12345678",
            api_key: token
          }
        })
      )
      const [span] = yield* (yield* RecordedSpans).all
      assert.isDefined(span)
      assert.strictEqual(span.name, "GET https://api.example/a?access_token=[redacted:token]")
      assert.strictEqual(span.events[0]?.name, "got token=[redacted:token]")
      assert.deepStrictEqual(span.attributes.toRecord(), {
        held: "<redacted>",
        customer_id: "[redacted:key]",
        order: "[redacted:order]",
        session: "visit-12345678",
        api_key: "[redacted:api_key]"
      })
      const { redactions } = yield* Tracing
      assert.deepStrictEqual(yield* redactions, { token: 3, key: 1, order: 1, api_key: 1 })
    }).pipe(Effect.provide(TestTracing.layer({
      env: { OTEL_RESOURCE_ATTRIBUTES: `deploy.token=${"x1Y".repeat(8)}` },
      privacy: {
        keys: ["customer_id"],
        patterns: [{ kind: "order", pattern: /ORD-\d+/ }],
        exceptKinds: ["session"]
      }
    }))))
})
